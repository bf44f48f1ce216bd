"""The map: which counterpart replaces which unit, and on what terms."""

from parity.mapping.reading import (
    file_name,
    read_annotated,
    read_explanations,
    read_map,
    read_wont_port,
)

__all__ = ["file_name", "read_annotated", "read_explanations", "read_map", "read_wont_port"]
