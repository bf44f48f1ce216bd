"""Attributes by names that are computed: which names these may be, where all are written."""

from __future__ import annotations

from collections import deque
from typing import Final

from parity.scan.attributes import ANY_NAME
from parity.scan.moving import ANY_LOAD, ANY_STORE, BIND, CALL, DATA, HAND, LOAD, STORE, VALUES
from parity.scan.objects import TEXT, UNNAMED
from parity.scan.ordering import Ordering
from parity.scan.outside import COMPUTED

CALLING: Final = frozenset({CALL, HAND})
MOST_WAYS: Final = 40
"""Variables that are looked at for a call of what a computed name gave."""
MOST_NAMES: Final = 60
"""What may have more names than this may have any."""
ROUNDS: Final = 2
"""Names are looked for again where those that were found before lead to more."""


class Naming(Ordering):
    """Follows names back to where they are written: there are few calls that ask for them, and
    very many texts."""

    def _name_computed(self) -> None:
        """Lets calls by computed names ask for what they may be given; works them off."""
        for number in sorted(self.paired):
            self._set_others(number)
        for _ in range(ROUNDS):
            if not self._find_names():
                break
            self._work()
        unknown = [number for number, names in self.by_names.items() if not names.keys() - {""}]
        for number in unknown:
            self._by_any_name(number)
        self._work()

    def _set_others(self, number: int) -> None:
        """Of what is set by the keys of a dict that under a key that is not known, or all where
        nothing but its name is known of it."""
        args, site = self.calls[number][2], self._site_of(number)
        held = self.holds.get(args[3], ())
        dicts = [one for one in held if one in self.set_by]
        others = [self.fields.get((one, UNNAMED), 0) for one in dicts]
        for one in others if dicts else args[2:3]:
            if self.holds.get(one) and (number, one) not in self.set_others:
                self.set_others.add((number, one))
                self.wait(args[0], (ANY_STORE, one, *site))

    def _find_names(self) -> bool:
        """Follows the names of all calls back; whether there is any that was not known."""
        open_ = [number for number, names in self.by_names.items() if ANY_NAME not in names]
        if not open_:
            return False
        sources = self._sources()
        is_new = False
        for number in open_:
            args, known = self.calls[number][2], self.by_names[number]
            found = self._texts_of(args[1], sources) if len(args) > 1 and args[1] else None
            if found is None:
                self._by_any_name(number)
                is_new = True
                continue
            for name in sorted(found - known.keys()):
                known[name] = None
                self._by_name(number, name)
                is_new = True
        return is_new

    def _sources(self) -> dict[int, list[int]]:
        """By variable: those from which texts come into it."""
        objects, holds, capped = self.objects, self.holds, self.capped
        written, made = objects.written, objects.external(TEXT)
        sources: dict[int, list[int]] = {}
        for source in self.flows:
            held = holds.get(source)
            if held and (written in held or made in held or source in capped):
                for one in self.copies_of(source):
                    sources.setdefault(one, []).append(source)
        for source in self.waiting:
            held = holds.get(source)
            if held and (written in held or made in held):
                for use in self.uses_of(source):
                    if use[0] in (BIND, VALUES):
                        sources.setdefault(use[1], []).append(source)
        return sources

    def _texts_of(self, variable: int, sources: dict[int, list[int]]) -> set[str] | None:
        """The texts that come into a variable; None where some are made, or there are many."""
        made = self.objects.external(TEXT)
        found: set[str] = set()
        seen, pending = {variable}, [variable]
        while pending:
            one = pending.pop()
            found.update(self.texts.get(one, ()))
            container = self.keys_at.get(one)
            if container is not None:
                if self.holds.get(self.fields.get((container, UNNAMED), 0)):
                    return None
                found.update(key.removeprefix("[") for key in self.keys.get(container, ()))
            above = sources.get(one, ())
            if one in self.capped or len(found) > MOST_NAMES:
                return None
            if made in self.holds.get(one, ()) and not any(
                made in self.holds.get(other, ()) for other in above
            ):
                return None
            pending += [other for other in above if other not in seen]
            seen.update(above)
        return found

    def _by_name(self, number: int, name: str) -> None:
        call, site = self.calls[number], self._site_of(number)
        if not name or not call[2][0]:
            return
        if number in self.storing:
            self.wait(call[2][0], (STORE, name, call[2][2], *site))
        else:
            self.wait(call[2][0], (LOAD, call[0], name, *site))

    def _by_any_name(self, number: int) -> None:
        self.by_names[number][ANY_NAME] = None
        call, site = self.calls[number], self._site_of(number)
        if number in self.storing:
            self.wait(call[2][0], (ANY_STORE, call[2][2], *site))
            return
        self._outward(number, COMPUTED)
        if call[2] and call[2][0] and call[0]:
            to = call[0]
            if not self._is_called_soon(to):
                to = self.new()
                self.wait(to, (DATA, call[0]))
            self.wait(call[2][0], (ANY_LOAD, to, *site))

    def _is_called_soon(self, variable: int) -> bool:
        """Whether what a variable holds is called, or handed to be called, not far from there."""
        seen, pending = {variable}, deque([variable])
        while pending and len(seen) < MOST_WAYS:
            one = pending.popleft()
            if any(use[0] in CALLING for use in self.uses_of(one)):
                return True
            for other in self.copies_of(one):
                if other not in seen:
                    seen.add(other)
                    pending.append(other)
        return False
