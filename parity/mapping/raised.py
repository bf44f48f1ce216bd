"""Java classes that stand for Python exceptions: what the map says, then the standard ones."""

from __future__ import annotations

from typing import Final

from parity.units import Terms

# Standard exceptions that say the same in both languages. docs/exceptions.md is made from this.
STANDARD: Final[dict[str, tuple[str, ...]]] = {
    "ArithmeticError": ("java.lang.ArithmeticException",),
    "AttributeError": ("java.lang.NullPointerException",),
    "ConnectionRefusedError": ("java.net.ConnectException",),
    "ConnectionResetError": ("java.net.SocketException",),
    "EOFError": ("java.io.EOFException",),
    "FileExistsError": ("java.nio.file.FileAlreadyExistsException",),
    "FileNotFoundError": ("java.io.FileNotFoundException", "java.nio.file.NoSuchFileException"),
    "IndexError": (
        "java.lang.IndexOutOfBoundsException",
        "java.lang.ArrayIndexOutOfBoundsException",
        "java.lang.StringIndexOutOfBoundsException",
        "java.util.NoSuchElementException",
    ),
    "KeyError": ("java.util.NoSuchElementException", "java.util.MissingResourceException"),
    "LookupError": ("java.util.NoSuchElementException",),
    "MemoryError": ("java.lang.OutOfMemoryError",),
    "NotADirectoryError": ("java.nio.file.NotDirectoryException",),
    "NotImplementedError": ("java.lang.UnsupportedOperationException",),
    "OSError": ("java.io.IOException", "java.io.UncheckedIOException"),
    "OverflowError": ("java.lang.ArithmeticException", "java.lang.NumberFormatException"),
    "PermissionError": ("java.nio.file.AccessDeniedException", "java.lang.SecurityException"),
    "RecursionError": ("java.lang.StackOverflowError",),
    "RuntimeError": (
        "java.lang.IllegalStateException",
        "java.util.ConcurrentModificationException",
    ),
    "StopIteration": ("java.util.NoSuchElementException",),
    "TimeoutError": (
        "java.util.concurrent.TimeoutException",
        "java.net.SocketTimeoutException",
        "java.net.http.HttpTimeoutException",
    ),
    "TypeError": ("java.lang.NullPointerException", "java.lang.ClassCastException"),
    "UnicodeDecodeError": (
        "java.nio.charset.MalformedInputException",
        "java.nio.charset.UnmappableCharacterException",
    ),
    "UnicodeEncodeError": (
        "java.nio.charset.MalformedInputException",
        "java.nio.charset.UnmappableCharacterException",
    ),
    "ValueError": (
        "java.lang.IllegalArgumentException",
        "java.lang.NumberFormatException",
        "java.time.DateTimeException",
        "java.time.format.DateTimeParseException",
        "java.util.InputMismatchException",
        "java.util.NoSuchElementException",
        "java.util.regex.PatternSyntaxException",
    ),
    "ZeroDivisionError": ("java.lang.ArithmeticException",),
    "asyncio.exceptions:CancelledError": ("java.util.concurrent.CancellationException",),
    "concurrent.futures._base:CancelledError": ("java.util.concurrent.CancellationException",),
    "decimal:DivisionByZero": ("java.lang.ArithmeticException",),
    "decimal:InvalidOperation": (
        "java.lang.ArithmeticException",
        "java.lang.NumberFormatException",
    ),
    "json.decoder:JSONDecodeError": ("java.lang.IllegalArgumentException",),
    "re:PatternError": ("java.util.regex.PatternSyntaxException",),  # its name since Python 3.13
    "re:error": ("java.util.regex.PatternSyntaxException",),
}


def stand_ins(kind: str, terms: Terms) -> list[str]:
    """Java classes that stand for a Python class by the map, else by the standard ones."""
    for name, java_name in terms.raises.items():
        if name in (kind, simple_name(kind)):
            return [java_name]
    return list(STANDARD.get(kind, ()))


def simple_name(kind: str) -> str:
    """The class name without module, package and outer classes."""
    return kind.rpartition(":")[2].rpartition(".")[2].rpartition("$")[2]


def core_name(kind: str) -> str:
    """The simple name less `Error` or `Exception`."""
    name = simple_name(kind)
    for ending in ("Exception", "Error"):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name
