"""Makes the inputs of the two versions."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from tests.projects.writing import Groups, write

PLAIN = ["0.0.0", "0.0.1", "1.2.3", "1.2.4", "10.20.30", "2147483646.0.0"]
ATTACHED = ["-alpha", "-alpha.1", "-0.3.7", "-rc.1", "+build", "+build.5", "-rc.1+exp.sha.5114f85"]
WRONG = ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-", "1.2.3+", "01.2.3", "1.2.x", "1.2.3-é"]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    rng = random.Random(9)
    attached = [f"1.2.3{end}" for end in ATTACHED]
    drawn = [
        f"{rng.randrange(20)}.{rng.randrange(20)}.{rng.randrange(20)}{rng.choice(['', *ATTACHED])}"
        for _ in range(60)
    ]
    return {
        "releases.current:next_minor": {
            "plain": [[text] for text in PLAIN],
            "attached": [[text] for text in attached],
            "wrong": [[text] for text in WRONG],
            "drawn": [[text] for text in drawn],
        },
        "releases.legacy:same_release": {
            "plain": [[a, b] for a, b in itertools.pairwise(PLAIN)],
            "attached": [[a, b] for a in attached for b in ["1.2.3", *attached]],
            "wrong": [[a, "1.2.3"] for a in WRONG],
            "drawn": [[a, b] for a, b in itertools.pairwise(drawn)],
        },
    }


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
