"""What a JVM does once so that its classes can be archived: a little of all that a run does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parity.sides.java.types import wire_table

# A handler and its event: the names of AWS's interfaces are what makes it one.
SOURCES = {
    "com/amazonaws/services/lambda/runtime/Context.java": """
package com.amazonaws.services.lambda.runtime;
public interface Context { String getAwsRequestId(); }
""",
    "com/amazonaws/services/lambda/runtime/RequestHandler.java": """
package com.amazonaws.services.lambda.runtime;
public interface RequestHandler<I, O> { O handleRequest(I input, Context context); }
""",
    "rehearsal/Handler.java": """
package rehearsal;
import com.amazonaws.services.lambda.runtime.*;
import java.util.*;
public final class Handler implements RequestHandler<Handler.Event, List<Handler.Event>> {
  public static final class Event {
    private String name;
    private List<Double> loads;
    private Map<String, Long> limits;
    public String getName() { return name; }
    public void setName(String name) { this.name = name; }
    public List<Double> getLoads() { return loads; }
    public void setLoads(List<Double> loads) { this.loads = loads; }
    public Map<String, Long> getLimits() { return limits; }
    public void setLimits(Map<String, Long> limits) { this.limits = limits; }
  }
  @Override public List<Event> handleRequest(Event event, Context context) {
    return List.of(event);
  }
}
""",
    "rehearsal/Methods.java": """
package rehearsal;
import java.math.*;
import java.time.*;
import java.util.*;
public final class Methods {
  public record Host(String name, long cpus, Optional<Double> load, Set<String> tags) {}
  public static Map<String, Object> plan(List<Map<String, Object>> hosts, int copies) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("hosts", hosts);
    made.put("load", copies / 3.0);
    made.put("when", List.of(LocalDate.EPOCH, Instant.EPOCH, Duration.ofSeconds(copies)));
    made.put("price", new BigDecimal("1.10"));
    return made;
  }
  public static List<Host> same(List<Host> hosts) {
    hosts.sort(Comparator.comparing(Host::name));
    return hosts;
  }
  public static String raise(String why) {
    System.out.println(why);
    throw new IllegalStateException(why, new RuntimeException(why));
  }
}
""",
}
EVENT = {"name": "a", "loads": [0.5, 1.0], "limits": {"moves": 3}}
HOST = {"$object": ["m:Host", {"name": "a", "cpus": 4, "load": 0.5, "tags": {"$set": ["ssd"]}}]}
WORLD = {"clock": "2024-02-29T12:00:00Z", "seed": 7, "env": {"HOME": "/"}}
FIXTURES: dict[str, list[dict[str, Any]]] = {
    "rehearsal.Handler": [{"event": json.dumps(EVENT)}],
    "rehearsal.Methods#plan": [{"args": [[{"a": 1, "b": "c"}], 3], "world": WORLD}],
    "rehearsal.Methods#same": [{"args": [[HOST, HOST]]}, {"args": [["no host"]]}],
    "rehearsal.Methods#raise": [{"args": ["why"]}],
}
TIMES = 20  # so often that reflection takes the ways that it takes in a run
HEADER = b"PARITY2\0" + bytes(56)


def classes(home: Path, folder: Path) -> Path | None:
    """The folder with the classes to rehearse; None where the JDK has no compiler."""
    compiler = home / "bin" / "javac"
    if not compiler.is_file():
        return None
    for name, text in SOURCES.items():
        file = folder / "sources" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "ascii")
    out = folder / "classes"
    names = [str(folder / "sources" / name) for name in SOURCES]
    command = [str(compiler), "--release", "17", "-parameters", "-d", str(out), *names]
    done = subprocess.run(command, capture_output=True, check=False)
    return out if done.returncode == 0 else None


def requests(home: Path, folder: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Requests of docs/worker-protocol.md, each with the number of lines that answer it."""
    own = classes(home, folder)
    hello = {"op": "hello", "salt": 0, "types": wire_table(), "cache": None, "max_items": 100}
    yield {**hello, "classpath": [str(own)] if own else []}, 1
    if own is None:
        return
    units = [unit(java) for java in FIXTURES]
    text = {"expression": "a + b.size()", "parameters": [["a", "int"], ["b", "List<Long>"]]}
    units.append({**unit("expression"), **text, "java": None})
    yield {"op": "load", "units": units}, len(units)
    fixtures = {**FIXTURES, "expression": [{"args": [1, [2, 3]]}]}
    for number, (name, documents) in enumerate(fixtures.items()):
        lines = folder / f"{number}.requests"
        answers = folder / f"{number}.answers"
        text_of_lines = "".join(json.dumps(document) + "\n" for document in documents)
        lines.write_text(text_of_lines * TIMES, "ascii")
        answers.write_bytes(HEADER)
        request = {"op": "run", "batch": number, "unit": name, "requests": str(lines), "from": 0}
        yield {**request, "answers": str(answers), "trace": True}, 1
    yield from strikes(folder, len(fixtures))


def strikes(folder: Path, number: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Mutants of one of the units, and a few of them run."""
    name = next(one for one in FIXTURES if one.endswith("#plan"))
    lines, asked = folder / "mutants.requests", folder / "strike.requests"
    lines.write_text(json.dumps(FIXTURES[name][0]) + "\n", "ascii")
    ask = [json.dumps({"mutant": index, "from": 0, "most": 1}) for index in range(2)]
    asked.write_text("\n".join(ask) + "\n", "ascii")
    for op, requests in ("mutants", lines), ("strike", asked):
        answers = folder / f"{op}.answers"
        answers.write_bytes(HEADER)
        request = {"op": op, "batch": number, "unit": name, "requests": str(requests), "from": 0}
        result = str(folder / "mutants.json")
        yield {**request, "answers": str(answers), "result": result}, 1
        number += 1


def unit(java: str) -> dict[str, Any]:
    """A unit as the worker is told of it."""
    empty = dict.fromkeys(["receiver", "package", "expression", "body", "parameters", "names"])
    flat = {"imports": [], "methods": {}, "class_unit": False, "isolate": False, "classpath": []}
    return {"id": java, "java": java, **empty, **flat}
