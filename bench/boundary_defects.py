"""How many defects that show at a boundary only do the sample's recorded fixtures reveal?

`python bench/boundary_defects.py [--fixtures DIR] [NAME...]`. Each defect of boundary_defects.toml
is planted by itself in the sample's port; it is revealed where its unit differs. Prints which are
and which are not, and their number. Exits with 0 where every unit was judged, whatever came of it.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench.planted import Defect
from bench.project import ROOT
from bench.sample_defects import Sample

TABLE = ROOT / "bench" / "boundary_defects.toml"


def read_defects() -> list[Defect]:
    """The table of defects."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return [Defect(name=name, **entry, kind="any", paths=("any",)) for name, entry in table.items()]


def verdict(sample: Sample, defect: Defect) -> str:
    """What the unit's fixtures say with the defect in place."""
    told = sample.run(defect, defect.unit)
    if isinstance(told, str):
        return f"does not compile: {told}"
    unit = told.units.get(defect.unit)
    return str(unit["verdict"]) if unit is not None else told.errors


def main() -> int:
    """Plants the defects and prints which are revealed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fixtures", type=Path, help="instead of those of the sample")
    parser.add_argument("names", nargs="*", help="only these defects")
    options = parser.parse_args()
    defects = [one for one in read_defects() if not options.names or one.name in options.names]
    with TemporaryDirectory(prefix="parity-") as folder:
        sample = Sample(Path(folder), options.fixtures and options.fixtures.resolve())
        with ThreadPoolExecutor(2) as threads:
            verdicts = list(threads.map(lambda defect: verdict(sample, defect), defects))
    table = Table("planted", "unit", "revealed", box=None, pad_edge=False)
    for defect, found in zip(defects, verdicts, strict=True):
        told = {"differs": "yes", "matched": "no"}.get(found, found)
        table.add_row(defect.name, defect.unit, told)
    console = Console(width=150, highlight=False, markup=False)
    console.print(table)
    console.print(f"{verdicts.count('differs')} of {len(defects)} revealed")
    return 0 if set(verdicts) <= {"differs", "matched"} else 1


if __name__ == "__main__":
    sys.exit(main())
