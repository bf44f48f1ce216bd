"""Completion in bash, which cuts words at colons, and each unit has one."""

from __future__ import annotations

import os
from typing import Final

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    split_arg_string,
)

CUT: Final = ":"


def register() -> None:
    """Has click answer bash so; other shells as it does."""
    add_completion_class(Bash, "bash")


class Bash(BashComplete):
    """The line is read whole, and answers begin where bash has cut."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' completion type value
    for completion in $(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" \\
        COMP_WORDBREAKS="$COMP_WORDBREAKS" %(complete_var)s=bash_complete "$1"); do
        type="${completion%%%%,*}" value="${completion#*,}"
        case "$type" in
            dir) COMPREPLY=(); compopt -o dirnames ;;
            file) COMPREPLY=(); compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one, as they stand in the line."""
        line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
        words = split_arg_string(line)
        typed = words.pop() if words and not line[-1:].isspace() else ""
        return words[1:], typed

    def format_completion(self, item: CompletionItem) -> str:
        """An answer, without what bash holds for finished words."""
        _, typed = self.get_completion_args()
        value = str(item.value)
        if CUT in os.environ.get("COMP_WORDBREAKS", CUT) and value.startswith(typed):
            value = value[typed.rfind(CUT) + 1 :]
        return f"{item.type},{value}"
