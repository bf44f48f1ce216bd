"""Seeded edits on either side of a proven project: `parity status` notices those that mean
something, in callees too, and none of the others. Line 8.6.

    python bench/drift.py [--short] [--published]

One project of two units with callees in other files is proven once; each edit is made by itself,
Java compiled again by javac (with and without debug information), and taken back.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity.config import find_config
from parity.pipeline.status import status

ROOT = Path(__file__).resolve().parent.parent
Edit = tuple[str, str, str]

PYTHON = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": '''"""Prices."""
from shop.rounding import half_up, scale
from shop.taxes import RATES

LIMIT = 100


def total(net, country, count=1):
    """What a customer pays."""
    # with tax
    gross = net * count
    if country in RATES and gross > 0:
        gross += gross * RATES[country] // 100
    for step in range(2):
        gross = half_up(gross + step)
    return min(gross, LIMIT * 1000)


def label(name):
    text = name.strip().upper()
    return f"{text}: {scale(len(text))}"
''',
    "src/shop/rounding.py": '''def half_up(amount):
    """To the next unit."""
    return (amount * 2 + 1) // 2


def scale(number):
    while number > 9:
        number -= 9
    return number + 1
''',
    "src/shop/taxes.py": 'RATES = {"DE": 19, "FR": 20}\n',
}
JAVA = {
    "java/shop/Prices.java": """package shop;

import java.util.Map;

/** Prices. */
public final class Prices {
  private static final long LIMIT = 100;
  private static final Map<String, Long> RATES = Map.of("DE", 19L, "FR", 20L);

  private Prices() {}

  // with tax
  public static long total(long net, String country, long count) {
    long gross = net * count;
    if (RATES.containsKey(country) && gross > 0) {
      gross += Math.floorDiv(gross * RATES.get(country), 100L);
    }
    for (int step = 0; step < 2; step++) {
      gross = Rounding.halfUp(gross + step);
    }
    return Math.min(gross, LIMIT * 1000);
  }

  public static String label(String name) {
    String text = name.strip().toUpperCase();
    return text + ": " + Rounding.scale(text.length());
  }
}
""",
    "java/shop/Rounding.java": """package shop;

final class Rounding {
  static long halfUp(long amount) {
    return Math.floorDiv(amount * 2 + 1, 2L);
  }

  static int scale(int number) {
    int left = number;
    while (left > 9) {
      left -= 9;
    }
    return left + 1;
  }
}
""",
}
OTHER = {
    "parity.toml": 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n',
    "parity.map.toml": '[unit."shop.prices:label"]\njava = "shop.Prices#label"\n\n'
    '[unit."shop.prices:total"]\njava = "shop.Prices#total"\n',
    "fixtures/shop.prices/total.jsonl": '{"id": "a", "args": [200, "DE", 3]}\n',
    "fixtures/shop.prices/label.jsonl": '{"id": "a", "args": [" bread "]}\n',
}
P, R, T = "src/shop/prices.py", "src/shop/rounding.py", "src/shop/taxes.py"
JP, JR = "java/shop/Prices.java", "java/shop/Rounding.java"

# Edits that mean something: file, what stands there, what is put in its place.
MEANT = [
    (P, "net * count", "net + count"), (P, "net * count", "net * net"),
    (P, "count=1", "count=2"), (P, "and gross > 0", "or gross > 0"),
    (P, "gross > 0", "gross >= 0"), (P, "gross > 0", "gross > 1"), (P, "in RATES", "not in RATES"),
    (P, "gross += gross", "gross -= gross"), (P, "// 100", "/ 100"), (P, "// 100", "// 101"),
    (P, "range(2)", "range(3)"), (P, "gross + step", "gross"), (P, "min(", "max("),
    (P, "LIMIT * 1000", "LIMIT * 100"), (P, "LIMIT = 100", "LIMIT = 99"),
    (P, "return min(gross, LIMIT * 1000)", "return None"), (P, ".strip()", ".lstrip()"),
    (P, ".upper()", ".title()"), (P, "{text}: ", "{text}:"), (P, "scale(len(text))", "len(text)"),
    (P, "import half_up, scale", "import scale as half_up, scale"),
    (R, "amount * 2 + 1", "amount * 2"), (R, "// 2", "// 3"), (R, "number > 9", "number >= 9"),
    (R, "number -= 9", "number -= 8"), (R, "number + 1", "number"),
    (R, "while number > 9:\n        number -= 9\n", "pass\n"), (T, "19", "16"),
    (T, '"FR": 20', '"IT": 20'), (T, '"DE"', '"de"'), (P, "def total(net,", "async def total(net,"),
    (JP, "net * count", "net + count"), (JP, "net * count", "net * net"),
    (JP, "&& gross > 0", "|| gross > 0"), (JP, "gross > 0", "gross >= 0"),
    (JP, "gross > 0", "gross > 1"), (JP, "RATES.contains", "!RATES.contains"),
    (JP, "gross += ", "gross -= "), (JP, "Math.floorDiv(gross * RATES.get(country), 100L)",
     "gross * RATES.get(country) / 100L"), (JP, "100L)", "101L)"), (JP, "step < 2", "step < 3"),
    (JP, "step < 2", "step <= 2"), (JP, "gross + step", "gross"), (JP, "Math.min", "Math.max"),
    (JP, "LIMIT * 1000", "LIMIT * 100"), (JP, "LIMIT = 100", "LIMIT = 99"), (JP, "19L", "16L"),
    (JP, '"FR"', '"IT"'), (JP, ".strip()", ".stripLeading()"), (JP, "UpperCase", "LowerCase"),
    (JP, '": "', '":"'), (JP, "Rounding.scale(text.length())", "text.length()"),
    (JP, "long count) {", "int count) {"), (JP, "public static long total", "public static synchronized long total"),
    (JR, "amount * 2 + 1", "amount * 2"), (JR, "2L)", "3L)"), (JR, "left > 9", "left >= 9"),
    (JR, "left -= 9", "left -= 8"), (JR, "left + 1", "left"), (JR, "return left", "return -left"),
    (JR, "static long halfUp(long amount) {", "static long halfUp(long amount) throws RuntimeException {"),
]  # fmt: skip

# Edits that mean nothing.
MEANINGLESS = [
    (P, '"""Prices."""', '"""All prices."""'), (P, '"""Prices."""\n', ""),
    (P, '"""What a customer pays."""', '"""Gross."""'), (P, "# with tax", "# tax, too"),
    (P, "    # with tax\n", ""), (P, "net * count", "( net*count )"),
    (P, "\n\n\ndef label", "\n\n\n\n\n# names\ndef label"), (P, "return min(gross, LIMIT * 1000)",
     "return min(\n        gross,\n        LIMIT * 1000,\n    )"),
    (P, 'f"{text}: {scale(len(text))}"', "f'{text}: {scale(len(text))}'"), (P, "LIMIT = 100", "LIMIT = 1_00"),
    (R, '"""To the next unit."""', '"""Rounds."""'), (R, "    return (amount", "\n    return (amount"),
    (R, "number -= 9", "number -= 9  # nines"), (R, "while number > 9:", "while (number > 9):"),
    (T, '"DE": 19, "FR": 20', '\n    "DE": 19,\n    "FR": 20,\n'), (T, "RATES", "# of 2026\nRATES"),
    (JP, "/** Prices. */", "/** All prices. */"), (JP, "  // with tax\n", ""),
    (JP, "// with tax", "// tax,\n  // too"), (JP, "long gross = net * count;",
     "long gross =\n        net\n            * count;"), (JP, "\n  private Prices", "\n\n\n  private Prices"),
    (JP, "String text = name", "final String text = name"), (JP, "text", "shown"), (JP, "gross", "amount"),
    (JP, "step", "round"), (JP, "net", "base"), (JP, "import java.util.Map;", "import java.util.Map; // rates"),
    (JR, "left", "rest"), (JR, "number", "value"), (JR, "amount", "cents"), (JR, "final class", "\nfinal class"),
    (JR, "return left + 1;", "return left + 1; /* at least one */"), (JR, "left + 1", "(left + 1)"),
    (JR, "    int left = number;\n", "    // a copy\n    int left = number;\n"),
]  # fmt: skip


@dataclass(frozen=True)
class Edited:
    """A project as files, and edits of it: file, what stands there, what is put in its place."""

    files: Mapping[str, str]
    meant: Sequence[Edit]
    meaningless: Sequence[Edit]


@dataclass(frozen=True)
class Project:
    """A proven project in a folder of its own."""

    folder: Path
    java: Sequence[str]

    def javac(self, *options: str) -> None:
        """Compiles all Java."""
        sources = [str(self.folder / name) for name in self.java]
        command = ["javac", *options, "-d", str(self.folder / "classes"), *sources]
        subprocess.run(command, check=True, capture_output=True)

    def parity(self, *arguments: str) -> str:
        """What a command prints."""
        command = [sys.executable, "-m", "parity", "-C", str(self.folder), *arguments]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout

    def states(self) -> dict[str, str]:
        """The state of each mapped unit."""
        ledger = status(find_config(self.folder))
        return {one.id: one.state for one in ledger.entries if one.java}

    def edited(self, file: str, old: str, new: str) -> set[str]:
        """States after one edit, which is taken back."""
        path = self.folder / file
        text = path.read_text("utf-8")
        if old not in text:
            raise SystemExit(f"nothing to edit: {file} has no {old!r}")
        path.write_text(text.replace(old, new), "utf-8")
        try:
            if file.endswith(".java"):
                self.javac("-g")
            return set(self.states().values())
        finally:
            path.write_text(text, "utf-8")
            if file.endswith(".java"):
                self.javac()


def main() -> int:
    """Prints each edit that was told wrongly; 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="every eighth edit")
    parser.add_argument("--published", action="store_true", help="edits of two published packages")
    given = parser.parse_args()
    step = 8 if given.short else 1
    if given.published:
        from drift_published import published

        edited = published()
    else:
        edited = Edited({**PYTHON, **JAVA, **OTHER}, MEANT, MEANINGLESS)
    meant, nothing = edited.meant[::step], edited.meaningless[::step]
    folder = Path(tempfile.mkdtemp())
    try:
        project = _proven(folder, edited.files)
        missed = [one for one in meant if not _is_drift(one, project.edited(*one))]
        alarms = [one for one in nothing if project.edited(*one) != {"proven"}]
    finally:
        shutil.rmtree(folder)
    for what, edits in (("missed", missed), ("false alarm", alarms)):
        for file, old, new in edits:
            print(f"{what}: {file}: {old!r} -> {new!r}")
    noticed = len(meant) - len(missed)
    print(f"{noticed} of {len(meant)} edits that mean something noticed, on their side")
    print(f"{len(alarms)} of {len(nothing)} edits that mean nothing told as drift")
    return 1 if missed or alarms else 0


def _proven(folder: Path, files: Mapping[str, str]) -> Project:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    project = Project(folder, [name for name in files if name.endswith(".java")])
    project.javac()
    project.parity("run", "--evidence")
    if set(project.states().values()) != {"proven"}:
        raise SystemExit(f"the project is not proven: {project.states()}")
    return project


def _is_drift(edit: Edit, states: set[str]) -> bool:
    if edit[0].endswith(".json"):  # what is read while it runs is of no side
        return states != {"proven"}
    if edit[0].endswith(".properties"):
        return "drifted-java" in states
    side = "drifted-java" if edit[0].endswith(".java") else "drifted-python"
    return side in states


if __name__ == "__main__":
    sys.exit(main())
