"""Takes units apart from what is around them: seams, groups, drafts of workflows."""

from parity.decouple.around import Step, Surroundings
from parity.decouple.drafting import draft
from parity.decouple.finding import Target, propose
from parity.decouple.grouping import group
from parity.decouple.reading import Function, Source, every_parameter, functions, read, within

__all__ = [
    "Function",
    "Source",
    "Step",
    "Surroundings",
    "Target",
    "draft",
    "every_parameter",
    "functions",
    "group",
    "propose",
    "read",
    "within",
]
