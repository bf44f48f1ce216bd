"""A class as a unit: what its constructor and its methods are given, and where inputs come from."""

from __future__ import annotations

import json
from typing import Any

from tests.functional.conftest import Project

PYTHON = """\
class Shelf:
    def __init__(self, room: int = 2, of=len):
        self.room = room
        self.kept: dict[str, int] = {}

    def put(self, name: str, count: int = 1, check=len) -> int:
        self.kept[name] = self.kept.get(name, 0) + count
        if len(self.kept) > self.room:
            self.kept.pop(next(iter(self.kept)))
        return self.kept.get(name, 0)

    def names(self) -> list[str]:
        return list(self.kept)

    def _forget(self):
        self.kept.clear()
"""
JAVA = """\
package shop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public final class Shelf {
    private final Map<String, Long> kept = new LinkedHashMap<>();

    public long put(String name) {
        return put(name, 1);
    }

    public long put(String name, int count) {
        kept.merge(name, (long) count, Long::sum);
        if (kept.size() > 2) {
            kept.remove(kept.keySet().iterator().next());
        }
        return kept.getOrDefault(name, 0L);
    }

    public List<String> names() {
        return new ArrayList<>(kept.keySet());
    }
}
"""
MAP = 'schema = 1\n[unit."shop:Shelf"]\njava = "shop.Shelf"\n'


def shelf(project: Project, java: str = JAVA, fixtures: str = "", terms: str = "") -> Project:
    files = {"src/shop.py": PYTHON, "java/Shelf.java": java, "parity.map.toml": MAP + terms}
    if fixtures:
        files["fixtures/shop/Shelf.jsonl"] = fixtures
    return project.write(files).javac()


def steps(*calls: list[Any]) -> list[dict[str, Any]]:
    return [{"call": name, "args": args} for name, *args in calls]


def test_what_python_has_by_default_needs_no_place_in_java(project: Project) -> None:
    wanted = steps(["put", "a"], ["put", "b", 3], ["put", "a"], ["put", "c"], ["names"])
    shelf(project, fixtures=json.dumps({"id": "x", "args": [], "steps": wanted}))
    told = project.parity("run", "--json")
    assert (told.status, told.unit["verdict"]) == (0, "matched"), told.out


def test_what_is_given_and_is_no_default_has_to_have_a_place(project: Project) -> None:
    lines = [
        {"id": "room", "args": [3], "steps": steps(["names"])},
        {"id": "same", "args": [2], "steps": steps(["names"])},
    ]
    shelf(project, fixtures="\n".join(map(json.dumps, lines)))
    told = project.parity("run", "--json")
    assert (told.status, told.unit["matched"], told.unit["unknown"]) == (2, 1, 1)
    (finding,) = told.unit["findings"]
    assert finding["fixture"] == "room"
    assert "no constructor takes 1 arguments; `receiver` in the map says" in finding["note"]


def test_a_class_without_fixtures_is_given_sequences_of_its_methods(project: Project) -> None:
    shelf(project)
    told = project.parity("fuzz", "shop:Shelf", "--json", "--examples", "300")
    assert (told.status, told.unit["verdict"]) == (0, "matched"), told.out
    assert told.unit["matched"] > 100


def test_what_only_a_sequence_shows_is_found(project: Project) -> None:
    wrong = JAVA.replace("keySet().iterator().next()", 'containsKey(name) ? name : ""')
    shelf(project, wrong)
    told = project.parity("fuzz", "shop:Shelf", "--json", "--examples", "600")
    assert told.status == 1
    finding = told.unit["findings"][0]
    calls = finding["fixture_more"]["steps"]
    assert finding["path"].startswith("$steps")
    assert {one["call"] for one in calls} <= {"put", "names"}
    assert len({one["args"][0] for one in calls if one["call"] == "put"}) >= 3


def test_where_java_refuses_every_input_the_map_is_what_is_to_be_looked_at(
    project: Project,
) -> None:
    closed = JAVA.replace(
        "private final Map", "public Shelf(int a, int b, int c) {}\n    private final Map"
    )
    shelf(project, closed)
    told = project.parity("fuzz", "shop:Shelf", "--examples", "40")
    assert told.status == 2
    assert "`parity map` shows both signatures" in told.text


SPAN = """\
class Span:
    def __init__(self, start: int, end: int, name: str = None):
        if start > end:
            raise ValueError("it ends before it starts")
        if name is not None and not name:
            raise ValueError("no name")
        self.start, self.end, self.name = start, end, name

    def length(self) -> int:
        return self.end - self.start
"""
JAVA_SPAN = """\
package shop;

import java.util.Objects;

public final class Span {
    private final long start;
    private final long end;

    public Span(long start, long end) {
        if (start > end) {
            throw new IllegalArgumentException("it ends before it starts");
        }
        this.start = start;
        this.end = end;
    }

    public Span(long start, long end, String name) {
        this(start, end);
        Objects.requireNonNull(name);
    }

    public long length() {
        return end - start;
    }
}
"""


def spans(project: Project, *fixtures: list[Any]) -> Project:
    lines = [
        json.dumps({"id": f"f{number}", "args": args, "steps": steps(["length"])})
        for number, args in enumerate(fixtures)
    ]
    files = {
        "src/shop.py": SPAN,
        "java/Span.java": JAVA_SPAN,
        "parity.map.toml": 'schema = 1\n[unit."shop:Span"]\njava = "shop.Span"\n',
        "fixtures/shop/Span.jsonl": "\n".join(lines),
    }
    return project.write(files).javac()


def test_what_both_constructors_refuse_is_matched(project: Project) -> None:
    told = spans(project, [1, 3], [3, 1]).parity("run", "--json")
    assert (told.status, told.unit["matched"]) == (0, 2), told.out


def test_what_one_constructor_refuses_differs(project: Project) -> None:
    told = spans(project, [1, 3, "a"], [1, 3, ""]).parity("run", "--json")
    assert (told.status, told.unit["matched"], told.unit["differs"]) == (1, 1, 1), told.out
    (finding,) = told.unit["findings"]
    assert (finding["fixture"], finding["path"]) == ("f1", "$raised")
    assert finding["python"] == {"raised": {"class": "ValueError", "message": "no name"}}
    assert finding["java"] == [{"returned": 2}]


def test_none_by_default_is_what_an_overload_leaves_out(project: Project) -> None:
    told = spans(project, [1, 3], [1, 3, None]).parity("run", "--json")
    assert (told.status, told.unit["matched"]) == (0, 2), told.out
