"""Seeded edits of two published packages, and of what drift may hide in: decorators, base classes,
tables, data that is read on import; in Java defaults of interfaces, enums, resources, annotations.

Run by `python bench/drift.py --published`.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from drift import Edited

PACKAGES = ("isodate==0.7.2", "inflection==0.5.1")
PYTHON = {
    "src/extra/__init__.py": "",
    "src/extra/words.py": '''"""Words."""
import functools
import json
from dataclasses import dataclass
from pathlib import Path

from extra.bases import Base, Loud
from extra.kinds import Kind, Opts

TABLE = json.loads((Path(__file__).parent / "table.json").read_text())
SHORT = {"x": lambda text: text[:3], "y": lambda text: text[3:]}


def twice(function):
    @functools.wraps(function)
    def wrapper(word, *rest):
        return function(function(word, *rest), *rest)

    return wrapper


@dataclass
class Word:
    """A word."""

    text: str
    count: int = 2

    def shown(self):
        return self.text * self.count


class Shouter(Loud, Base):
    mark = "!"

    def __init__(self, text):
        self.text = text


@twice
def cut(word, by=1):
    return word[by:]


def label(word: str, kind: str = "x") -> str:
    short = SHORT[kind](cut(word))
    said = Shouter(short).said()
    whole = Word(said).shown()
    return f"{TABLE[kind]}{whole}{Kind.SMALL.value}{Opts().sep}"
''',
    "src/extra/bases.py": """class Base:
    mark = "."
    times = 2

    def said(self):
        return self.text + self.mark * self.times

    @property
    def name(self):
        return "base"


class Loud:
    times = 1

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.level = 3
""",
    "src/extra/kinds.py": """import enum
from typing import NamedTuple


class Kind(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Opts(NamedTuple):
    sep: str = "-"
    width: int = 3
""",
    "src/extra/table.json": '{"x": "<", "y": ">"}\n',
}
JAVA = {
    "java/w/Words.java": """package w;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.UnaryOperator;

/** Words. */
public final class Words extends Counted implements Rule {
  private static final Properties RULES = new Properties();
  private static final UnaryOperator<String> CUT = text -> text.substring(2);
  static final String SEP;

  static {
    try (InputStream in = Words.class.getResourceAsStream("/rules.properties")) {
      RULES.load(in);
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
    SEP = "-";
  }

  /** What is told. */
  @Named("Words")
  public static String label(String word, String kind) {
    String cut = CUT.apply(word);
    String shortened = switch (kind) {
      case "x" -> cut.substring(0, Math.min(3, cut.length()));
      default -> cut.substring(3);
    };
    String said = new Words().said(shortened);
    String open = RULES.getProperty(kind);
    Part part = new Part(said, 2);
    return open + part.shown() + Size.SMALL.letter() + SEP + named();
  }

  private static String named() {
    try {
      Named name = Words.class.getMethod("label", String.class, String.class).getAnnotation(Named.class);
      return name.value().substring(5) + (name.quiet() ? "" : "?");
    } catch (NoSuchMethodException error) {
      throw new IllegalStateException(error);
    }
  }

  /** A table. */
  public static String tableize(String word) {
    String split = word.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    return split + "s";
  }

  /** A duration. */
  public static String iso(Duration given, String format) {
    return Texts.iso(given);
  }
}
""",
    "java/w/Rule.java": """package w;

interface Rule {
  String MARK = Marks.of("!");

  default String said(String text) {
    return text + MARK.repeat(times());
  }

  int times();
}
""",
    "java/w/Marks.java": """package w;

final class Marks {
  static String of(String text) {
    return text;
  }
}
""",
    "java/w/Counted.java": """package w;

abstract class Counted {
  public int times() {
    return base() - 1;
  }

  protected int base() {
    return 2;
  }
}
""",
    "java/w/Size.java": """package w;

enum Size {
  SMALL("s"),
  LARGE("l") {
    @Override
    String letter() {
      return "L";
    }
  };

  private final String letter;

  Size(String letter) {
    this.letter = letter;
  }

  String letter() {
    return letter;
  }
}
""",
    "java/w/Part.java": """package w;

record Part(String text, int count) {
  Part {
    if (count < 0) {
      throw new IllegalArgumentException("count");
    }
  }

  String shown() {
    return text.repeat(count);
  }
}
""",
    "java/w/Named.java": """package w;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

@Retention(RetentionPolicy.RUNTIME)
@interface Named {
  String value();

  boolean quiet() default true;
}
""",
    "java/w/Texts.java": """package w;

import java.time.Duration;

final class Texts {
  static String iso(Duration given) {
    StringBuilder text = new StringBuilder("P");
    long days = given.toDays();
    if (days > 0) {
      text.append(days).append('D');
    }
    text.append(new Inner().rest(given.minusDays(days)));
    return text.toString();
  }

  static final class Inner {
    String rest(Duration left) {
      String shown = left.toString();
      return shown.substring(1);
    }
  }
}
""",
    "classes/rules.properties": "x=<\ny=>\n",
}
OTHER = {
    "parity.toml": 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n',
    "parity.map.toml": '[unit."extra.words:label"]\njava = "w.Words#label"\n\n[unit."inflection:tableize"]\njava = "w.Words#tableize"\n\n[unit."isodate.isoduration:duration_isoformat"]\njava = "w.Words#iso"\n',
    "fixtures/extra.words/label.jsonl": '{"id": "a", "args": ["abcdefgh", "x"]}\n',
    "fixtures/inflection/tableize.jsonl": '{"id": "a", "args": ["RawScaledScorer"]}\n',
    "fixtures/isodate.isoduration/duration_isoformat.jsonl": '{"id": "a", "args": [{"$timedelta": "90061"}]}\n',
}
W, B, K, J = (
    "src/extra/words.py",
    "src/extra/bases.py",
    "src/extra/kinds.py",
    "src/extra/table.json",
)
N, D, F, S, Z = (
    "src/inflection.py",
    "src/isodate/duration.py",
    "src/isodate/isoduration.py",
    "src/isodate/isostrf.py",
    "src/isodate/isotzinfo.py",
)
JW, JR, JM, JC, JS, JP, JN, JT = (
    "java/w/Words.java",
    "java/w/Rule.java",
    "java/w/Marks.java",
    "java/w/Counted.java",
    "java/w/Size.java",
    "java/w/Part.java",
    "java/w/Named.java",
    "java/w/Texts.java",
)
# Edits that mean something.
MEANT = [
 (W,"text[:3]","text[:4]"),(W,"text[3:]","text[4:]"),(W,"return function(function(word, *rest), *rest)","return function(word, *rest)"),
 (W,"@twice\n",""),(W,"@dataclass\n","@dataclass(frozen=True)\n"),(W,"count: int = 2","count: int = 3"),(W,"class Shouter(Loud, Base)","class Shouter(Base, Loud)"),
 (W,"class Shouter(Loud, Base)","class Shouter(Base)"),(W,'mark = "!"','mark = "?"'),(W,"by=1","by=2"),(W,'kind: str = "x"','kind: str = "y"'),
 (W,"Kind.SMALL","Kind.LARGE"),(W,"import functools\n","import functools\nimport sys\nsys.setrecursionlimit(900)\n"),(W,"table.json","other.json"),
 (B,"times = 1","times = 2"),(B,"times = 2","times = 3"),(B,"self.text + self.mark","self.mark + self.text"),(B,"    @property\n",""),(B,"cls.level = 3","cls.level = 3\n        cls.mark = '#'"),
 (B,"class Loud:","class Loud:\n    mark = '#'\n"),(K,'SMALL = "s"','SMALL = "S"'),(K,'sep: str = "-"','sep: str = "+"'),(K,"enum.Enum","enum.StrEnum"),(K,"    sep: str = \"-\"\n    width: int = 3","    width: int = 3\n    sep: str = \"-\""),
 (J,'"<"','"["'),
 (N, "(r\"$\", 's'),","(r\"$\", 'es'),"),(N, "    'fish',\n",""),(N, "PLURALS.insert(0, (","PLURALS.append(("),(N, "return pluralize(underscore(word))","return underscore(pluralize(word))"),
 (N, "uppercase_first_letter: bool = True","uppercase_first_letter: bool = False"),(N, "in UNCOUNTABLES:\n        return word\n    else","in SINGULARS:\n        return word\n    else"),(N, "return word.lower()","return word"),
 (D,"ROUND_FLOOR)","'ROUND_CEILING')"),(D,"return 31","return 30"),(D,"class Duration:","class Duration(object, metaclass=type('M', (type,), {})):"),(D,"days=0,","days=1,"),
 (F,'ret = "-"','ret = "+"'),(F,"format=D_DEFAULT","format='P%p'"),(F,"timedelta(0))):","timedelta(1))):"),(S,'D_DEFAULT = "P%P"','D_DEFAULT = "%P"'),
 (S,'"%S": lambda tdt, yds: "%02d" % (tdt.seconds % 60)','"%S": lambda tdt, yds: "%02d" % (tdt.seconds % 61)'),(S,"divmod(hours, 24)","divmod(hours, 25)"),(S,'"%sH" % hours','"%sh" % hours'),(S,'or "0D"','or "0d"'),
 (S,"|%P|%p\"","|%p\""),(Z,"def build_tzinfo(","def build_tzinfo_(") ,
 (JW,"text.substring(2)","text.substring(1)"),(JW,'SEP = "-"','SEP = "+"'),(JW,'case "x" ->','case "z" ->'),(JW,"Math.min(3,","Math.min(4,"),(JW,'@Named("Words")','@Named("Words+")'),
 (JW,'@Named("Words")','@Named(value = "Words", quiet = false)'),(JW,"Size.SMALL","Size.LARGE"),(JW,"new Part(said, 2)","new Part(said, 3)"),(JW,'split + "s"','split + "es"'),(JW,"/rules.properties","/rules2.properties"),
 (JR,'Marks.of("!")','Marks.of("?")'),(JR,"text + MARK","MARK + text"),(JM,"return text;","return text + text;"),(JC,"base() - 1","base() - 0"),(JC,"return 2","return 3"),
 (JS,'SMALL("s")','SMALL("S")'),(JS,'return "L"','return "M"'),(JS,"this.letter = letter;","this.letter = letter + letter;"),(JP,"count < 0","count < 1"),(JP,"text.repeat(count)","text.repeat(count + 1)"),
 (JN,"quiet() default true","quiet() default false"),(JT,"shown.substring(1)","shown.substring(2)"),(JT,"'D'","'d'"),(JT,'"P"','"p"'),(JT,"days > 0","days > 1"),
 ("classes/rules.properties","x=<","x=["),
]  # fmt: skip

# Edits that mean nothing.
MEANINGLESS = [
 (W,'"""Words."""','"""All words."""'),(W,'    """A word."""\n\n',"    # a word\n"),(W,"def cut(word, by=1):\n","def cut(\n    word,\n    by=1,\n):\n"),(W,"@twice\n","@twice  # two\n"),(W,'{"x": lambda text: text[:3], "y"','{\n    "x": (lambda text: text[:3]),\n    "y"'),
 (B,"    times = 1\n","\n    times = 1  # once\n"),(B,"class Base:\n",'class Base:\n    """Base."""\n\n'),(K,"import enum\n","import enum  # kinds\n"),(K,"SMALL = \"s\"","SMALL = 's'"),
 (N, "# -*- coding: utf-8 -*-\n",""),(N, "    A convenience function to add","    Adds"),(N, "    'fish',\n    'information',","    'fish', 'information',"),(N, "r'\\1zes'",'r"\\1zes"'),
 (D,"# assumes that all the maths","# all maths"),(D,"return self.__dict__","return (self.__dict__)"),(F,"# regular expression to parse","# parses"),(F,"This method is just","It is just"),(S,"# Date specific format strings\n",""),(S,"* 1000000","* 1_000_000"),(S,"\n\ndef _strfdt","\n\n\n\ndef _strfdt"),
 (JW,"/** What is told. */","/** Told. */"),(JW,"shortened","brief"),(JW,"    String open = RULES.getProperty(kind);\n    Part part = new Part(said, 2);","    String open = RULES.getProperty(kind);\n\n    // twice\n    Part part =\n        new Part(said, 2);"),(JW,"String cut = ","final String cut = "),(JW,"catch (IOException error)","catch (final IOException error)"),(JW,"throw new IllegalStateException(error);\n    }\n    SEP","throw new IllegalStateException(error); // no\n    }\n    SEP"),
 (JR,"String said(String text) {\n    return text","String said(String word) {\n    return word"),(JR,"interface Rule {","/** A rule. */\ninterface Rule {"),(JC,"abstract class","\n\nabstract class"),(JS,"enum Size {","/* sizes */ enum Size {"),(JP,"    if (count < 0) {","    // never\n    if (count < 0) {"),(JN,"String value();","String value(); // what"),(JT,"StringBuilder text","final StringBuilder text"),(JT,"given","whole"),(JT,"left","rest"),
]  # fmt: skip


def published() -> Edited:
    """The packages, a Java side that gives the same for their fixtures, and the edits."""
    files = {**_packages(), **PYTHON, **JAVA, **OTHER}
    return Edited(files, MEANT, MEANINGLESS)


def _packages() -> dict[str, str]:
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*pip, "download", "--no-deps", "-d", folder, *PACKAGES], check=True)
        for wheel in Path(folder).glob("*.whl"):
            with zipfile.ZipFile(io.BytesIO(wheel.read_bytes())) as opened:
                for name in opened.namelist():
                    if name.endswith(".py") and "dist-info" not in name:
                        shown = (
                            name.removesuffix("/__init__.py") + ".py"
                            if name.startswith("inflection/")
                            else name
                        )
                        found[f"src/{shown}"] = opened.read(name).decode("utf-8")
    return found
