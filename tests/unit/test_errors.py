"""Errors that people meet say what, where, why and what to do next."""

from __future__ import annotations

import errno
import os

import pytest

from parity import cli
from parity.errors import ConfigError, ParityError, Problem, did_you_mean, nearest


def test_an_error_says_what_where_why_and_what_next() -> None:
    error = ParityError("it is gone", where="a.toml", why="one\ntwo", next_step="look again")
    assert str(error) == (
        "error: it is gone\n  at a.toml\n  because one\n    two\n\nhint: look again"
    )


def test_what_is_not_known_is_left_out() -> None:
    error = ParityError("it is gone", where=None, why="", next_step="look again")
    assert str(error) == "error: it is gone\n\nhint: look again"


def test_an_error_without_a_next_step_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without a next step"):
        ParityError("it is gone", where=None, why="", next_step="")


def test_a_file_is_refused_with_everything_wrong_in_it() -> None:
    problems = [Problem("x", "unknown key", "did you mean `y`?"), Problem("z", "is no number")]
    error = ConfigError("a.toml", problems, kind="config")
    assert str(error) == (
        "error: a.toml has 2 problems\n  at x: unknown key\n     did you mean `y`?\n"
        "  at z: is no number\n\nhint: mend the config; nothing was run"
    )
    assert "1 problem\n" in str(ConfigError("a.toml", problems[:1], kind="map"))


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("sorces", ["sources", "fixtures"], ["sources"]),
        ("SOURCES", ["sources"], ["sources"]),
        ("plan_move", ["plan_moves", "plan_mover", "x"], ["plan_moves", "plan_mover"]),
        ("x", ["sources"], []),
        ("abcd", ["abce", "abcf", "abcg", "abch"], ["abch", "abcg", "abcf"]),
    ],
)
def test_the_nearest_names(word: str, known: list[str], found: list[str]) -> None:
    assert sorted(nearest(word, known)) == sorted(found)


def test_a_hint_names_them_or_is_empty() -> None:
    assert did_you_mean("sorces", ["sources"]) == "did you mean `sources`?"
    assert did_you_mean("x", ["sources"]) == ""


def test_names_that_differ_by_case_are_both_near() -> None:
    assert sorted(nearest("totl", ["Total", "total"])) == ["Total", "total"]


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_what_a_place_refuses_is_no_traceback(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number), "/some/place/.parity")

    monkeypatch.setattr(cli.cli, "main", refused)
    assert cli._status() == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert f"at /some/place/.parity\n  because {os.strerror(number)}" in told


def test_an_error_of_another_kind_is_a_defect_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise OSError(errno.EBADF, "bad", None)

    monkeypatch.setattr(cli.cli, "main", broken)
    assert cli._status() == 2
    assert "Traceback" in capsys.readouterr().err
