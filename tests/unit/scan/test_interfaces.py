"""Interfaces: what is registered for them, who implements them, and what is asked for by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.scanned import Scan
from tests.unit.scan.one_file import scan_of, unit

PARTS = """
from zope import component
from zope.interface import Interface, implementer
from zope.interface.registry import Components
from twisted.python.components import Componentized, registerAdapter
class IThing(Interface):
    def go(): "goes"
class IOdd(IThing): pass
class Other:
    def go(self): pass
    def stop(self): pass
class Part:
    def __init__(self, of=None, more=None): self.of = of
    def go(self): pass
registry = Components()
"""


def called(found: Scan, name: str) -> dict[str, str]:
    return {one.to: one.how for one in unit(found, name).calls}


FOUND = {
    "a utility": "registry.registerUtility(Part(), IThing)\n"
    "def f(): registry.queryUtility(IThing).go()",
    "by words": "registry.registerUtility(component=Part(), provided=IThing)\n"
    "def f(): registry.getUtility(provided=IThing).go()",
    "all that are": "registry.registerUtility(Part(), IThing)\n"
    "def f():\n for _, one in registry.getUtilitiesFor(IThing): one.go()",
    "by an interface below": "registry.registerUtility(Part(), IOdd)\n"
    "def f(): registry.queryUtility(IThing).go()",
    "in a registry of which nothing is known": "def g(x): x.registerUtility(Part(), IThing)\n"
    "def f(x): x.queryUtility(IThing).go()",
    "the default": "def f(): registry.queryUtility(IThing, default=Part()).go()",
    "an adapter": "registerAdapter(Part, Other, IThing)\ndef f(): IThing(Other()).go()",
    "of several": "registry.registerAdapter(Part, (Other, Other), IThing)\n"
    "def f(): registry.queryMultiAdapter((Other(), Other()), IThing).go()",
    "all, by a word": "registry.registerUtility(Part(), IThing)\n"
    "def f():\n for _, one in registry.getUtilitiesFor(interface=IThing): one.go()",
    "of several, by words": "registry.registerAdapter(Part, (Other, Other), provided=IThing)\n"
    "def f(): registry.getMultiAdapter(objects=(Other(), 1), interface=IThing).go()",
    "all that adapt": "registry.registerSubscriptionAdapter(Part, (Other,), IThing)\n"
    "def f():\n for one in registry.subscribers((Other(),), IThing): one.go()",
    "of nothing": "registry.registerAdapter(Part, (), IThing)\n"
    "def f(): registry.queryMultiAdapter(provided=IThing).go()",
    "a component": "class C(Componentized): pass\n"
    "def g(c: C): c.setComponent(IThing, Part())\n"
    "def f(c: C): c.getComponent(IThing).go()",
    "a hook": "from zope.interface.interface import adapter_hooks\n"
    "def hook(iface, obj): return Part(obj)\nadapter_hooks.append(hook)\n"
    "def f(): IThing(Other()).go()",
}


@pytest.mark.parametrize("case", FOUND)
def test_what_is_registered_for_an_interface_is_what_is_asked_for_by_it(
    tmp_path: Path, case: str
) -> None:
    assert "m:Part.go" in called(scan_of(tmp_path, f"{PARTS}{FOUND[case]}\n"), "m:f")


def test_an_adapter_is_made_where_it_is_asked_for_and_given_what_it_stands_for(
    tmp_path: Path,
) -> None:
    text = (
        f"{PARTS}class Adapter:\n def __init__(self, of): of.stop()\n"
        "registerAdapter(Adapter, Other, IThing)\ndef f(): IThing(Other())\n"
    )
    found = scan_of(tmp_path, text)
    assert called(found, "m:f")["m:Adapter.__init__"] == "handed to IThing"
    assert set(called(found, "m:Adapter.__init__")) == {"m:Other.stop"}


def test_what_is_registered_for_one_interface_is_not_given_for_another(tmp_path: Path) -> None:
    text = (
        f"{PARTS}class INo(Interface): pass\nregistry.registerUtility(Other(), INo)\n"
        "registry.registerUtility(Part(), IThing)\n"
        "def f(): registry.queryUtility(IThing).go()\n"
    )
    assert "m:Other.go" not in called(scan_of(tmp_path, text), "m:f")


SAID = {
    "annotated": "def f(x: IThing): x.go()",
    "asked for, and registered elsewhere": "def f(): component.getUtility(IThing).go()",
    "adapted": "def f(x): IThing(x).go()",
    "said by a call": "implementer(IThing)(Last)\ndef f(x: IThing): x.go()",
}


@pytest.mark.parametrize("case", SAID)
def test_an_interface_stands_for_the_classes_that_implement_it(tmp_path: Path, case: str) -> None:
    text = (
        f"{PARTS}@implementer(IThing)\nclass Thing:\n def go(self): open('x')\n"
        f"class Below(Thing):\n def go(self): pass\n"
        f"class Last:\n def go(self): pass\n{SAID[case]}\n"
    )
    found = scan_of(tmp_path, text)
    goes = {to for to in called(found, "m:f") if to.endswith(".go")}
    said = {"m:Last.go"} if case == "said by a call" else set()
    assert goes == {"m:Thing.go", "m:Below.go"} | said  # and never what the interface says of it
    assert unit(found, "m:f").klass == "port"


def test_an_adapter_that_is_known_is_not_any_that_implements_the_interface(tmp_path: Path) -> None:
    text = (
        f"{PARTS}@implementer(IThing)\nclass Thing:\n def go(self): pass\n"
        "@implementer(IThing)\nclass More:\n def go(self): pass\n"
        "def f(): IThing(Thing()).go()\n"
    )
    assert "m:More.go" not in called(scan_of(tmp_path, text), "m:f")
