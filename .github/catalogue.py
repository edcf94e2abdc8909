"""The catalogues of the languages that the tool speaks: gathers every text, brings each catalogue up to date, and compiles it.

    python .github/catalogue.py            update and compile all catalogues, and say what each lacks
    python .github/catalogue.py de         begin one
    python .github/catalogue.py --check    change nothing; exit with 1 if anything is unlike its English, or compiled otherwise
    python .github/catalogue.py --check --release    exit with 1 too if any text is not translated, or not used any more

Who adds a rule, a column or a command writes English alone; that every text is translated is a check of a release.

English is what stands in the code, in the rule files and in the help texts; a catalogue is one file, `messages.po`, to be edited by hand.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tiktok_coach.core.translation import CATALOGUES, DOMAIN, read_rows
from tiktok_coach.rules.load import NOT_RULES, rulebook

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "tiktok_coach"
PAGE = PACKAGE / "render" / "site" / "parts"
# Our own word for each of gettext's, with the arguments that are texts.
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2), "plurals": (1, 2)}
# The tables of the package, with the columns that are texts.
TABLES = {
    "core/columns.csv": ("meaning", "supplied_by"),
    "core/measures.csv": ("how", "within"),
    "core/documents/validation_errors.csv": ("message",),
    "analysis/downloads.csv": ("name", "where", "tells"),
    "rules/lint_codes.csv": ("title", "why", "about"),
}
Text = str | tuple[str, str]


class Kept(Catalog):
    """A catalogue whose head has no dates and no names, so that it changes with its texts alone; Git has the others."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """The head."""
        return [
            ("Project-Id-Version", "tiktok-coach"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


@cache
def texts() -> dict[Text, list[str]]:
    """Every text that people read, each with the files in which it stands."""
    found: dict[Text, list[str]] = {}
    for text, file in chain(
        _of_code(), _of_tables(), _of_page(), _of_rules(), _of_bands(), _of_events(), _of_signals(), _of_help()
    ):
        if file not in found.setdefault(text, []):
            found[text].append(file)
    return found


def _of_code() -> Iterator[tuple[Text, str]]:
    for file, _line, text, _comments, _context in extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS):
        yield text, f"tiktok_coach/{file}".replace("\\", "/")


def _of_tables() -> Iterator[tuple[Text, str]]:
    for table, columns in TABLES.items():
        for row in read_rows(PACKAGE / table):
            yield from ((row[column], f"tiktok_coach/{table}") for column in columns)


def _of_page() -> Iterator[tuple[Text, str]]:
    pages = sorted(path.name for path in PAGE.glob("*.j2"))
    for name, method in (*((page, "jinja2.ext:babel_extract") for page in pages), ("page.js", "javascript")):
        for _line, text, _comments, _context in extract_from_file(method, PAGE / name, keywords=KEYWORDS):
            yield text, f"tiktok_coach/render/site/parts/{name}"


def _of_rules() -> Iterator[tuple[Text, str]]:
    from tiktok_coach.core.documents.document import read_yaml, validate
    from tiktok_coach.rules.model import RuleFile, texts_of

    for path in sorted(rulebook().glob("*.yaml")):
        if path.name not in NOT_RULES:
            file = validate(RuleFile, read_yaml(path.read_text("utf-8"), str(path)))
            yield from ((text, f"rules/{path.name}") for text in texts_of(file))


def _of_bands() -> Iterator[tuple[Text, str]]:
    from tiktok_coach.stats.bands import load_bands

    for band in load_bands(rulebook()):
        yield from ((text, "rules/facts.yaml") for text in (band.do, band.instead) if text)


def _of_events() -> Iterator[tuple[Text, str]]:
    from tiktok_coach.rules.model import CLAIM_TEXTS
    from tiktok_coach.stats.event_tips import load_event_tips

    for tip in load_event_tips(rulebook()):
        claims = (text for source in tip.sources for name in CLAIM_TEXTS if (text := getattr(source, name)))
        yield from (
            (text, "rules/retention.yaml") for text in (tip.if_helps, tip.if_hurts, tip.assumption, *claims) if text
        )


def _of_signals() -> Iterator[tuple[Text, str]]:
    from tiktok_coach.ranking.catalogue import load_signals
    from tiktok_coach.ranking.outlook import load_outlook

    for text in load_signals(rulebook()).texts():
        yield text, "rules/signals.yaml"
    for text in load_outlook(rulebook()).texts():
        yield text, "rules/outlook.yaml"


def _of_help() -> Iterator[tuple[Text, str]]:
    import typer

    from tiktok_coach.cli.app import app
    from tiktok_coach.cli.translation import texts_of

    for _holder, _name, text in texts_of(typer.main.get_command(app)):
        yield text, "tiktok_coach/cli"


def updated(old: Catalog) -> Catalog:
    """A catalogue with every text of today, in the order of the files; what is not used any more is gone."""
    new = Kept(locale=old.locale, fuzzy=False, header_comment="")
    for text, files in sorted(texts().items(), key=lambda item: (item[1][0], str(item[0]))):
        held = old.get(text)
        new.add(text, held.string if held is not None else "", locations=[(file, None) for file in files])  # type: ignore[misc]
    return new


def as_po(catalogue: Catalog) -> bytes:
    """A catalogue as a file to be edited."""
    file = io.BytesIO()
    write_po(file, catalogue, width=120, omit_header=False, include_lineno=False)
    return file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """A catalogue as the tool reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def is_compiled(path: Path) -> bool:
    """Whether the tool reads what a catalogue says."""
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return False
    kept, read = read_po(io.BytesIO(path.read_bytes())), read_mo(io.BytesIO(compiled.read_bytes()))
    said = [sorted((str(_first(m)), str(_forms(m))) for m in held if m.id) for held in (kept, read)]
    return said[0] == said[1]


def faults(catalogue: Catalog) -> Iterator[str]:
    """What is wrong with the translations that a catalogue has: places, spaces or lines that differ from the English."""
    for message in catalogue:
        if message.id and not message.fuzzy and all(_forms(message)):
            yield from _unlike(message)


def gaps(catalogue: Catalog) -> Iterator[str]:
    """What a catalogue lacks for a release: texts of today without a translation, and translations of texts that are gone."""
    english = texts()
    messages = {message.id: message for message in catalogue if message.id}
    yield from (f"not used any more: {text!r}" for text in messages if text not in english)
    for text in english:
        message = messages.get(text)
        if message is None or message.fuzzy or not all(_forms(message)):
            yield f"not translated: {text!r}"


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _unlike(message: Message) -> Iterator[str]:
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = [places(text) for text in english]
    for form in _forms(message):
        if places(form) not in allowed:
            yield f"other places than the English {message.id!r}: {form!r}"
        if form.strip() != form and message.id[0].strip() == message.id[0] and isinstance(message.id, tuple):
            yield f"other spaces than the English {message.id!r}: {form!r}"
        if isinstance(message.id, str) and (form[:1].isspace(), form[-1:].isspace()) != (
            message.id[:1].isspace(),
            message.id[-1:].isspace(),
        ):
            yield f"other spaces at the ends than the English {message.id!r}: {form!r}"
        if isinstance(message.id, str) and form.count("\n") != message.id.count("\n") and "\b" not in form:
            yield f"other lines than the English {message.id!r}: {form!r}"


def places(text: str) -> frozenset[tuple[str, str, str]]:
    """The places that a text fills in, each with its format."""
    try:
        return frozenset(
            # The words for one and for many are the language's own.
            (name, "|" if "|" in (spec or "") else spec or "", how or "")
            for _t, name, spec, how in string.Formatter().parse(text)
            if name is not None
        )
    except ValueError:
        # Texts of help hold braces of their own.
        return frozenset({("", text.count("{"), "")})  # type: ignore[arg-type]


def main(arguments: list[str]) -> int:
    """Update, begin or check catalogues; gives the exit code."""
    check, release = "--check" in arguments, "--release" in arguments
    begun = [CATALOGUES / name / "LC_MESSAGES" / f"{DOMAIN}.po" for name in arguments if not name.startswith("--")]
    wrong = 0
    for path in sorted({*CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"), *begun}):
        code = path.parent.parent.name
        old = read_po(io.BytesIO(path.read_bytes())) if path.exists() else Catalog(locale=code)
        new = old if check else updated(old)
        problems = list(faults(new))
        if release or not check:
            problems += gaps(new)
        if check:
            if not is_compiled(path):
                problems.append("not compiled")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_po(new))
            path.with_suffix(".mo").write_bytes(as_mo(new))
        print(f"{code}: {len(new)} texts, {len(problems)} faults")
        print("".join(f"  {problem}\n" for problem in problems), end="")
        wrong += len(problems)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
