"""Makes the inputs: places, poles, the date line, and hashes that are none."""

from __future__ import annotations

import random
from pathlib import Path

from tests.projects.writing import Groups, write

PLACES = [
    (42.6, -5.6),
    (57.64911, 10.40744),
    (48.8566, 2.3522),
    (51.5074, -0.1278),
    (40.7128, -74.006),
    (-33.8688, 151.2093),
    (35.6762, 139.6503),
    (-22.9068, -43.1729),
    (55.7558, 37.6173),
    (1.3521, 103.8198),
    (-1.2921, 36.8219),
    (64.1466, -21.9426),
    (-54.8019, -68.303),
    (21.3069, -157.8583),
    (-17.7134, 178.065),
    (78.2232, 15.6267),
    (47.3769, 8.5417),
    (0.5, 0.5),
    (-0.5, -0.5),
    (37.8324, 112.5584),
]

EDGES = [
    (0.0, 0.0),
    (-0.0, -0.0),
    (90.0, 0.0),
    (-90.0, 0.0),
    (90.0, 180.0),
    (-90.0, -180.0),
    (0.0, 180.0),
    (0.0, -180.0),
    (45.0, 90.0),
    (-45.0, -90.0),
    (22.5, 45.0),
    (11.25, 0.0),
    (89.99999999, 179.99999999),
    (-89.99999999, -179.99999999),
    (5e-324, -5e-324),
    (1e-12, 1e-12),
    (90.0000001, 0.0),
    (0.0, 180.0000001),
    (-91.0, 0.0),
    (0.0, -181.0),
    (1e300, 0.0),
    (float("nan"), 0.0),
    (0.0, float("nan")),
    (float("inf"), 0.0),
    (0.0, float("-inf")),
]

HASHES_TEXT = """
ezs42 u4pruydqqvj u09tvw0 gcpvj0 dr5regw r3gx2f xn774c 75cm9t ucfv0j w21z7 kzf0tv ge83z 4nt
87z9ps ruvk7 umqs5 u0qj9 s00 7zz s 0 z zz pbpbp bpbpb 0000 zzzz b p h 8 9 u000000 s00000000000
7zzzzzzzzzzz ezs42e44yx96 xn76urx61zqz 2 k c f
"""
HASHES = HASHES_TEXT.split()

ODD_HASHES = [
    "",
    " ",
    "a",
    "i",
    "l",
    "o",
    "ezs4a",
    "EZS42",
    "Ezs42",
    "ezs42 ",
    "ezs-2",
    "ezs4\u00e9",
    "\U0001f600",
    "\uff10",
    "ezs42e44yx961",
    "0" * 30,
]

DIRECTIONS = ["top", "bottom", "left", "right"]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    rng = random.Random(32)
    somewhere = [
        (round(rng.uniform(-90, 90), 6), round(rng.uniform(-180, 180), 6)) for _ in range(60)
    ]
    points = {"place": PLACES, "edge": EDGES, "random": somewhere}
    letters = "0123456789bcdefghjkmnpqrstuvwxyz"
    made = ["".join(rng.choices(letters, k=rng.randint(1, 12))) for _ in range(40)]
    hashes: Groups = {
        "hash": [[text] for text in HASHES],
        "odd": [[text] for text in ODD_HASHES],
        "random": [[text] for text in made],
    }
    every = {"hash": HASHES, "odd": ODD_HASHES, "random": made[:20]}
    return {
        "pygeohash:encode": {
            kind: [[*point, length] for point in group for length in (1, 5, 8, 12)]
            for kind, group in points.items()
        }
        | {"precision": [[*point, n] for point in PLACES[:3] for n in (-1, 0, 13, 20)]},
        "geohash.center": hashes,
        "geohash.errors": hashes,
        "geohash.box": hashes,
        "pygeohash:get_adjacent": {
            kind: [[text, way] for text in group for way in DIRECTIONS]
            for kind, group in every.items()
        }
        | {"direction": [["ezs42", way] for way in ("north", "", "TOP")]},
        "pygeohash:is_point_in_geohash": {
            kind: [
                [*point, text] for point in group[:12] for text in ("s", "u", "7zz", "ezs42", "zz")
            ]
            for kind, group in points.items()
        },
        "geohash.round_trip": {kind: [list(p) for p in group] for kind, group in points.items()},
    }


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
