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


def of_today(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The arguments with the names of today, and what was called otherwise, by its name before.

    >>> of_today(["audit", "a.csv", "--output-format=json"])
    (['audit', 'a.csv', '--format', 'json'], {'--output-format': '--format'})
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    typed: list[str] = []
    for argument in arguments[:end]:
        name, equals, value = argument.partition("=")
        typed += [name, value] if equals and any(name == before[0] for before in RENAMED) else [argument]
    renamed: dict[str, str] = {}
    result: list[str] = []
    for before, now in COMMANDS.items():
        if tuple(typed[: len(before)]) == before:
            renamed[" ".join(before)] = " ".join(now)
            typed[: len(before)] = now
    names = RENAMED
    for command, own in OF_COMMANDS.items():
        if tuple(typed[: len(command)]) == command:
            names = {**RENAMED, **own}
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


def without_words(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The arguments with `help` and `version` as options, and whether all of a help page is asked for.

    >>> without_words(["help", "audit"])
    (['audit', '--help'], False)
    """
    first, rest = arguments[:1], arguments[1:]
    if first and first[0] in WORDS:
        arguments = [*rest, WORDS[first[0]]]
    is_whole = ALL in arguments
    return [("--help" if argument == ALL else argument) for argument in arguments], is_whole
