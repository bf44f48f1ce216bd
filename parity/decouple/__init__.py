"""Takes units apart from what is around them: seams, groups, drafts of workflows."""

from parity.decouple.finding import Target, propose
from parity.decouple.reading import Source, functions, read

__all__ = ["Source", "Target", "functions", "propose", "read"]
