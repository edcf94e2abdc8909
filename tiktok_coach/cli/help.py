"""The help pages: the common options and three examples by `--help`, all by `--help-all`.

Plain lines, as Typer's page takes a third of a second to draw and fills screens with frames.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from tiktok_coach.core.translation import N_, _, plural

# What --help asks for beside the common options, as the object of the outermost context.
ALL = "--help-all"
# So many examples are on the short page; a line that begins so is one.
EXAMPLES, EXAMPLE = 3, "\n  tiktok-coach "
# A term that is wider has its text on the next line.
MOST_TERM, WIDEST = 27, 100
# What stands for a value that has no word of its own.
METAVARS = {"int": "N", "float": "X", "str": "TEXT", "path": "PATH"}


def command_help(command: Any, ctx: Any) -> Iterator[str]:
    """The help page of a command, in lines."""
    is_whole = ctx.find_root().obj == ALL
    summary, examples, further = _parted(command.help or "")
    yield from wrapped(summary)
    yield from ("", command.get_usage(ctx).strip())
    if examples:
        yield from ("", heading(_("Examples:")), *(examples if is_whole else examples[:EXAMPLES]))
    if is_whole:
        for paragraph in further:
            yield from ("", *wrapped(paragraph))
    shown = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    common = [one for one in shown if _panel(one) is None]
    panels: dict[str | None, list[Any]] = {None: common}
    for one in [one for one in shown if _panel(one) is not None] if is_whole else []:
        panels.setdefault(_panel(one), []).append(one)
    for panel, parameters in panels.items():
        arguments = [one for one in parameters if isinstance(one, typer.core.TyperArgument)]
        options = [one for one in parameters if one not in arguments]
        if panel is None:
            yield from ("", *terms([_record(one, ctx, is_whole=is_whole) for one in arguments])) if arguments else ()
        records = [_record(one, ctx, is_whole=is_whole) for one in options]
        yield from ("", *terms(records, _("{panel}:", panel=_(panel or N_("Options")))))
    if rest := len(shown) - sum(map(len, panels.values())):
        more = plural("--help-all shows {count} more option.", "--help-all shows {count} more options.", rest)
        yield from ("", more)


def group_help(group: Any, ctx: Any, panels: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """The help page of a group of commands, in lines; `panels` are its commands by heading."""
    yield from wrapped(group.help or "")
    yield from ("", group.get_usage(ctx).strip())
    for panel, commands in panels.items():
        records = [(one.name, _parted(one.help or "")[0]) for one in commands]
        yield from ("", *terms(records, _("{panel}:", panel=_(panel)), width=14))
    records = [_record(one, ctx, is_whole=False) for one in group.get_params(ctx) if not getattr(one, "hidden", False)]
    yield from ("", *terms(records, _("{panel}:", panel=_("Options")), width=14 if len(records) < 3 else None))
    if group.epilog:
        yield from ("", *wrapped(group.epilog))


def wrapped(text: str) -> list[str]:
    """A paragraph in lines as wide as the terminal."""
    return textwrap.wrap(text, _width(), break_on_hyphens=False, break_long_words=False)


def terms(records: Sequence[tuple[str, str]], head: str | None = None, width: int | None = None) -> Iterator[str]:
    """Terms with their texts beside them, in lines, below a heading."""
    if head is not None:
        yield heading(head)
    widest = width or max((len(term) for term, _text in records if len(term) <= MOST_TERM), default=0)
    indent = " " * (widest + 4)
    for term, text in records:
        lines = textwrap.wrap(text, max(_width() - len(indent), 20), break_on_hyphens=False) or [""]
        if len(term) > widest:
            yield f"  {term}"
            yield from (f"{indent}{line}" for line in lines)
        else:
            yield f"  {term.ljust(widest)}  {lines[0]}".rstrip()
            yield from (f"{indent}{line}" for line in lines[1:])


def heading(text: str) -> str:
    """A heading, bold on a terminal."""
    return typer.style(text, bold=True) if sys.stdout.isatty() else text


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def _panel(parameter: Any) -> str | None:
    panel: str | None = getattr(parameter, "rich_help_panel", None)
    return panel


def _parted(text: str) -> tuple[str, list[str], list[str]]:
    """The first paragraph of a help text, the lines of its examples, and its further paragraphs."""
    paragraphs = [part.strip("\n") for part in text.replace("\b\n", "").split("\n\n")]
    examples = [part.splitlines()[1:] for part in paragraphs if EXAMPLE in part]
    others = [" ".join(part.split()) for part in paragraphs if part and EXAMPLE not in part]
    return (others or [""])[0], [line for lines in examples for line in lines], others[1:]


def _record(parameter: Any, ctx: Any, *, is_whole: bool) -> tuple[str, str]:
    """An argument or option with its text, of which the short page has the first sentence alone."""
    text = parameter.help or ""
    if isinstance(parameter, typer.core.TyperArgument):
        return parameter.metavar or parameter.name.upper(), text if is_whole else _first_sentence(text)
    short = [one for one in parameter.opts if not one.startswith("--")]
    names = ", ".join([*short, *(one for one in parameter.opts if one not in short)])
    if parameter.secondary_opts:
        names = f"{names}/{parameter.secondary_opts[0]}"
    names = names if short else f"    {names}"
    return f"{names} {_metavar(parameter, ctx)}".rstrip(), _with_default(
        text if is_whole else _first_sentence(text), parameter
    )


def _metavar(parameter: Any, ctx: Any) -> str:
    if parameter.is_flag or parameter.count:
        return ""
    if parameter.metavar:
        return str(parameter.metavar)
    kind: str = parameter.display_type(ctx).strip("<>").removeprefix("list[").removesuffix("]").removesuffix(" range")
    return METAVARS.get(kind.lower(), kind)


def _with_default(text: str, parameter: Any) -> str:
    value = parameter.default
    if parameter.required:
        required = _("[required]")
        return f"{text} {required}"
    if not parameter.show_default or isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return text
    default = _("[default: {value}]", value=value)
    return f"{text} {default}"


def _first_sentence(text: str) -> str:
    # An abbreviation goes on in lower case.
    return re.split(r"(?<=\.) (?=[^\Wa-zæøå])", text, maxsplit=1)[0]
