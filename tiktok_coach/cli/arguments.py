"""What was typed, before it is parsed: `help` and `version` as words, and the names that options had before."""

from __future__ import annotations

from collections.abc import Sequence

from tiktok_coach.cli.help import ALL

WORDS = {"help": "--help", "version": "--version"}
# Names of the version before this one, which are understood with a note; a value says which of an option's uses.
RENAMED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("--output-format", "rich"): ("--format", "text"),
    ("--output-format", "full"): ("--format", "text"),
    ("--output-format",): ("--format",),
    ("--format", "rich"): ("--format", "text"),
    ("--format", "full"): ("--format", "text"),
    ("--output-file",): ("--output",),
    ("--by", "account"): ("--each-account",),
    ("--accounts",): ("--limit",),
    ("--language",): ("--file-language",),
    ("--explain",): ("--post",),
}
COMMANDS = {("rule",): ("rules",), ("rules", "--schema"): ("schema", "rules")}
# Those of one command, by the words that it begins with.
OF_COMMANDS: dict[tuple[str, ...], dict[tuple[str, ...], tuple[str, ...]]] = {
    ("demo",): {("--media",): ("--videos",)},
    ("experiment", "design"): {("--plan",): ("--write-plan",)},
    ("fleet",): {("--json",): ("--with-json",)},
}


def with_current_names(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The arguments with the names of today, and what was called otherwise, by its name before.

    >>> with_current_names(["audit", "a.csv", "--output-format=json"])
    (['audit', 'a.csv', '--format', 'json'], {'--output-format': '--format'})
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    typed = list(arguments[:end])
    renamed: dict[str, str] = {}
    for before, now in COMMANDS.items():
        if tuple(typed[: len(before)]) == before:
            renamed[" ".join(before)] = " ".join(now)
            typed[: len(before)] = now
    own = [names for command, names in OF_COMMANDS.items() if tuple(typed[: len(command)]) == command]
    names = {before: now for one in (RENAMED, *own) for before, now in one.items()}
    options = {before[0] for before in names}
    typed = [part for argument in typed for part in _parted(argument, options)]
    result: list[str] = []
    while typed:
        for before, now in names.items():
            if tuple(typed[: len(before)]) == before:
                renamed[" ".join(before)] = " ".join(now)
                result += now
                del typed[: len(before)]
                break
        else:
            result.append(typed.pop(0))
    return [*result, *arguments[end:]], renamed


def _parted(argument: str, options: set[str]) -> list[str]:
    """An option and its value where they stand in one word."""
    name, equals, value = argument.partition("=")
    return [name, value] if equals and name in options else [argument]


def with_help_options(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The arguments with `help` and `version` as options, and whether all of a help page is asked for.

    >>> with_help_options(["help", "audit"])
    (['audit', '--help'], False)
    """
    first, rest = arguments[:1], arguments[1:]
    if first and first[0] in WORDS:
        arguments = [*rest, WORDS[first[0]]]
    end = arguments.index("--") if "--" in arguments else len(arguments)
    is_whole = ALL in arguments[:end]
    return [*("--help" if one == ALL else one for one in arguments[:end]), *arguments[end:]], is_whole
