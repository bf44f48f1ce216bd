"""Makes the inputs: versions as the specification lists them, and near misses."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from tests.projects.writing import Groups, write

VALID_TEXT = """
0.0.0 0.0.4 0.1.0 1.0.0 1.2.3 10.20.30 1.1.2-prerelease+meta 1.1.2+meta 1.1.2+meta-valid
1.0.0-alpha 1.0.0-beta 1.0.0-alpha.beta 1.0.0-alpha.beta.1 1.0.0-alpha.1 1.0.0-alpha0.valid
1.0.0-alpha.0valid 1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay 1.0.0-rc.1+build.1
2.0.0-rc.1+build.123 1.2.3-beta 10.2.3-DEV-SNAPSHOT 1.2.3-SNAPSHOT-123 2.0.0 1.1.7
2.0.0+build.1848 2.0.1-alpha.1227 1.0.0-alpha+beta 1.2.3----RC-SNAPSHOT.12.9.1--.12+788
1.2.3----R-S.12.9.1--.12+meta 1.2.3----RC-SNAPSHOT.12.9.1--.12
1.0.0+0.build.1-rc.10000aaa-kk-0.1 1.0.0-0A.is.legal 1.0.0-0 1.0.0-0.0 1.0.0-1 1.0.0-2 1.0.0-10
1.0.0-1a 1.0.0-a1 1.0.0-x.7.z.92 1.0.0-rc.1 1.0.0-rc.2 1.0.0-rc.11 1.0.0-- 1.0.0--- 1.0.0+-
1.0.0+001 1.0.0+a 1.0.0+b 2.1.0 2.1.1 1.9.0 1.10.0 1.11.0 3.0.0-beta.2 3.0.0-beta.11 3.0.0
"""
VALID = VALID_TEXT.split()

LARGE = [
    "2147483647.0.0",
    "2147483648.0.0",
    "0.0.2147483647",
    "1.2147483648.1",
    "99999999999999999999999.999999999999999999.99999999999999999",
    "1.0.0-2147483648",
    "1.0.0-99999999999999999999",
    "1.0.0-99999999999999999998",
    "1.0.0+99999999999999999999",
    "9007199254740993.0.0",
]

INVALID_TEXT = """
1 1.2 1.2.3-0123 1.2.3-0123.0123 1.1.2+.123 +invalid -invalid -invalid+invalid -invalid.01 alpha
alpha.beta alpha.beta.1 alpha.1 alpha+beta alpha_beta alpha. alpha.. beta 1.0.0-alpha_beta
-alpha. 1.0.0-alpha.. 1.0.0-alpha..1 1.0.0-alpha...1 01.1.1 1.01.1 1.1.01 1.2.3.DEV 1.2-SNAPSHOT
1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788 1.2-RC-SNAPSHOT -1.0.3-gamma+b7718 +justmeta
9.8.7+meta+meta 9.8.7-whatever+meta+meta v1.2.3 V1.2.3 =1.2.3 1.2.3- 1.2.3+ 1.2.3-+ 1.-2.3 1,2,3
1.2.3.4 x.y.z 1.x 1.2.* latest
"""
INVALID = INVALID_TEXT.split()

ODD = [
    "",
    " ",
    " 1.2.3",
    "1.2.3 ",
    "1.2.3\n",
    "\n1.2.3",
    "1.2.3\t",
    "1. 2.3",
    "\u0661.\u0662.\u0663",
    "\uff11.\uff12.\uff13",
    "1.2.3-\u00e9",
    "1.2.3-\U0001f600",
    "1.2.3+\u0661",
    "1.2.\u0663",
    "1.2.3-\u0661",
    "1.2.3\u2028",
    "1.2.3-" + "a" * 300,
    "1.2.3-" + ".".join("a1" for _ in range(100)),
]

RANGES = [">=1.0.0", "<=1.0.0", ">1.0.0", "<2.0.0", "==1.0.0", "!=1.0.0", "1.0.0", ">=1.0.0-rc.1"]
ODD_RANGES = [
    "=1.0.0",
    "~1.0.0",
    "^1.0.0",
    ">=1.0",
    "=>1.0.0",
    "",
    ">=",
    ">= 1.0.0",
    "*",
    ">=1.0.0 <2.0.0",
]
PARTS = ["major", "minor", "patch"]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    texts: Groups = {
        "valid": [[text] for text in VALID],
        "large": [[text] for text in LARGE],
        "invalid": [[text] for text in INVALID],
        "odd": [[text] for text in ODD],
        "random": [[text] for text in random_versions(40)],
    }
    pairs = [[a, b] for a, b in itertools.pairwise(VALID)]
    large_pairs = [[a, b] for a, b in itertools.pairwise(LARGE)]
    made = random_versions(80)
    both: Groups = {
        "listed": pairs,
        "swapped": [[b, a] for a, b in pairs[:20]],
        "same": [[text, text] for text in VALID[:20]],
        "large": large_pairs,
        "random": [[a, b] for a, b in zip(made[:40], made[40:], strict=True)],
    }
    versions = [*VALID[3:8], *VALID[24:30], *VALID[40:50]]
    return {
        "semver.version:Version.is_valid": texts,
        "versions.parse": texts,
        "versions.compare": both,
        "versions.equal": both,
        "versions.sorted": {"sorted": sorted_lists()},
        "versions.next": {
            "next": [[text, part] for text in VALID[:30] for part in PARTS],
            "large": [[text, part] for text in LARGE for part in PARTS],
        },
        "versions.matches": {
            "matches": [[text, expression] for text in versions for expression in RANGES],
            "odd": [[text, expression] for text in versions[:4] for expression in ODD_RANGES],
        },
        "versions.finalize": texts,
        "versions.with_prerelease": {
            "named": [
                [text, name]
                for text in VALID[:14]
                for name in ("rc.1", "alpha", "0", "01", "", "a..b", "\u00e9")
            ]
        },
    }


def random_versions(count: int) -> list[str]:
    """Small numbers, so that many versions are near to one another."""
    rng = random.Random(200)
    words = ["alpha", "beta", "rc", "1", "2", "10", "a1", "1a", "x-y", "0"]
    made = []
    for _ in range(count):
        text = ".".join(str(rng.randrange(3)) for _ in range(3))
        if rng.random() < 0.6:
            text += "-" + ".".join(rng.choices(words, k=rng.randint(1, 3)))
        if rng.random() < 0.3:
            text += "+" + ".".join(rng.choices(words, k=rng.randint(1, 2)))
        made.append(text)
    return made


def sorted_lists() -> list[list[list[str]]]:
    """Lists to sort, with equal ones that differ in their build, and some that cannot be read."""
    rng = random.Random(201)
    made = [rng.sample(VALID, rng.randint(2, 12)) for _ in range(30)]
    made += [random_versions(12)[start:] for start in range(0, 10, 3)]
    made += [[], ["1.0.0"], ["1.0.0+b", "1.0.0+a", "1.0.0"], ["1.0.0", "nonsense"]]
    return [[versions] for versions in made]


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
