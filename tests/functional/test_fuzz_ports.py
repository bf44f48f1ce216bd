"""`parity fuzz` on units that ask a database: python leads, and java has to ask the same."""

from __future__ import annotations

import json
from typing import Any

from tests.functional.conftest import CONFIG, Project

PYTHON = """
import sqlite3

def settle(bill, plan):
    database = sqlite3.connect("bills.db")
    (percent,) = database.execute("select rate from plans where name = ?", (plan,)).fetchone()
    row = database.execute("select cents from bills where id = ?", (bill,)).fetchone()
    if row is None:
        return 0
    fee = row[0] * percent // 100
    database.execute("update bills set fee = ? where id = ?", (fee, bill.strip("#")))
    database.commit()
    return fee
"""
JAVA = """
package shop;

import java.sql.*;

public final class Bills {
  private static Long one(Connection database, String text, String name) throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(text)) {
      statement.setString(1, name);
      ResultSet rows = statement.executeQuery();
      return rows.next() ? rows.getLong(1) : null;
    }
  }

  public static long settle(String bill, String plan) throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:bills")) {
      database.setAutoCommit(false);
      long rate = one(database, "select rate from plans where name = ?", plan);
      Long cents = one(database, "select cents from bills where id = ?", bill);
      if (cents == null) return 0;
      long fee = DIVIDED;
      String change = "update bills set fee = ? where id = ?";
      try (PreparedStatement statement = database.prepareStatement(change)) {
        statement.setLong(1, fee);
        statement.setString(2, bill.replaceAll("^#+|#+$", ""));
        statement.executeUpdate();
      }
      database.commit();
      return fee;
    }
  }
}
"""
ASKED = ("select rate from plans where name = ?", "select cents from bills where id = ?")
CHANGED = "update bills set fee = ? where id = ?"


def call(text: str, *values: object, **returned: object) -> dict[str, object]:
    return {"port": "sql", "call": "execute", "args": [text, [*values]], "returned": returned}


def fixtures() -> str:
    rate = call(ASKED[0], "basic", columns=["rate"], rows=[[20]])
    commit: dict[str, Any] = {"port": "sql", "call": "commit", "args": [], "returned": None}
    change = call(CHANGED, 200, "b1", count=1)
    found = call(ASKED[1], "#b1", columns=["cents"], rows=[[1000]])
    none = call(ASKED[1], "b2", columns=["cents"], rows=[])
    lines = [
        {"id": "b1", "args": ["#b1", "basic"], "world": {"ports": [rate, found, change, commit]}},
        {"id": "b2", "args": ["b2", "basic"], "world": {"ports": [rate, none]}},
    ]
    return "".join(json.dumps(one) + "\n" for one in lines)


def bills(project: Project, divided: str) -> Project:
    unit = '[unit."bills:settle"]\njava = "shop.Bills#settle"\n'
    domain = 'domain = "bill.isascii() and plan.isascii()"\n'
    files = {
        "parity.toml": CONFIG,
        "parity.map.toml": f"schema = 1\n[port.sql]\n{unit}{domain}",
        "src/bills.py": PYTHON,
        "java/shop/Bills.java": JAVA.replace("DIVIDED", divided),
        "fixtures/bills/settle.jsonl": fixtures(),
    }
    return project.write(files).javac("-g")


def test_what_python_asks_of_a_database_for_another_input_is_no_difference(
    project: Project,
) -> None:
    """Each of these inputs was said to differ: its calls are not those that were recorded."""
    bills(project, "Math.floorDiv(Math.multiplyExact(cents, rate), 100L)")
    told = project.parity("fuzz", "bills:settle", "--examples", "300", "--json")
    unit = told.unit
    assert not [one for one in unit["findings"] if one["kind"] == "effect"]
    assert unit["matched"] > 60


def test_a_reply_of_a_database_is_changed_in_its_cells(project: Project) -> None:
    bills(project, "cents * rate / 100")
    told = project.parity("fuzz", "bills:settle", "--examples", "300", "--json")
    (finding,) = (one for one in told.unit["findings"] if one["kind"] == "effect")
    replies = [one["returned"] or {} for one in finding["fixture_more"]["world"]["ports"]]
    cells = [cell for reply in replies for row in reply.get("rows", []) for cell in row]
    assert len(cells) == 2
    assert min(cells) < 0


def test_what_java_writes_to_a_database_otherwise_has_a_proven_cause(project: Project) -> None:
    bills(project, "cents * rate / 100")
    rate = call(ASKED[0], "basic", columns=["rate"], rows=[[20]])
    found = call(ASKED[1], "b3", columns=["cents"], rows=[[-1001]])
    ports = [rate, found, call(CHANGED, -201, "b3", count=1)]
    ports.append({"port": "sql", "call": "commit", "args": [], "returned": None})
    line = {"id": "b3", "args": ["b3", "basic"], "world": {"ports": ports}}
    project.write({"fixtures/bills/settle.jsonl": fixtures() + json.dumps(line) + "\n"})
    (finding,) = project.run().unit["findings"]
    assert (finding["path"], finding["kind"]) == ("$effects[2].args[1][0]", "effect")
    assert finding["cause"]["id"] == "floor-division"
    assert finding["cause"]["proven"]


def test_saved_inputs_bring_the_calls_that_python_makes_of_them(project: Project) -> None:
    bills(project, "Math.floorDiv(cents * rate, 100L)")
    project.parity("fuzz", "bills:settle", "--examples", "800", "--save")
    unit = project.run().unit
    assert unit["fixtures"] > 2
    notes = [one.get("note") or "" for one in unit["findings"]]
    assert not [note for note in notes if "record the fixture again" in note]


def test_without_a_reply_to_what_python_asks_nothing_is_told(project: Project) -> None:
    """Each input was said to differ, as nobody had recorded what the database gives."""
    bills(project, "Math.floorDiv(cents * rate, 100L)")
    project.write({"fixtures/bills/settle.jsonl": '{"id": "b1", "args": ["b1", "basic"]}\n'})
    told = project.parity("fuzz", "bills:settle", "--examples", "50")
    assert told.status == 2, told.text
    assert "python makes a call of a port to which no reply was recorded" in told.text
    assert "parity record" in told.text
