"""Written for semver 2: `isvalid` went with it."""

from semver import VersionInfo


def same_release(first: str, second: str) -> bool:
    """Whether two texts name one release, whatever build they name."""
    if not (VersionInfo.isvalid(first) and VersionInfo.isvalid(second)):
        return False
    return VersionInfo.parse(first) == VersionInfo.parse(second)
