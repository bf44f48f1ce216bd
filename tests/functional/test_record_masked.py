"""Secrets and personal data of a recorded program are in no file; what hangs on them still runs."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.functional.conftest import CONFIG, ROOT, Project, Told
from tests.github import github

PLANTED = {
    "e-mail": ["Ann.Smith@globex-mail.com", "bob+shop@initech.co.uk", "carol_77@umbrella.example"],
    "card": ["4539 1488 0343 6467", "378282246310005", "6011000990139424"],
    "phone": ["+44 20 7946 0958", "+1 (415) 555-2671", "(212) 736-5000"],
    "iban": [
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
    ],
    "ssn": ["536-90-4399", "219-09-9999", "078-05-1120"],
    "api key": [
        *("AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    ],
    "password": ["correct-horse-battery", "tr0ub4dor&3", "swordfish-1999"],
    "session token": [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        *("b7f3c2d1-session-88", "c0ffee-token-4711"),
    ],
    "name": ["Ann Smith", "Robert Tables", "Carol Danvers-Rhodes"],
    "day of birth": ["1980-02-29", "1975-11-03", "1991-07-14"],
}
VALUES = [value for values in PLANTED.values() for value in values]

ACCOUNTS = """\
import datetime


class Accounts:
    def __init__(self, customers):
        self.customers = customers
        self.tries = 0

    def login(self, email, password):
        for customer in self.customers:
            if customer["email"].lower() == email.lower():
                if customer["password"] == password:
                    return {"welcome": customer["full_name"], "session": customer["session_token"]}
                self.tries += 1
                raise PermissionError("%s cannot log in as %s" % (password, email))
        return None


def same_card(one, other):
    one, other = (text.replace(" ", "").replace("-", "") for text in (one, other))
    return one == other


def check_digit(card):
    digits = [int(one) for one in card if one.isdigit()]
    total = sum(digits[-1::-2]) + sum(sum(divmod(2 * one, 10)) for one in digits[-2::-2])
    return total % 10 == 0


def country(phone, iban):
    if phone.startswith("+44") and iban.startswith("GB"):
        return "UK"
    return "US" if phone.startswith("+1") else "elsewhere"


def shared(customers):
    seen, doubled = set(), []
    for customer in customers:
        if customer["social_security_number"] in seen:
            doubled.append(customer["email"].split("@")[1])
        seen.add(customer["social_security_number"])
    return doubled


def same_day(customers, day):
    return [one["full_name"] for one in customers if one["date_of_birth"] == day]


def signed(header, keys):
    kind, _, token = header.partition(" ")
    return kind == "Bearer" and token in keys


def letter(body, name):
    return "Dear %s,\\n%s" % (name, body.strip()) if name in body else body.upper()


def packed(data):
    return data.split(b"|")[0]
"""
APP = """\
import json, os, sys
sys.path.insert(0, "src")
import accounts

planted = json.load(sys.stdin)
names = ["email", "card", "phone", "iban", "social_security_number", "api_key", "password"]
names += ["session_token", "full_name", "date_of_birth"]
customers = [dict(zip(names, row)) for row in zip(*planted.values())]
for customer in customers:
    mine = accounts.Accounts([dict(one) for one in customers])
    mine.login(customer["email"].upper(), customer["password"])
    try:
        mine.login(customer["email"], customers[0]["password"] + "?")
    except PermissionError:
        pass
    mine.login("nobody@nowhere.org", customer["password"])
    accounts.same_card(customer["card"], customer["card"].replace(" ", ""))
    accounts.same_card(customer["card"], customers[1]["card"])
    accounts.check_digit(customer["card"])
    accounts.country(customer["phone"], customer["iban"])
    accounts.same_day(customers, customer["date_of_birth"])
    tokens = [one["session_token"] for one in customers]
    accounts.signed("Bearer " + customer["session_token"], tokens)
    accounts.signed("Bearer " + customer["api_key"], tokens)
    name, body = customer["full_name"], "we wrote to %s about %s"
    accounts.letter(body % (name, customer["iban"]), name)
    body = "card %s, call %s" % (customer["card"], customer["phone"])
    accounts.letter(body, customer["password"])
    accounts.packed(("%s|%s" % (customer["email"], customer["api_key"])).encode())
accounts.country(customers[0]["phone"], customers[1]["iban"])
accounts.shared(customers)
accounts.shared(customers + [dict(customers[0], email=customers[2]["email"])])
accounts.same_day(customers, "2001-01-01")
spool = os.path.dirname(os.environ.get("PARITY_RECORD", "none/none"))
for name in os.listdir(spool) if os.path.isdir(spool) else []:
    with open(os.path.join(spool, name), encoding="utf-8") as file:
        text = file.read()
    for value in sum(planted.values(), []):
        if value in text:
            print("in the spool:", value)
"""
UNITS = [
    *("Accounts.login", "same_card", "check_digit", "country", "shared", "same_day", "signed"),
    *("letter", "packed"),
]
BRANCHES = {
    "same_card": {"true", "false"},
    "check_digit": {"true"},
    "country": {'"UK"', '"US"', '"elsewhere"'},
    "signed": {"true", "false"},
}


@pytest.fixture
def accounts(project: Project) -> Project:
    """A shop that knows its customers."""
    entries = [f'[unit."accounts:{name}"]\njava = "shop.Half#half"\n' for name in UNITS]
    for file in (project.folder / "fixtures").rglob("*.jsonl"):
        file.unlink()
    return project.write(
        {"src/accounts.py": ACCOUNTS, "app.py": APP, "parity.map.toml": "".join(entries)}
    )


def record(project: Project, *options: str, env: dict[str, str] | None = None) -> Told:
    """`parity record` of the program, which is given what is planted on its standard input."""
    command = [sys.executable, "-P", "-m", "parity", "record", "--json", *options, "--"]
    done = subprocess.run(
        [*command, sys.executable, "app.py"],
        cwd=project.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}),
        input=json.dumps(PLANTED),
        capture_output=True,
        text=True,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def lines(project: Project, name: str) -> list[dict[str, Any]]:
    text = (project.folder / "fixtures" / "accounts" / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()[1:]]


def written(folder: Path) -> str:
    """Everything that stands in files, and what Base64 hides in them."""
    texts = [
        file.read_text("utf-8", "replace")
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    ]
    text = "\n".join(texts)
    for piece in text.split('"'):
        if len(piece) % 4 == 0 and piece.isascii() and len(piece) > 8:
            try:
                text += base64.b64decode(piece, validate=True).decode("latin-1")
            except ValueError:
                continue
    return text


def test_what_is_planted_is_in_no_file_and_its_branches_run(accounts: Project) -> None:
    assert (len(PLANTED), len(VALUES)) == (10, 30)
    told = record(accounts)
    assert told.status == 0, told.text
    report = json.loads(told.out.splitlines()[-1])
    assert "in the spool" not in told.out
    text = written(accounts.folder)
    assert [value for value in VALUES if value.lower() in text.lower()] == []
    assert [value for value in VALUES if value.lower() in told.err.lower()] == []
    assert all(unit["fixtures"] and unit["lost"] == {} for unit in report["units"]), report
    assert {"card", "email", "field", "iban", "phone"} <= set(report["masked"])
    for name, results in BRANCHES.items():
        seen = {json.dumps(one["observed"]["returned"]) for one in lines(accounts, name)}
        assert results <= seen, name
    ends = [one["observed"] for one in lines(accounts, "Accounts.login")]
    welcome = [one["returned"]["welcome"] for one in ends if one.get("returned")]
    assert len(set(welcome)) == 3
    assert any("raised" in one for one in ends)
    assert any("returned" in one and one["returned"] is None for one in ends)
    doubled = [one["observed"]["returned"] for one in lines(accounts, "shared")]
    assert sorted(map(len, doubled)) == [0, 1]
    days = [len(one["observed"]["returned"]) for one in lines(accounts, "same_day")]
    assert sorted(days) == [0, 1, 1, 1]


def test_what_was_masked_is_what_python_does_on_it(accounts: Project) -> None:
    record(accounts)
    told = accounts.javac().run()
    kinds = [one["kind"] for unit in told.report["units"] for one in unit["findings"]]
    assert kinds
    assert "recording" not in kinds
    assert "unstable" not in kinds


def test_recording_again_gives_the_same_tokens(accounts: Project) -> None:
    record(accounts)
    before = {file: file.read_bytes() for file in (accounts.folder / "fixtures").rglob("*.jsonl")}
    told = record(accounts)
    assert {unit["added"] for unit in json.loads(told.out.splitlines()[-1])["units"]} == {0}
    assert before == {file: file.read_bytes() for file in before}
    key = accounts.folder / ".parity" / "mask.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    record(accounts, "--anew", env={"PARITY_MASK_KEY": "of the team"})
    assert before != {file: file.read_bytes() for file in before}


def test_unmasked_is_asked_for(accounts: Project) -> None:
    record(accounts, "--unmasked")
    assert "Ann.Smith@globex-mail.com" in written(accounts.folder / "fixtures")


def test_terms_of_masking_stand_in_the_config(accounts: Project) -> None:
    mask = '[mask]\nfields = ["one"]\nkeep = ["globex-mail.com"]\noff = ["iban", "fields"]\n'
    accounts.write({"parity.toml": CONFIG + mask})
    record(accounts)
    text = written(accounts.folder / "fixtures")
    assert "Ann.Smith@globex-mail.com" in text
    assert "GB29NWBK60161331926819" in text
    assert "bob+shop@initech.co.uk" not in text
    told = accounts.write({"parity.toml": CONFIG + '[mask]\noff = ["emial"]\n'}).parity("map")
    assert told.status == 2
    assert "mask.off" in told.text


LATE = """\
import sys
sys.path.insert(0, "src")
import accounts
accounts.letter("the code is xyzzy-plugh-42", "nobody")
accounts.Accounts([]).login("ann", "xyzzy-plugh-42")
"""


def test_what_is_known_for_a_secret_only_later_is_not_kept(accounts: Project) -> None:
    accounts.write({"app.py": LATE})
    told = record(accounts)
    report = {unit["id"]: unit for unit in json.loads(told.out.splitlines()[-1])["units"]}
    (why,) = report["accounts:letter"]["lost"]
    assert why.startswith("it holds what was masked elsewhere")
    assert report["accounts:letter"]["fixtures"] == 0
    assert "xyzzy-plugh-42" not in written(accounts.folder / "fixtures")


def test_a_leak_in_a_written_file_is_a_loud_failure(accounts: Project) -> None:
    script = """
import parity.record.session as session, sys
session._Keeper._drop_leaks = lambda self, fresh, lost: None
from parity.__main__ import start
sys.exit(start())
"""
    accounts.write({"app.py": LATE, "leaky.py": script})
    done = subprocess.run(
        [sys.executable, "leaky.py", "record", "--", sys.executable, "app.py"],
        cwd=accounts.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "hold what was to be masked" in done.stderr
    assert "letter.jsonl, line 2" in done.stderr
    assert "xyzzy" not in done.stderr
    assert not (accounts.folder / "fixtures/accounts/letter.jsonl").exists()


LETTERS = """\
package shop;

import java.util.List;

public final class Letters {
    public static String letter(String body, String name) {
        return name + ": " + body;
    }

    public static boolean signed(String header, List<String> keys) {
        throw new IllegalStateException(header + " is none of " + keys);
    }
}
"""


def test_what_is_planted_is_in_nothing_that_tells_of_a_run(accounts: Project) -> None:
    for name in ("letter", "signed"):
        text = (accounts.folder / "parity.map.toml").read_text("utf-8")
        before = f'[unit."accounts:{name}"]\njava = "shop.Half#half"'
        assert before in text
        after = before.replace("Half#half", f"Letters#{name}")
        accounts.write({"parity.map.toml": text.replace(before, after)})
    accounts.write({"java/shop/Letters.java": LETTERS}).javac()
    assert record(accounts).status == 0
    out = accounts.folder / "out"
    files = {name: str(out / name) for name in ("junit.xml", "log.sarif", "comment.md", "a.svg")}
    told = accounts.run("--junit", files["junit.xml"], "--sarif", files["log.sarif"], "--evidence")
    assert told.status == 1, told.err
    accounts.write({"out/run.json": told.out})
    with github() as api:
        accounts.env.update(api.env)
        reported = accounts.parity(
            "report", str(out / "run.json"), "--html", str(out / "html"), "--md",
            files["comment.md"], "--badge", files["a.svg"], "--annotations", "--comment", "build",
        )  # fmt: skip
        assert reported.status == 0, reported.text
        comment = "\n".join(api.bodies())
    compared = accounts.parity("compare", "accounts:letter")
    tables = accounts.parity("run", "--no-cache")
    texts = {file.name: written(file.parent) for file in out.rglob("*") if file.is_file()}
    texts |= {"comment": comment, "annotations": reported.text, "compare": compared.text}
    texts |= {"run": tables.text, "all": written(accounts.folder)}
    for name, text in texts.items():
        assert [value for value in VALUES if value.lower() in text.lower()] == [], name
    (masked,) = {one["args"][1] for one in lines(accounts, "letter")[:1]}
    shown = ("run.json", "junit.xml", "log.sarif", "comment.md", "comment", "compare")
    pages = "".join(file.read_text("utf-8") for file in out.rglob("html/units/*.js"))
    for name, text in {**{one: texts[one] for one in shown}, "pages": pages}.items():
        assert masked in text, name
