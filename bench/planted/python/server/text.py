"""Texts that people see."""

import re

CODE = re.compile(r"[A-Z]{2}-[0-9]+")


def headline(text: str, width: int) -> str:
    """The text in at most `width` characters."""
    if width < 1:
        raise ValueError(f"a width of {width}")
    return text if len(text) <= width else text[: width - 1] + "…"


def mirror(text: str) -> str:
    """The text backwards."""
    return text[::-1]


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for upper and lower case."""
    return one.casefold() == other.casefold()


def fields(line: str) -> list[str]:
    """The fields of a line, empty ones too."""
    return line.split(",")


def is_code(text: str) -> bool:
    """Whether a text is the code of an article."""
    return CODE.fullmatch(text) is not None
