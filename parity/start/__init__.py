"""The first hour: what lies in a repository, and the config and map that follow from it."""

from parity.start.looking import Built, Layout, look
from parity.start.writing import Proposal, config_text, map_text

__all__ = ["Built", "Layout", "Proposal", "config_text", "look", "map_text"]
