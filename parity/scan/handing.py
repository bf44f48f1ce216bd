"""What code outside of the project calls of what it is handed."""

from __future__ import annotations

from functools import cache
from typing import Final

from parity.scan.objects import BEYOND

UNCALLED: Final = frozenset(
    "functools.wraps functools.update_wrapper inspect.signature kombu.utils.encoding.bytes_to_str"
    " kombu.utils.encoding.ensure_bytes kombu.utils.encoding.safe_repr"
    " kombu.utils.encoding.safe_str kombu.utils.encoding.str_to_bytes"
    " kombu.utils.functional.is_list kombu.utils.functional.maybe_list"
    " kombu.utils.imports.symbol_by_name six.b six.byte2int six.ensure_binary six.ensure_str"
    " six.ensure_text six.int2byte six.u twisted.internet.defer.fail twisted.internet.defer.succeed"
    " zope.interface.Interface.implementedBy zope.interface.Interface.providedBy"
    " zope.interface.interface.Interface.implementedBy"
    " zope.interface.interface.Interface.providedBy".split()
)
"""Functions that call nothing of what they are handed."""
KEEPING: Final = frozenset(
    "base64 binascii configparser copy datetime errno hashlib html io ipaddress math mimetypes"
    " socket stat string struct textwrap time uuid zlib".split()
)
KEEPING_PARTS: Final = (
    "os.path.", "os.environ", "os.stat", "os.open", "urllib.parse.", "inspect.is", "inspect.getf",
    "inspect.gets", "email.utils.", "sys.std", "collections.deque", "collections.Counter",
    "collections.OrderedDict", "queue.", "weakref.Weak",
)  # fmt: skip
"""Modules, and parts of some, of which nothing calls what it is handed."""
GIVING: Final = frozenset({"callback", "errback"})
"""Methods of deferreds that hand on what they are handed."""
CALLING: Final = frozenset(
    "map filter sorted max min iter property classmethod staticmethod __build_class__".split()
)
"""Of the builtins those that call what they are handed; the others keep it, or ask it for more."""


@cache
def calls_back(name: str) -> bool:
    """Whether a function of the outside may call what it is handed."""
    if name in UNCALLED or name.partition(".")[0] in KEEPING or name.startswith(KEEPING_PARTS):
        return False
    if name.endswith(BEYOND):
        return False  # what that is nobody knows: the call says so
    owner, _, last = name.rpartition(".")
    if owner == "builtins":
        return last in CALLING
    if owner.startswith("builtins."):
        return last == "sort"
    if last in GIVING and name.startswith("twisted."):
        return False
    return not last.startswith("assert") or last.startswith(("assertRaises", "assertWarns"))
