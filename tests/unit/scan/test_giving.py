"""What functions of Python's own library give out of what they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import scan_of, unit

HEAD = (
    "import heapq\nimport itertools\nimport operator\nimport random\nimport secrets\n"
    "from functools import reduce\n"
    "class A:\n def go(self): pass\nclass B:\n def go(self): pass\n"
    "x = [A()]\ny = [[A()]]\n"
)
GIVING = """
[a.go() for a in itertools.chain.from_iterable(y)]
[a.go() for a in itertools.chain(*y)]
[a.go() for a in itertools.islice(x, 2)]
[a.go() for a in itertools.cycle(x)]
[a.go() for a in itertools.repeat(x[0])]
[b.go() for a in itertools.tee(x) for b in a]
[a.go() for a, _ in itertools.zip_longest(x, [B()])]
[a.go() for a, _ in itertools.product(x, [B()])]
[a.go() for a, _ in itertools.combinations(x, 2)]
[a[0].go() for a in itertools.permutations(x)]
[b.go() for _, b in itertools.pairwise(x)]
[a.go() for a in itertools.filterfalse(lambda t: B(), x)]
[a.go() for a in itertools.takewhile(lambda t: B(), x)]
[a.go() for a in itertools.compress(x, [B()])]
[b.go() for _, group in itertools.groupby(x) for b in group]
[a.go() for a, _ in itertools.groupby(x)]
[b.go() for _, group in itertools.groupby(x, key=id) for b in group]
random.choice(x).go()
secrets.choice(x).go()
random.sample(x, 1)[0].go()
heapq.nlargest(1, x)[0].go()
heapq.nsmallest(1, x, key=id)[0].go()
operator.itemgetter(0)(x).go()
list(map(operator.itemgetter(0), y))[0].go()
reduce(lambda p, q: q, x).go()
reduce(lambda p, q: p, x, A()).go()
reduce(lambda p, q: q.go(), x)
dict.fromkeys(['a'], x[0])['a'].go()
sum(y, [])[0].go()
""".strip().splitlines()


@pytest.mark.parametrize("giving", GIVING)
def test_what_comes_out_of_a_container_is_followed(tmp_path: Path, giving: str) -> None:
    found = scan_of(tmp_path, f"{HEAD}def f(): {giving}\n")
    calls = [call for one in found.units if one.id.startswith("m:f") for call in one.calls]
    gone = {call.to for call in calls if call.to.endswith(".go") and not call.how.startswith("by")}
    assert gone == {"m:A.go"}
    assert not unit(found, "m:f").unresolved


def test_what_elements_are_grouped_by_is_none_of_them(tmp_path: Path) -> None:
    text = f"{HEAD}def f(): [k.go() for k, _ in itertools.groupby(x, key=id)]\n"
    calls = unit(scan_of(tmp_path, text), "m:f").calls
    assert not [one for one in calls if one.to == "m:A.go" and not one.how.startswith("by")]
