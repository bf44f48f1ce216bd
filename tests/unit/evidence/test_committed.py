"""Evidence in the repository: alike on all machines, and what is worse than at the merge base."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from parity.config import find_config
from parity.errors import ParityError
from parity.evidence import committed
from parity.evidence.against import base
from parity.evidence.committed import Proof, proof_of
from parity.model import Trouble, Unit, UnitReport, Verdict
from tests.unit.evidence.conftest import Project

MATCHED, ALLOWED, UNKNOWN, DIFFERS = Verdict


def report(unit: Unit, **counts: int) -> UnitReport:
    told = {Verdict(name): count for name, count in counts.items()}
    verdict = max(told, key=lambda verdict: verdict.rank) if told else UNKNOWN
    return UnitReport(unit, verdict, told, ())


def git(folder: Path, *arguments: str) -> str:
    names = {
        f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), **names}
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    root = tmp_path / "service"
    root.mkdir()
    (root / "parity.toml").write_text('evidence = "evidence"\n')
    return root


def unit(name: str) -> Unit:
    return Unit(f"shop.prices:{name}", "parity.map.toml", java="a.B#c")


def commit(root: Path, *reports: UnitReport) -> None:
    config = find_config(root)
    for one in reports:
        committed.write(config, Proof(one.unit.id, one.verdict, one.counts))
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "evidence")


# ---------------------------------------------------------------- the files


def test_what_is_written_is_what_is_read(project: Project) -> None:
    evidence = project.take()
    proof = proof_of(report(project.unit(), matched=40), evidence, project.basis())
    committed.write(project.config, proof)
    assert committed.read(project.config, project.unit()) == proof
    assert committed.read(project.config, project.unit("shop.money:cents")) is None


def test_the_file_holds_hashes_and_no_values_times_or_places(project: Project) -> None:
    project.env["TAX"] = "a-secret-of-mine"
    outside = project.root.parent / "outside.txt"
    outside.write_text("x")
    os.utime(outside, (1, 1))
    evidence = project.take(python={"files": [str(outside)], "beyond": ["reads /proc/x"]})
    assert outside.name in str(evidence.files)
    text = committed.text_of(proof_of(report(project.unit(), matched=1), evidence, project.basis()))
    assert str(project.root) not in text
    assert str(project.root.parent) not in text
    assert str(Path.home()) + "/" not in text
    assert "a-secret-of-mine" not in text
    rests_on = json.loads(text)["rests_on"]
    assert set(rests_on["modules"]) >= {"src/shop/prices.py", "more/rates.py"}
    assert set(rests_on["classes"]) >= {"com.example.Prices", "com.example.Money"}
    assert rests_on["distributions"] == ["taxes 2.1"]
    assert rests_on["java"] == "17"
    assert rests_on["python"].count(".") == 1
    assert text.count("\n") > 20, "one fact a line, so that branches merge"


def test_a_unit_that_did_not_run_rests_on_nothing(project: Project) -> None:
    earlier, basis = project.take(), project.basis()
    trouble = Trouble("it cannot be imported", None, "why", "mend it", "import")
    now = replace(report(project.unit(), unknown=1), trouble=trouble)
    assert proof_of(now, earlier, basis) == Proof(project.unit().id, UNKNOWN, {UNKNOWN: 1})
    assert proof_of(now, None, basis).rests_on == {}


def test_the_file_is_the_same_on_another_machine(project: Project, tmp_path: Path) -> None:
    def text() -> str:
        evidence = project.take()
        proof = proof_of(report(project.unit(), matched=1), evidence, project.basis())
        return committed.text_of(proof)

    here = text()
    moved = tmp_path / "of" / "somebody"
    moved.parent.mkdir()
    project.root.rename(moved)
    project.root = moved.resolve()
    project.env = {"TAX": "another", "PATH": "/elsewhere"}
    assert text() == here


def test_what_has_not_changed_is_not_written_again(project: Project) -> None:
    proof = Proof("shop.prices:total", MATCHED, {MATCHED: 1})
    committed.write(project.config, proof)
    (file,) = (project.root / "tests/evidence").rglob("*.json")
    before = file.stat().st_mtime_ns
    committed.write(project.config, proof)
    assert file.stat().st_mtime_ns == before


def test_a_unit_that_was_renamed_keeps_its_evidence(project: Project) -> None:
    committed.write(project.config, Proof("shop.prices:total", MATCHED, {MATCHED: 1}))
    renamed = Unit("shop.prices:sum_up", "", was=("shop.prices:total",))
    found = committed.read(project.config, renamed)
    assert found is not None
    assert found.verdict is MATCHED


def test_files_of_units_that_are_gone_are_removed_and_others_are_not(project: Project) -> None:
    for name in ("shop.prices:total", "shop.gone:away"):
        committed.write(project.config, Proof(name, MATCHED, {}))
    foreign = project.root / "tests/evidence/notes.json"
    foreign.write_text("{}")
    removed = committed.forget_others(project.config, [project.unit()])
    assert [file.name for file in removed] == ["away.json"]
    assert foreign.exists()


@pytest.mark.parametrize(
    "damage", ["", "<<<<<<< ours", "[]", '{"evidence": 2}', '{"evidence": 1, "unit": "x"}']
)
def test_a_damaged_file_is_an_error_and_not_an_absence(project: Project, damage: str) -> None:
    committed.write(project.config, Proof("shop.prices:total", MATCHED, {}))
    (file,) = (project.root / "tests/evidence").rglob("*.json")
    file.write_text(damage)
    with pytest.raises(ParityError) as told:
        committed.read(project.config, project.unit())
    assert str(file) in str(told.value)


# ---------------------------------------------------------------- against a merge base


def test_a_red_project_is_green_against_its_base_but_for_one_regression(repository: Path) -> None:
    differing = [unit(f"differs{i}") for i in range(30)]
    bare = [unit(f"bare{i}") for i in range(100)]
    good = unit("good")
    commit(
        repository,
        *(report(one, matched=5, differs=3) for one in differing),
        *(report(one) for one in bare),
        report(good, matched=10),
    )
    git(repository, "checkout", "-q", "-b", "work")
    commit(repository)
    then = base(find_config(repository), "main")

    unchanged = [report(one, matched=5, differs=3) for one in differing]
    unchanged += [report(one) for one in bare] + [report(good, matched=10)]
    assert [then.worse(one) for one in unchanged] == [None] * 131
    assert then.worse(report(good, matched=9, differs=1)) == "it was matched, and is differs"


@pytest.mark.parametrize(
    ("before", "now", "worse"),
    [
        ({"matched": 1}, {"matched": 2}, None),
        ({"matched": 2}, {"matched": 1, "allowed": 1}, None),
        ({"matched": 1}, {"unknown": 1}, "it was matched, and is unknown"),
        ({"unknown": 1}, {"differs": 1}, "it was unknown, and is differs"),
        ({"differs": 1}, {"unknown": 1}, None),
        ({"differs": 1}, {"differs": 1, "matched": 3}, None),
        ({"differs": 1}, {"differs": 2}, "1 fixtures differed, and 2 do"),
        ({"differs": 3, "unknown": 1}, {"differs": 4}, "3 fixtures differed, and 4 do"),
        ({"differs": 3}, {"differs": 2, "unknown": 1}, None),
        (
            {"differs": 3},
            {"differs": 3, "unknown": 1},
            "3 fixtures differed or were unknown, and 4 are",
        ),
        ({"differs": 3}, {"matched": 3}, None),
        ({}, {}, None),
        ({}, {"unknown": 1}, "0 fixtures differed or were unknown, and 1 are"),
        (None, {}, None),
        (None, {"unknown": 4}, None),
        (None, {"matched": 4}, None),
        (None, {"matched": 4, "differs": 1}, "it differs, and had no evidence"),
    ],
)
def test_what_is_worse(
    repository: Path, before: dict[str, int] | None, now: dict[str, int], worse: str | None
) -> None:
    one = unit("one")
    commit(repository, *([report(one, **before)] if before is not None else []))
    assert base(find_config(repository), "HEAD").worse(report(one, **now)) == worse


def test_the_base_is_where_the_branches_part(repository: Path) -> None:
    one = unit("one")
    commit(repository, report(one, differs=1))
    git(repository, "checkout", "-q", "-b", "work")
    commit(repository)
    git(repository, "checkout", "-q", "main")
    commit(repository, report(one, matched=1))
    git(repository, "checkout", "-q", "work")
    then = base(find_config(repository), "main")
    assert then.worse(report(one, differs=1)) is None


def test_a_unit_renamed_since_is_compared_with_what_it_was(repository: Path) -> None:
    commit(repository, report(unit("one"), differs=1))
    renamed = Unit("shop.prices:two", "", java="a.B#c", was=("shop.prices:one",))
    then = base(find_config(repository), "main")
    assert then.worse(report(renamed, differs=1)) is None
    assert then.worse(report(renamed, differs=2))


def test_names_that_are_not_ascii_are_found(repository: Path) -> None:
    one = Unit("größe", "", java="a.B#c")
    commit(repository, report(one, differs=1))
    assert base(find_config(repository), "main").worse(report(one, differs=1)) is None


def test_evidence_that_is_not_committed_does_not_count(repository: Path) -> None:
    commit(repository)
    committed.write(find_config(repository), Proof(unit("one").id, DIFFERS, {DIFFERS: 1}))
    then = base(find_config(repository), "main")
    assert then.proofs == {}
    assert then.worse(report(unit("one"), differs=1))


@pytest.mark.parametrize("ref", ["nowhere", "--all", "main:service", ""])
def test_an_unknown_ref_is_told(repository: Path, ref: str) -> None:
    commit(repository)
    with pytest.raises(ParityError, match="there is no commit"):
        base(find_config(repository), ref)


def test_without_a_repository_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "parity.toml").write_text("")
    with pytest.raises(ParityError, match="is in no git repository"):
        base(find_config(tmp_path), "main")


def test_branches_that_share_nothing_are_told(repository: Path) -> None:
    commit(repository)
    git(repository, "checkout", "-q", "--orphan", "other")
    commit(repository, report(unit("x"), matched=1))
    with pytest.raises(ParityError, match="share no commit"):
        base(find_config(repository), "main")


def test_a_damaged_file_at_the_base_is_told_with_its_commit(repository: Path) -> None:
    commit(repository, report(unit("one"), matched=1))
    (file,) = (repository / "evidence").rglob("*.json")
    file.write_text("{")
    commit(repository)
    with pytest.raises(ParityError) as told:
        base(find_config(repository), "main")
    assert git(repository, "rev-parse", "HEAD")[:12] in str(told.value.where)
