"""Written for semver 3: `Version` came with it."""

from semver import Version


def next_minor(text: str) -> str:
    """The next minor release, without what was attached to this one; nothing for no version."""
    if not Version.is_valid(text):
        return ""
    return str(Version.parse(text).bump_minor())
