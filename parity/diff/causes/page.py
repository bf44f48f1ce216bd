"""docs/causes.md, made from the table."""

from __future__ import annotations

from parity.diff.causes.table import TABLE

HEAD = """\
# Causes: why two sides differ

A difference is explained where parity can make it go away: the python side runs once more, with one
construct meant as Java means it (`//` that truncates, `len` that counts UTF-16 units, a dict that orders
like a HashMap), and gives what Java gave. What is written in the project is not touched: all of it
happens in a copy of the python worker, which is ended before it writes, connects or starts anything.

```
  cause    floor-division  (proven: explains 41 of 41)
           python: // rounds toward minus infinity
           java: / rounds toward zero
  fix      Math.floorDiv(a, b); Math.floor(a / b) for doubles
  at       src/billing.py:7  src/main/java/com/example/Billing.java:12
```

`explains 41 of 41`: the cause is at work (what is meant changes what python gives) on 41 of the findings,
and on each of them the sides are then equal. A cause is **proven** only where

- that holds for all findings on which it is at work, and it changes no other place that stays different,
- nothing on which the sides agree is changed by it: fixtures, and inputs near them that are tried for that
  (not for a unit that was seen at files, processes or the network),
- no other cause explains the same; else the others are named, and it is only *perhaps* one of them,
- Java's text, where there is any, has something that means it that way,
- it can hardly be chance: of an outcome with two values, such as a boolean, an agreeing input has to have run the
  same construct.

In a trial calls of ports, AWS, databases and servers are answered whatever they are given. Java was ended by a call that was not recorded: where python then makes
that very call, after equal ones, the finding is explained.

Two constructs are tried together where one alone does not explain a finding (`also` in the JSON report). A
unit without python source, or judged by recordings, has its results converted instead (wrapped, ordered, without
nulls …). At most about two seconds of work go into a unit, and none into one without differences. First come constructs that gave a value
that python has where the sides differ, and would have given the one that Java has, by itself or within a text; then all others. All are
tried on a few fixtures that differ, and on more where some stay unclear; those that explain some of it are tried on what agrees. Of a unit
that takes long (tens of milliseconds a call) only some fixtures are tried, and the others have no cause. Allowed differences are not explained.

What no language explains is tried where findings are left, for about a second more: a step that Java leaves out (`left-out-step`: a call that changes a
value or does something to the world, the right side of an operation), a case of its own that it does not handle (`left-out-case`), `and` for `or`
(`and-or`), and a constant, also one within a table that has a name in capitals, that Java's text has not, as each that Java's text has (`other-constant`). For what is left then, for half a second more: a variable as
each other one of its kind that is there (`other-variable`), and arguments, sides, cases, ends of loops and calls such as `min` and `find` the other way round
(`turned-round`), each proven only by outcomes that differ. Two of them that each explain something are tried
together as well. There are many such, and one may help by chance: it is proven only where it explains two different outcomes, or an agreeing input
came to the same place and stayed as it was.

| cause | Python | Java | as Java says it |
|---|---|---|---|
"""


def causes_page() -> str:
    """The page as it is to stand in docs/."""
    rows = [
        f'| <a id="{one.id}"></a>`{one.id}` | {_cell(one.python)} | {_cell(one.java)} '
        f"| {_code(one.fix)} |"
        for one in sorted(TABLE, key=lambda one: one.id)
    ]
    return HEAD + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    """A text that Markdown leaves as it is."""
    for character in "\\|<>*_`[]":
        text = text.replace(character, "\\" + character)
    return text


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"
