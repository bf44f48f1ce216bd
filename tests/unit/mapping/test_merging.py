"""The merge of two versions of a map, table by table."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.errors import ParityError
from parity.mapping.merging import merge_files, merge_texts, tables, with_table

BASE = """schema = 1

# what all share
[defaults]
timeout = 5

[unit."a:a"]
java = "x.A#a"

[unit."m:m"]  # the middle
java = "x.M#m"

[[unit."m:m".allow]]
path = "$"
kind = "changed"
reason = '''
[unit."no table"]
'''
owner = "@a"
expires = 2027-01-01

[unit."z:z"]
java = "x.Z#z"
"""
NEW = '[unit."{0}:{0}"]\njava = "x.New#{0}"\n'


def test_units_that_both_add_at_one_place_do_not_meet() -> None:
    merged, conflicts = merge_texts(
        BASE, BASE + "\n" + NEW.format("zz"), BASE + "\n" + NEW.format("zy")
    )
    assert conflicts == []
    names = [name for name in tables(merged) if name.startswith("unit")]
    assert names == [f'unit."{one}:{one}"' for one in ("a", "m", "z", "zy", "zz")]


def test_what_one_side_changes_or_removes_is_kept() -> None:
    ours = BASE.replace("timeout = 5", "timeout = 9")
    theirs = BASE.replace('[unit."a:a"]\njava = "x.A#a"\n\n', "").replace("x.Z#z", "x.Z#y")
    merged, conflicts = merge_texts(BASE, ours, theirs)
    assert conflicts == []
    assert "timeout = 9" in merged
    assert "x.Z#y" in merged
    assert 'unit."a:a"' not in tables(merged)


def test_allowances_go_with_their_unit_and_texts_are_no_tables() -> None:
    assert 'unit."no table"' not in tables(BASE)
    assert "[[unit" in tables(BASE)['unit."m:m"']
    assert "# what all share" in tables(BASE)["defaults"]


def test_one_unit_that_both_change_differently_is_a_conflict_of_that_unit_only() -> None:
    ours, theirs = BASE.replace("x.A#a", "x.A#b"), BASE.replace("x.A#a", "x.A#c")
    merged, conflicts = merge_texts(BASE, ours, theirs + "\n" + NEW.format("n"))
    assert conflicts == ['unit."a:a"']
    assert merged.count("<<<<<<< ours") == 1
    assert 'unit."n:n"' in tables(merged)


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    both = BASE.replace("x.A#a", "x.A#b")
    assert merge_texts(BASE, both, both) == (both, [])


def test_what_is_no_map_is_refused_and_left_alone(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, (BASE, BASE, "[unit"), strict=True):
        path.write_text(text, "utf-8")
    with pytest.raises(ParityError, match="cannot be merged"):
        merge_files(*paths)
    assert paths[1].read_text("utf-8") == BASE


def test_a_table_is_put_where_it_belongs() -> None:
    text = with_table(BASE, 'unit."b:b"', NEW.format("b"))
    names = [name for name in tables(text) if name.startswith("unit")]
    assert names == ['unit."a:a"', 'unit."b:b"', 'unit."m:m"', 'unit."z:z"']
