"""A side's worker as its user sees it: units are loaded, batches are run, nothing gets lost.

What was observed is in answer files, which outlive the worker. One that dies or hangs is replaced;
the fixture that was in flight is run once more, alone, before it is blamed.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.errors import ParityError
from parity.model import (
    Crashed,
    Effect,
    Fault,
    Form,
    Formless,
    Observation,
    Outcome,
    Outside,
    Raised,
    Refused,
    Returned,
    SideName,
    Stepped,
    TimedOut,
    Trouble,
    Valued,
)
from parity.sides.answers import PACKED, AnswerFile
from parity.sides.process import START_SECONDS, Gone, Late, Process, Silent, ending_of, stat_of
from parity.values.form import dumps
from parity.values.packed import NotPlain, unpacked

GRACE = 0.5
LOOK_SECONDS = 0.05
REAP_SECONDS = 5.0
PATIENT = 8
ENGINE_SECONDS = 30.0
EVENTS = frozenset({"started", "done", "ended"})
Loaded = dict[str, Any]
Answer = bytes | Observation
"""What a side did on one fixture: its answer as it stands in the file, or what ended it."""


class Stopped(Exception):
    """The run is being ended from outside; what was committed is kept."""


@dataclass(frozen=True, slots=True)
class Struck:
    """What ended the JVM while a mutant ran, and on which of the batch's fixtures."""

    outcome: Crashed | TimedOut
    fixture: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of one unit's fixtures: `count` lines in `requests`, run one after the other.

    Answer files stand beside `place`, a path without its endings. `seconds` is the time a fixture
    may take. Where `resumed`, what stands there already is taken, and only the rest is run.
    """

    unit: str
    requests: Path
    count: int
    place: Path
    seconds: float
    resumed: bool = False
    cover: bool = False
    """Whether to note which branches each fixture reaches: `reached` gives them."""
    once: bool = False
    """Whether the first fixture that ends or hangs its worker is the last: it is not run once more
    before it is blamed, and those behind it are not run."""
    until: float | None = None
    """When the whole batch is given up, by the monotonic clock: what has no answer by then has
    none, and nothing is blamed."""
    packed: bool = False
    """Whether results that are their own form are wanted packed (docs/worker-protocol.md)."""
    first: float = 0.0
    """The time that its first fixture may take where that is more: it may load what others use."""
    apart: bool = False
    """Whether each fixture starts from the state after loading, whatever the map says: python."""

    def file(self, side: SideName, start: int, ending: str) -> Path:
        """A file of this batch that begins at fixture `start`."""
        return self.place.with_name(f"{self.place.name}.{side}.{start:07}.{ending}")

    def files(self, side: SideName, ending: str) -> list[Path]:
        """All such files that are there, in the order of their fixtures."""
        return sorted(self.place.parent.glob(f"{self.place.name}.{side}.*.{ending}"))


class Worker:
    """One side in a process of its own, started again whenever the subject ends it."""

    def __init__(
        self,
        side: SideName,
        start: Callable[[], Process],
        hello: Callable[[], dict[str, Any]],
        needs: str,
        stop: threading.Event | None = None,
        *,
        reloads: bool = False,
    ) -> None:
        """`needs` says what the side needs to start, for whoever sees that it did not; `reloads`
        whether a process that has loaded units can load them anew."""
        self.side = side
        self._needs = needs
        self._start = start
        self._hello = hello
        self._process: Process | None = None
        self._greeted = False
        self._reloads = reloads
        self._has_loaded = False
        self._units: list[dict[str, Any]] = []
        self._forks = True
        self._batch = 0
        self._mutated: tuple[Process | None, Path | None] = (None, None)
        self._stop = stop or threading.Event()
        self.version = ""

    def start(self) -> None:
        """Starts the process ahead of its first use."""
        if self._process is None:
            self._process = self._start()
            self._greeted = False
            self._has_loaded = False

    def renew(self) -> None:
        """Has a process ready for the next `load`, ahead of it."""
        self._for_loading()

    def load(self, units: Sequence[dict[str, Any]]) -> dict[str, Loaded | Trouble]:
        """What is known of each unit after loading it, or why it cannot be run."""
        results: dict[str, Loaded | Trouble] = {}
        left = list(units)
        while left:
            process = self._for_loading()
            self._has_loaded = True
            process.send([dumps({"op": "load", "units": left})])
            left = self._loaded(process, left, results)
        self._units = [unit for unit in units if not isinstance(results[unit["id"]], Trouble)]
        # A fork has none of the threads that run here, whichever unit's module has started them.
        self._forks = not any(
            isinstance(loaded, dict) and loaded.get("threads") for loaded in results.values()
        )
        return results

    def observe(self, batch: Batch) -> list[Answer]:
        """One answer per fixture of the batch, in order. Raises Stopped where the run is ended.

        Of a batch that is run `once`, those up to the first that has ended its worker; of one that
        is given up, those that were there by then.
        """
        answers = self._kept(batch) if batch.resumed else []
        while len(answers) < batch.count and not _is_over(batch.until):
            start = len(answers)
            file = AnswerFile.made(batch.file(self.side, start, "answers"))
            try:
                self._run(batch, start, file)
                answers += file.answers()
                if len(answers) < batch.count:
                    raise Gone("it left its work")
            except (Gone, Silent) as ending:
                answers[start:] = file.answers()
                self._refuse_if_stopped()
                if isinstance(ending, Late):
                    return answers
                if len(answers) < batch.count and batch.once:
                    seconds = batch.seconds if answers else max(batch.first, batch.seconds)
                    return [*answers, _ended(ending, seconds)]
                if len(answers) < batch.count:
                    answers.append(self._alone(batch, len(answers)))
            finally:
                file.close()
        return answers[: batch.count]

    def ways(self, unit_id: str, lines: Sequence[str], seconds: float) -> list[list[Any]]:
        """Steps from line to line that the python side takes; none where it ends or hangs."""
        ways: list[list[Any]] = []
        while len(ways) < len(lines):
            try:
                for answer in self._answers("ways", unit_id, lines[len(ways) :], seconds):
                    ways.append(answer["ways"])
            except (Gone, Silent):
                self.close()
                ways.append([])
        return ways

    def trials(
        self,
        unit_id: str,
        lines: Sequence[str],
        plans: Sequence[Sequence[tuple[int, str]]] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        """What the python side does with constructs meant otherwise (docs/worker-protocol.md).

        Without plans, which of them would matter. Plans are tried on lines that are `chosen` by
        index, or on all; with `slips` they are steps left out and the like. None where nothing
        came of it in time.
        """
        request: dict[str, Any] = {"op": "try", "unit": unit_id, "lines": lines, "plans": plans}
        request["budget"] = budget
        if chosen is not None:
            request["chosen"] = list(chosen)
        if slips:
            request["slips"] = True
        tried: dict[str, Any] | None = self._asked(request).get("tried")
        return tried

    def values(self, unit_id: str, lines: Sequence[str], budget: float) -> list[Valued]:
        """What the expressions of the python side were on these; none where nothing came of it."""
        request = {"op": "try", "unit": unit_id, "lines": lines, "values": True, "budget": budget}
        tried = self._asked(request).get("tried") or {"values": []}
        return [
            Valued(file, (*place,), part, (*kinds,), (*numbers,), (*sizes,))
            for file, place, part, kinds, numbers, sizes in tried["values"]
        ]

    def hold(self, unit_id: str, args: list[Form], paths: Sequence[str]) -> list[Form] | None:
        """What java's declared parameter types make of these values; None where they refuse."""
        request = {"op": "hold", "unit": unit_id, "args": args, "paths": list(paths)}
        held: list[Form] | None = self._asked(request).get("args")
        return held

    def facts(self, unit_id: str, texts: Sequence[str] = ()) -> dict[str, Any]:
        """What the side knows of a unit without calling it; nothing where it cannot tell.

        `texts` are sources of the unit that stand in the map.
        """
        request = {"op": "facts", "unit": unit_id, "texts": list(texts)}
        facts: dict[str, Any] = self._asked(request).get("facts", {})
        return facts

    def _asked(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request; an empty one where the process ends or hangs over it."""
        process = self._ready()
        process.send([dumps(request)])
        try:
            return _answer(process)
        except (Gone, Silent):
            self.close()
            return {}

    def mutants(self, batch: Batch) -> dict[str, Any] | Trouble:
        """Java's mutants of a unit's counterpart, and what the batch's fixtures reach of it.

        `strike` is about these mutants then. Raises Stopped where the run is ended.
        """
        file = AnswerFile.made(batch.file(self.side, 0, "reached"))
        result = batch.file(self.side, 0, "mutants")
        request = {
            "op": "mutants",
            "unit": batch.unit,
            "requests": str(batch.requests),
            "result": str(result),
        }
        try:
            self._do(request, file, batch.seconds + ENGINE_SECONDS)
        except (Gone, Silent) as ending:
            self._refuse_if_stopped()
            how = ending.how if isinstance(ending, Gone) else "a fixture does not end"
            return Trouble(
                f"the fixtures of `{batch.unit}` cannot be run with counters in its classes",
                where=None,
                why=how,
                next_step="run `parity run` on the unit, and mend what it finds",
                code="counters_failed",
            )
        finally:
            file.close()
        found: dict[str, Any] = json.loads(result.read_text("ascii"))
        self._mutated = (self._process, batch.place)
        return trouble_of(found["problem"]) if "problem" in found else found

    def strike(self, batch: Batch, lines: Sequence[str], place: Path) -> list[bytes | Struck]:
        """What the mutants that the lines name do on the batch's fixtures, each up to where it is
        something else than the counterpart does; or what ended the JVM."""
        requests = place.with_name(f"{place.name}.strike")
        requests.write_text("\n".join(lines) + "\n", "ascii")
        answers: list[bytes | Struck] = []
        while len(answers) < len(lines):
            if self._process is None or self._mutated != (self._process, batch.place):
                trouble = self.mutants(batch)
                if isinstance(trouble, Trouble):
                    raise ParityError(
                        trouble.what,
                        where=trouble.where,
                        why=trouble.why,
                        next_step=trouble.next_step,
                    )
            start = len(answers)
            file = AnswerFile.made(place.with_name(f"{place.name}.{start:07}.struck"))
            request = {
                "op": "strike",
                "unit": batch.unit,
                "requests": str(requests),
                "from": start,
            }
            ended: Struck | None = None
            try:
                self._do(request, file, batch.seconds)
            except Gone as gone:
                ended = Struck(Crashed(gone.how), file.progress().beat - 1)
            except Silent:
                ended = Struck(TimedOut(batch.seconds), file.progress().beat - 1)
            finally:
                answers += file.answers()
                file.close()
            self._refuse_if_stopped()
            if ended is not None and len(answers) < len(lines):
                answers.append(ended)
        return answers

    def kill(self) -> None:
        """Ends the process at once; for whoever ends the run from another thread."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Ends the process, if there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None

    # ------------------------------------------------------------ batches

    def _kept(self, batch: Batch) -> list[Answer]:
        """What an earlier run has left of the batch, up to the first fixture that it lacks."""
        answers: list[Answer] = []
        for path in batch.files(self.side, "answers"):
            if int(path.name.split(".")[-2]) != len(answers):
                break
            file = AnswerFile(path)
            answers += file.answers()
            file.close()
            ended = batch.file(self.side, len(answers), "ended")
            if ended.is_file():
                answers.append(kept_answer(ended))
        return answers

    def _run(self, batch: Batch, start: int, file: AnswerFile, alone: Path | None = None) -> None:
        """Lets the worker run the lines from `start` on, or the one that stands in `alone`.

        Raises Gone or Silent where it cannot.
        """
        request: dict[str, Any] = {
            "op": "run",
            "unit": batch.unit,
            "requests": str(alone or batch.requests),
            "from": 0 if alone else start,
            "trace": not batch.cover,
            "fork": self._forks,
        }
        if batch.cover:
            request["cover"] = str(batch.file(self.side, start, "cover"))
        if batch.packed:
            request["packed"] = True
        if batch.apart:
            request["apart"] = True
        first = max(batch.first, batch.seconds)
        self._do(request, file, batch.seconds, first=first, once=batch.once, until=batch.until)

    def _do(
        self,
        request: Mapping[str, Any],
        file: AnswerFile,
        seconds: float,
        *,
        first: float | None = None,
        once: bool = False,
        until: float | None = None,
    ) -> None:
        """Lets the worker do what has answers in a file. Raises Gone or Silent where it cannot."""
        process = self._ready()
        self._batch += 1
        numbered = {**request, "batch": self._batch, "answers": str(file.path)}
        process.send([dumps(numbered)])
        self._wait(process, file, (first or seconds, seconds), once=once, until=until)

    def _wait(
        self,
        process: Process,
        file: AnswerFile,
        limits: tuple[float, float],
        *,
        once: bool = False,
        until: float | None = None,
    ) -> None:
        """Waits until all is answered; `limits` are for the first fixture and for each other."""
        child: int | None = None
        seen, since, spent = (-1, 0), time.monotonic(), 0.0
        while True:
            event = self._event(process)
            if event is not None:
                match event:
                    case {"done": number, **more} if number == self._batch:
                        if not file.progress().done:
                            continue  # the unit wrote this: the file is done before it is told
                        if more.get("unfit"):
                            self.close()
                        return
                    case {"ended": number, "status": status} if number == self._batch:
                        if file.progress().done:
                            return
                        raise Gone(ending_of(os.waitstatus_to_exitcode(status)))
                    case {"started": number, "pid": pid} if number == self._batch:
                        child = pid
                continue  # others are of batches before this one
            progress = file.progress()
            if progress.done:
                self._hear_of(process)
                return
            now = time.monotonic()
            seconds = limits[progress.started > 1]
            if _is_over(until):
                self._end(process, child)
                raise Late
            if (progress.started, progress.beat) != seen:
                seen, since = (progress.started, progress.beat), now
                spent = cpu_seconds(child or process.pid)
            elif now - since > seconds + (0 if once else GRACE):
                used = cpu_seconds(child or process.pid) - spent
                if once and used < seconds and now - since < PATIENT * seconds:
                    continue  # on a busy machine it did not come to its turn
                self._end(process, child)
                raise Silent

    def _hear_of(self, process: Process) -> None:
        """Reads the event of a batch whose file was done first: it says whether the JVM is fit."""
        deadline = time.monotonic() + GRACE
        while (left := deadline - time.monotonic()) > 0:
            match process.event(left):
                case {"done": number, **more} if number == self._batch:
                    if more.get("unfit"):
                        self.close()
                    return

    def _event(self, process: Process) -> Any | None:
        """The next event, or None for now. Raises Gone where the process as a whole has ended."""
        try:
            return process.event(LOOK_SECONDS)
        except Gone:
            self.close()
            raise

    def _end(self, process: Process, child: int | None) -> None:
        """Ends what hangs: the child that a template has forked, or the worker as a whole."""
        if child is None:
            self.close()
            return
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        deadline = time.monotonic() + REAP_SECONDS
        while time.monotonic() < deadline:
            try:
                event = self._event(process)
            except Gone:
                return
            if event is not None and event.get("ended") == self._batch:
                return
        self.close()

    def _alone(self, batch: Batch, index: int) -> Answer:
        """The fixture that was in flight, once more, in a process where nothing ran before it."""
        if self.side == "java":
            self.close()
        requests = batch.file(self.side, index, "alone")
        requests.write_bytes(batch.requests.read_bytes().split(b"\n")[index] + b"\n")
        file = AnswerFile.made(batch.file(self.side, index, "once"))
        answer: Answer
        try:
            self._run(batch, index, file, requests)
            answer = next(iter(file.answers()), Observation(Crashed("it left its work")))
        except Gone as gone:
            answer = next(iter(file.answers()), Observation(Crashed(gone.how)))
        except Silent:
            answer = Observation(TimedOut(batch.seconds))
        finally:
            file.close()
        if isinstance(answer, Observation):
            self._refuse_if_stopped()
            if self.side == "java":
                self.close()
        keep_answer(batch.file(self.side, index, "ended"), answer)
        return answer

    def _refuse_if_stopped(self) -> None:
        if self._stop.is_set():
            raise Stopped

    # ------------------------------------------------------------ the process

    def _answers(
        self, op: str, unit_id: str, lines: Sequence[str], seconds: float
    ) -> Iterator[dict[str, Any]]:
        """The answers to a request about fixtures, one a line, as they come."""
        process = self._ready()
        process.send([dumps({"op": op, "unit": unit_id, "fixtures": len(lines)}), *lines])
        for _ in lines:
            yield _answer(process, seconds + GRACE)

    def _ready(self) -> Process:
        if self._process is None:
            process = self._fresh()
            self._has_loaded = True
            process.send([dumps({"op": "load", "units": self._units})])
            for _ in self._units:
                _answer(process)
        assert self._process is not None
        return self._process

    def _for_loading(self) -> Process:
        """The process that is there, where it is fit to load units; else a new one."""
        process = self._process
        fit = self._greeted and (self._reloads or not self._has_loaded)
        return process if process is not None and fit and process.is_alive() else self._fresh()

    def _fresh(self) -> Process:
        self._refuse_if_stopped()
        if self._greeted:
            self.close()
        self.start()
        assert self._process is not None
        self._greeted = True
        process = self._process
        process.send([dumps(self._hello())])
        try:
            answer = process.answer(START_SECONDS)
        except (Gone, Silent) as ending:
            self._refuse_if_stopped()
            raise ParityError(
                f"the {self.side} worker did not start",
                where=None,
                why=ending.how if isinstance(ending, Gone) else "it gave no sign of life",
                next_step=self._needs,
            ) from None
        if "problem" in answer:
            trouble = trouble_of(answer["problem"])
            raise ParityError(
                trouble.what, where=trouble.where, why=trouble.why, next_step=trouble.next_step
            )
        self.version = answer["ready"]["version"]
        return process

    def _loaded(
        self, process: Process, units: list[dict[str, Any]], results: dict[str, Loaded | Trouble]
    ) -> list[dict[str, Any]]:
        """Loads in order; gives the units after the one that ended the worker."""
        for index, unit in enumerate(units):
            try:
                answer = _answer(process)
            except (Gone, Silent) as ending:
                self._refuse_if_stopped()
                self.close()
                how = ending.how if isinstance(ending, Gone) else "it did not end"
                results[unit["id"]] = Trouble(
                    f"loading `{unit['id']}` ended the {self.side} worker",
                    where=unit.get(self.side),
                    why=how,
                    next_step="its module or class must not exit or hang when it is loaded",
                    code=f"{self.side}_load_crashed",
                )
                if index == 0 and self.side == "java" and len(units) > 1:
                    return self._one_by_one(units, results)
                return units[index + 1 :]
            known = "problem" in answer
            results[unit["id"]] = trouble_of(answer["problem"]) if known else answer["loaded"]
        return []

    def _one_by_one(
        self, units: list[dict[str, Any]], results: dict[str, Loaded | Trouble]
    ) -> list[dict[str, Any]]:
        """Java compiles all units before it answers for the first: find the one to blame."""
        for unit in units:
            process = self._fresh()
            process.send([dumps({"op": "load", "units": [unit]})])
            self._loaded(process, [unit], results)
        fine = [unit for unit in units if not isinstance(results[unit["id"]], Trouble)]
        self._units = fine
        self.close()
        return []


Reached = tuple[int, tuple[int, ...]]
"""A sign of all the branches that a fixture has reached, and those that none had before it."""


def reached(batch: Batch, side: SideName) -> list[Reached | None]:
    """What each fixture of a batch with `cover` has reached; None where the worker has ended."""
    found: list[Reached | None] = [None] * batch.count
    for path in batch.files(side, "cover"):
        start = int(path.name.split(".")[-2])
        for index, line in enumerate(path.read_text("ascii").splitlines(), start):
            sign, *new = map(int, line.split())
            if index < batch.count:
                found[index] = sign, tuple(new)
    return found


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors; 0 where the system does not tell."""
    try:
        fields = stat_of(pid)
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ended(ending: Gone | Silent, seconds: float) -> Observation:
    """What a fixture did that has ended its worker."""
    return Observation(Crashed(ending.how) if isinstance(ending, Gone) else TimedOut(seconds))


def _is_over(until: float | None) -> bool:
    """Whether a time has come, where there is one."""
    return until is not None and time.monotonic() > until


def _answer(process: Process, seconds: float = START_SECONDS) -> dict[str, Any]:
    """The next answer to a request; events of batches that are over are passed by."""
    while True:
        line: dict[str, Any] = process.answer(seconds)
        if EVENTS.isdisjoint(line):
            return line


def trouble_of(problem: dict[str, Any]) -> Trouble:
    """The protocol's PROBLEM as a noun."""
    near = problem.get("nearest") or []
    hint = problem["next"]
    if near:
        hint += "; near: " + ", ".join(f"`{name}`" for name in near)
    return Trouble(
        what=problem["what"],
        where=problem.get("where"),
        why=problem["why"],
        next_step=hint,
        code=problem["code"],
    )


def keep_answer(path: Path, answer: Answer) -> None:
    """Writes down what a fixture that ended its worker did when it ran alone."""
    document: dict[str, Any]
    match answer:
        case bytes():
            document = {"answer": answer.decode("latin-1")}
        case Observation(outcome=Crashed(how)):
            document = {"crashed": how}
        case Observation(outcome=TimedOut(seconds)):
            document = {"timeout": seconds}
        case _:
            raise AssertionError(answer)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(document), "ascii")
    temporary.replace(path)


def kept_answer(path: Path) -> Answer:
    """What `keep_answer` wrote."""
    match json.loads(path.read_text("ascii")):
        case {"answer": text}:
            return bytes(text, "latin-1")
        case {"crashed": how}:
            return Observation(Crashed(how))
        case {"timeout": seconds}:
            return Observation(TimedOut(seconds))
    raise AssertionError(path)


def is_packed(answer: Answer | None) -> bool:
    """Whether an answer is a packed value."""
    return isinstance(answer, bytes) and answer.startswith(PACKED, answer.index(b"\t") - 1)


def is_plain_packed(answer: Answer) -> bool:
    """Whether an answer is a packed value that can be read."""
    return is_packed(answer) and not isinstance(observed(answer).outcome, Fault)


def by_name(line: str) -> str:
    """Python's line of a fixture, with calls of ports answered whatever they are given."""
    return f'{line[:-1]},"by_name":true}}'


def observed(answer: Answer) -> Observation:
    """An answer as a noun; a packed one that is not plain is a Fault, for nobody can say what it
    is."""
    if isinstance(answer, Observation):
        return answer
    micros, _, text = answer.partition(b"\t")
    if not is_packed(answer):
        return observation_of(json.loads(text), float(micros))
    try:
        return Observation(Returned(unpacked(text[1:])), micros=float(micros.split()[0]))
    except NotPlain as error:
        return Observation(Fault(f"it packed what cannot be: {error}"))


def observation_of(answer: dict[str, Any], micros: float = 0.0) -> Observation:
    """The protocol's OBSERVATION as a noun."""
    output = answer.get("output") or {}
    return Observation(
        outcome=_outcome(answer),
        args=answer.get("args"),
        kwargs=answer.get("kwargs"),
        held=answer.get("held"),
        self_state=answer.get("self"),
        self_changed="self" in answer,
        out=output.get("out", ""),
        err=output.get("err", ""),
        micros=micros,
        effects=tuple(effect_of(one) for one in answer.get("effects", ())),
    )


def effect_of(made: Mapping[str, Any]) -> Effect:
    """One call of a port, from a worker's answer."""
    return Effect(
        made["port"], made["call"], made["args"], made.get("entry"), made.get("thread", 0)
    )


def _outcome(answer: dict[str, Any]) -> Outcome:
    match answer:
        case {"returned": value}:
            return Returned(value)
        case {"raised": raised}:
            return raised_of(raised)
        case {"refused": dict(refused)}:
            return Refused(refused.get("parameter"), refused.get("type"), refused["why"])
        case {"formless": {"path": path, "type": kind, "why": why}}:
            return Formless(path, kind, why)
        case {"steps": steps}:
            return Stepped(tuple(observation_of(step) for step in steps))
        case {"ended": how}:
            return Crashed(how)
        case {"outside": domain}:
            return Outside(domain)
        case {"fault": why}:
            return Fault(why)
    raise AssertionError(f"a worker answered {dumps(answer)[:200]}")


def raised_of(raised: dict[str, Any]) -> Raised:
    """What was raised, from a worker's answer or from a fixture's `observed`."""
    return Raised(
        kind=raised["class"],
        bases=tuple(raised.get("bases") or ()),
        message=raised.get("message"),
        line=raised.get("line"),
        causes=tuple(raised.get("causes") or ()),
    )
