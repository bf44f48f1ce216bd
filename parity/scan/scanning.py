"""A whole scan: files to summaries, groups of them to units, and all of these together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from parity.scan.components import components_of, users_of
from parity.scan.coupling import couplings_of, shared_of
from parity.scan.describing import Description
from parity.scan.effects import Effects, read_effects
from parity.scan.entries import entries_of
from parity.scan.gathering import Gathered
from parity.scan.keeping import Kept, meanwhile
from parity.scan.linking import Module, check_roots, user_aliases
from parity.scan.moving import MOST_HELD
from parity.scan.packaging import entry_points
from parity.scan.placing import moved
from parity.scan.solving import Solver
from parity.scan.using import Shown, learn, shown_by
from parity.scanned import LADDER, Moved, Note, Scan, ScannedUnit


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be solved: groups of files that may know of one another, each with its users and
    its key; the users know more names of modules than the rest."""

    kept: Kept
    effects: Effects
    roots: tuple[str, ...]
    lines: int
    aliases: Mapping[str, str]
    components: tuple[tuple[int, ...], ...]
    users: tuple[tuple[int, ...], ...]
    user_aliases: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def gathered(self) -> Gathered:
        """What was gathered."""
        return self.kept.gathered

    def key(self, number: int) -> str:
        """All that the result of a group depends on."""
        whole = [self.place(number), *self.contents(number)]
        return hashlib.sha256(" ".join(whole).encode()).hexdigest()[:40]

    def place(self, number: int) -> str:
        """What is the same for a group before and after a change of what stands in its files."""
        whole = hashlib.sha256(self.gathered.tables.encode())
        for at in (*self.components[number], -1, *self.users[number]):
            source = self.kept.sources[at] if at >= 0 else None
            whole.update(f"\0{source!r}".encode("utf-8", "surrogatepass"))
        for aliases in (self.aliases, self.user_aliases if self.users[number] else {}):
            whole.update(repr(sorted(aliases.items())).encode("utf-8", "surrogatepass"))
        return whole.hexdigest()[:40]

    def contents(self, number: int) -> list[str]:
        """The keys of the files of a group, and of its users."""
        return [self.kept.keys[at] for at in self._files(number)]

    def _files(self, number: int) -> tuple[int, ...]:
        return self.components[number] + self.users[number]

    def moved(self, number: int, contents: Sequence[str]) -> list[Moved] | None:
        """The files of a group that changed since they had these keys, if all of them still mean
        what they meant; of users nothing is told."""
        found: list[Moved] = []
        for at, before in zip(self._files(number), contents, strict=True):
            if before == self.kept.keys[at]:
                continue
            old, source = self.kept.summary_by(before), self.kept.sources[at]
            new = self.kept.summary(at) if old is not None else None
            one = old and new and moved(source.shown, source.module, old, new)
            if not one:
                return None
            found.append(one if at < self.kept.count else replace(one, names={}, units=()))
        return found

    def size(self, number: int) -> int:
        """Bytes of the sources of a group and its users."""
        return sum(len(self.kept.files[at][1]) for at in self._files(number))


def plan(gathered: Gathered) -> Plan:
    """Reads what must be known of all files at once.

    Raises ParityError where the source root is a wrong one, ConfigError for tables of effects.
    """
    kept = Kept(gathered)
    effects = read_effects(gathered.options.effects)
    sources, heads = kept.sources[: kept.count], kept.heads()
    effects.entry_points = entry_points(gathered.packaging)
    effects.own = _packages(frozenset(one.module for one in sources))
    files = list(zip(sources, heads, strict=False))
    roots = [str(root) for root in gathered.options.roots]
    aliases, more = check_roots(files, roots)
    notes = [*gathered.notes, *more]
    for source, head in files:
        notes += [Note(kind, source.shown, line, text) for kind, line, text in head.notes]
    components = components_of(sources, [head.reaches for _, head in files], aliases)
    known = aliases
    if gathered.users:
        known = user_aliases(list(zip(kept.sources, heads, strict=True))) | aliases
    return Plan(
        kept,
        effects,
        tuple(roots),
        sum(head.lines for _, head in files),
        aliases,
        tuple(map(tuple, components)),
        tuple(users_of(kept.sources, heads, components, known)),
        known,
        tuple(notes),
    )


def _packages(modules: frozenset[str]) -> frozenset[str]:
    """The outermost packages and modules that have a file: of a namespace, only its parts."""
    found: set[str] = set()
    for name in modules:
        at = name.find(".")
        while at >= 0 and name[:at] not in modules:
            at = name.find(".", at + 1)
        found.add(name if at < 0 else name[:at])
    return frozenset(found)


def solve(of: Plan, number: int) -> Scan:
    """What is found in one of the groups of a plan."""
    effects = of.effects
    size = of.size(number) if of.users[number] else 0
    with meanwhile(lambda: _shown(of, number), size) as shown:
        solver = Solver(_modules(of, of.components[number]), of.aliases, effects)
        solver.solve()
        description = Description(solver, effects, learn(solver, shown()))
    units = tuple(description.units(entries_of(description, effects)))
    notes = _dynamic(units)
    if solver.capped:
        text = (
            f"{len(solver.capped)} variables may hold more than {MOST_HELD} objects: "
            "what is beyond that is not followed"
        )
        notes.append(Note("cap", "", 0, text))
    return Scan(
        roots=of.roots,
        files=len(solver.modules),
        lines=sum(module.summary.lines for module in solver.modules),
        units=units,
        groups=tuple(tuple(description.ids[at] for at in group) for group in description.groups),
        shared=tuple(shared_of(description)),
        couplings=tuple(couplings_of(description)),
        notes=tuple(notes),
        totals=_totals(description, units),
    )


def _shown(of: Plan, number: int) -> list[Shown]:
    if not of.users[number]:
        return []
    files, users = _modules(of, of.components[number]), _modules(of, of.users[number])
    return shown_by(files, users, of.user_aliases, of.effects)


def _modules(of: Plan, files: Sequence[int]) -> list[Module]:
    return [Module(of.kept.sources[at], of.kept.summary(at)) for at in files]


def joined(of: Plan, parts: Sequence[Scan]) -> Scan:
    """The scan of a whole project from those of its groups, in the order of the groups."""
    return Scan(
        roots=of.roots,
        files=of.kept.count,
        lines=of.lines,
        units=tuple(unit for part in parts for unit in part.units),
        groups=tuple(group for part in parts for group in part.groups),
        shared=tuple(one for part in parts for one in part.shared),
        couplings=tuple(one for part in parts for one in part.couplings),
        notes=in_order([*of.notes, *(note for part in parts for note in part.notes)]),
        totals=summed([part.totals for part in parts]),
    )


def in_order(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes by where they stand."""
    return tuple(sorted(notes, key=lambda one: (one.file, one.line, one.kind, one.text)))


def summed(
    parts: Sequence[Mapping[str, Mapping[str, int]]],
) -> dict[str, dict[str, int]]:
    """Totals of all groups; the most frequent reason first."""
    whole: dict[str, dict[str, int]] = {}
    for part in parts:
        for key, counts in part.items():
            into = whole.setdefault(key, {})
            for name, count in counts.items():
                into[name] = into.get(name, 0) + count
    reasons = whole.get("reasons", {})
    whole["reasons"] = dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))
    return whole


def _dynamic(units: Sequence[ScannedUnit]) -> list[Note]:
    notes: list[Note] = []
    for unit in units:
        for effect in unit.effects:
            if effect.kind == "dynamic" and not effect.via:
                text = f"`{effect.api}`: what it runs is not seen"
                notes.append(Note("dynamic", effect.file, effect.line, text))
    return list(dict.fromkeys(notes))


def _totals(
    description: Description, units: Sequence[ScannedUnit]
) -> Mapping[str, Mapping[str, int]]:
    classes = dict.fromkeys(LADDER, 0)
    own = dict.fromkeys(LADDER, 0)
    for unit in units:
        classes[unit.klass] += 1
        own[unit.own_class] += 1
    how: dict[str, int] = {}
    for unit in units:
        for call in unit.calls:
            word = "callback" if call.how.startswith("handed") else call.how
            how[word] = how.get(word, 0) + 1
    calls = {key: description.counts.get(key, 0) for key in ("resolved", "unresolved", "outside")}
    reasons = dict(sorted(description.reasons.items(), key=lambda one: (-one[1], one[0])))
    return {"class": classes, "own_class": own, "calls": calls, "how": how, "reasons": reasons}
