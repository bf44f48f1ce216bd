"""Lists that the outside keeps in order, what is compared for that, and what a dict lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of

PART = (
    "import bisect, heapq\nclass A:\n def go(self): pass\n def __lt__(self, other): pass\n"
    " def __eq__(self, other): pass\n"
)
COMPARED = {
    "pushed": "all = []\n heapq.heappush(all, A())",
    "made a heap": "all = [A()]\n heapq.heapify(all)",
    "popped": "all = [A()]\n heapq.heappop(all)",
    "replaced": "all = []\n heapq.heapreplace(all, A())",
    "put where it belongs": "all = []\n bisect.insort(all, A())",
    "in a pair": "all = []\n heapq.heappush(all, (1, A()))",
    "in a pair that is sorted": "return sorted([(1, A())])",
    "in a pair that is compared": "return (1, A()) < (2, None)",
}


@pytest.mark.parametrize("case", COMPARED)
def test_what_is_kept_in_order_is_compared(tmp_path: Path, case: str) -> None:
    found = called(scan_of(tmp_path, f"{PART}def f():\n {COMPARED[case]}\n"), "m:f")
    assert "m:A.__lt__" in found


def test_pairs_that_are_ordered_are_first_asked_whether_they_are_equal(tmp_path: Path) -> None:
    found = called(scan_of(tmp_path, f"{PART}def f(): return (1, A()) < (2, None)\n"), "m:f")
    assert "m:A.__eq__" in found


TAKEN = {
    "what is pushed": "heapq.heappush(all, A())\ndef f(): heapq.heappop(all).go()",
    "in a pair": "heapq.heappush(all, (1, A()))\ndef f(): heapq.heappop(all)[1].go()",
    "what was there": "all.append(A())\ndef f(): heapq.heapreplace(all, None).go()",
    "what is put where it belongs": "bisect.insort(all, A())\ndef f(): all[0].go()",
    "what is put by a key": "bisect.insort(all, A(), key=len)\ndef f(): all[0].go()",
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_put_into_such_a_list_comes_out_of_it(tmp_path: Path, case: str) -> None:
    text = f"{PART}class B:\n def go(self): pass\nall = []\n{TAKEN[case]}\n"
    assert "m:A.go" in called(scan_of(tmp_path, text), "m:f")
    assert "m:B.go" not in called(scan_of(tmp_path, text), "m:f")


def test_a_key_by_which_is_ordered_is_called_in_place_of_comparing(tmp_path: Path) -> None:
    text = f"{PART}def key(one): return 1\ndef f(all): bisect.insort(all, A(), key=key)\n"
    assert called(scan_of(tmp_path, text), "m:f") == {"m:A", "m:key"}


def test_a_dict_is_asked_for_what_it_lacks_by_what_is_above_it_too(tmp_path: Path) -> None:
    text = (
        "class A:\n def go(self): pass\nclass B:\n def go(self): pass\nclass Parts(dict):\n"
        " def __getitem__(self, name): return super().__getitem__(name)\n"
        " def __missing__(self, name): return A()\n"
        "def f(): Parts()['x'].go()\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:Parts.__getitem__") == {"m:Parts.__missing__"}
    assert called(found, "m:f") >= {"m:Parts.__getitem__", "m:A.go"}
    assert "m:B.go" not in called(found, "m:f")
