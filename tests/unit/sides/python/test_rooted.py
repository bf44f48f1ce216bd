"""What is installed in an environment below a source root is not the project's own."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from parity.config import find_config
from parity.model import Unit
from parity.sides.python.rooted import is_of_sources
from parity.sides.python.side import python_unit, python_worker

CONFIG = 'sources = ["."]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n'
OWN = """
import sys
sys.path.append({path!r})
import lib


def halved(n):
    return lib.half(n + 0)
"""
LIBRARY = """
def half(n):
    if n < 0:
        raise ValueError(n)
    return n // 2
"""


def test_a_root_may_stand_in_an_environment_itself() -> None:
    root = "/srv/env/lib/python3/site-packages"
    assert is_of_sources(f"{root}/pack/mod.py", [root])
    assert not is_of_sources(f"/srv{root}/pack/mod.py", ["/srv"])
    assert not is_of_sources("/srvs/mod.py", ["/srv"])


def test_a_library_below_the_sources_is_not_blamed_and_no_construct_of_it_is_tried(
    tmp_path: Path,
) -> None:
    path = tmp_path / ".venv" / "lib" / "site-packages"
    path.mkdir(parents=True)
    (path / "lib.py").write_text(textwrap.dedent(LIBRARY), "utf-8")
    (tmp_path / "mod.py").write_text(OWN.format(path=str(path)), "utf-8")
    (tmp_path / "parity.toml").write_text(CONFIG, "utf-8")
    worker = python_worker(find_config(tmp_path), hash_seed=0)
    try:
        worker.load([python_unit(Unit("mod:halved", "map"))])
        looked = worker.trials("mod:halved", [json.dumps({"args": [-3]})], None, 5.0)
    finally:
        worker.close()
    assert looked is not None
    assert {Path(site[1]).name for site in looked["sites"]} == {"mod.py"}
    assert json.loads(looked["plain"][0])["raised"]["line"].endswith("mod.py:8")
