"""Makes the inputs: points near and far, on axes and in every quadrant."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.projects.writing import Groups, write

SMALL = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (3, 4), (-3, 4), (3, -4), (-3, -4), (7, 7)]
LARGE = [(2**30, -(2**30)), (10**9, 10**9), (-(10**9), 10**9), (2**31 - 1, -(2**31))]


def point(x: int, y: int) -> dict[str, Any]:
    """A Point."""
    return {"$object": ["geometry:Point", {"x": x, "y": y}]}


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    rng = random.Random(5)
    places = [point(x, y) for x, y in SMALL + LARGE]
    clouds = [
        [point(rng.randint(-9, 9), rng.randint(-9, 9)) for _ in range(count)]
        for count in (0, 1, 2, 3, 4, 5, 8, 20)
        for _ in range(4)
    ]
    far = [[point(*rng.choice(LARGE[1:3])) for _ in range(count)] for count in (3, 4, 5)]
    return {
        "geometry:by_quadrant": {"cloud": [[cloud] for cloud in clouds]},
        "geometry:describe": {
            "default": [[place] for place in places],
            "named": [
                [place, name] for place in places[:4] for name in ("", "\u00e9", "\U0001f4cd")
            ],
            "digits": [[place, "Q", n] for place in places[:10] for n in (1, 3, 12)],
            "keyword": [{"args": [places[5]], "kwargs": {"digits": n}} for n in (1, 5)],
        },
        "geometry:distance": {"pair": [[a, b] for a in places[:12] for b in places[:12:3]]},
        "geometry:distinct": {"cloud": [[cloud] for cloud in clouds]},
        "geometry:double_area": {"cloud": [[cloud] for cloud in clouds], "far": [[c] for c in far]},
        "geometry:grid_name": {
            "cell": [[c, r] for c in (1, 2, 26, 27, 52, 53, 702, 703, 2**31 - 1) for r in (1, 99)],
            "wrong": [[0, 1], [1, 0], [-5, 1], [1, -1]],
        },
        "geometry:nearest": {
            "cloud": [[cloud, place] for cloud in clouds[::2] for place in places[:6:2]]
        },
        "geometry:translate": {
            "default": [[place, n] for place in places[:10] for n in (1, -1)],
            "both": [[place, 5, n] for place in places[:10] for n in (0, -7)],
            "keyword": [{"args": [places[0]], "kwargs": {"dy": 2, "dx": n}} for n in (1, 2, 3)],
        },
    }


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
