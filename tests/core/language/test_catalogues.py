"""Every text that people read is in every catalogue, nothing else is, and no sentence goes round them."""

from __future__ import annotations

import ast
import io
import re
import warnings
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import tiktok_coach
from tests.core.language.catalogues import program
from tiktok_coach.core.translation import CATALOGUES, DOMAIN

Sources = list[tuple[Path, ast.Module, list[ast.AST]]]
# The package is parsed once.
pytestmark = pytest.mark.xdist_group("catalogues")
PACKAGE = Path(tiktok_coach.__file__).parent
FILES = sorted(CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
# Rooms whose every sentence is for people.
SHOWN = ("cli", "render", "batch", "linter", "analysis", "plans", "rules", "media", "ranking")
# Calls whose texts are no sentences, or that are looked up elsewhere; help texts come from the commands themselves.
ELSEWHERE = {
    "Option",
    "Argument",
    "Typer",
    "command",
    "compile",
    "filterwarnings",
    "Field",
    "fill",
    "cached",
    "N_",
    "_",
    "plural",
    "plurals",
    "add",
    "Template",
    # Names of fields, as JSON has them, and marks of a format.
    "facts_of",
    "attributes",
    "where_any",
    "CalendarKind",
}
# Texts that are data: YAML and Markdown that the tool writes, names of other programs, patterns.
DATA = re.compile(
    r"^account:text |datetime64|^Callable\[|^str \| |^[\W\d_]*$|^\s|^ {2}|\\|^\(|^[a-z_]+: |^- |^\| |^# |^~|^<|^%|^\{|^\["
    r"|^tiktok-coach |^--|^-o |^Google Chrome$|^Microsoft Edge$"
    r"|^pip install|^bold |^-//tiktok-coach|^Value error, $|^statistics as json$|^video, |^the plan$"
    r"|^front matter$|^(user interactions|video information|device and account settings|never recommended|not used|table reasons)$"
    # Names of columns, of what a column may be, and of programs.
    r"|^working title$|^calendar kept by hand$|^no cut for long$"
    r"|^(?=.*[a-z0-9]_[a-z0-9])[a-z0-9_]+( [a-z0-9_]+)+ ?$|^account outcome code name |^chromium "
    r"|^, trial_|^TikTok: $|, …$|^header only$|^studio (page|content)"
)


@pytest.fixture(params=FILES, ids=lambda path: path.parent.parent.name)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read_po(io.BytesIO(Path(request.param).read_bytes()))


def test_there_is_danish() -> None:
    assert "da" in {path.parent.parent.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
def test_translations_have_the_places_of_the_english_and_are_compiled(path: Path) -> None:
    keeper = program()
    assert list(keeper.faults(read_po(io.BytesIO(path.read_bytes())))) == []
    assert keeper.is_compiled(path), "run .github/catalogue.py"


def test_a_differing_text_is_a_fault_and_a_missing_or_unused_one_keeps_back_a_release(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    keeper = program()
    spoilt = Catalog(locale="da")
    for text in keeper.texts():
        if text not in {"Every post", "{count} files", "how often"}:
            spoilt.add(text, text)
    spoilt.add("how often", "hvor ofte")
    assert list(keeper.faults(spoilt)) == []
    missing = [text for text in ("Every post", "{count} files") if text in keeper.texts()]
    assert {*keeper.gaps(spoilt)} >= {f"not translated: {text!r}" for text in missing}
    file = tmp_path / "da" / "LC_MESSAGES" / f"{DOMAIN}.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(keeper.as_po(spoilt))
    file.with_suffix(".mo").write_bytes(keeper.as_mo(spoilt))
    monkeypatch.setattr(keeper, "CATALOGUES", tmp_path)
    assert (keeper.main(["--check"]), keeper.main(["--check", "--release"])) == (0, 1)
    assert "not translated: 'Every post'" in capsys.readouterr().out
    spoilt.add("{count} files", "{number} filer")
    assert list(keeper.faults(spoilt)) == ["other places than the English '{count} files': '{number} filer'"]


def test_what_is_translated_is_not_the_english(catalogue: Catalog) -> None:
    """A name or a unit may be alike in both; a sentence is not."""
    alike = sorted(m.id for m in catalogue if isinstance(m.id, str) and m.id == m.string and len(m.id.split()) > 3)
    assert alike == ["developers.tiktok.com, Content Posting API", "{outcome}: {change}, {accounts}: {grade}"]


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Every file of the package with its tree and all nodes of it."""
    files = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in sorted(PACKAGE.rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            files.append((path, tree, [*ast.walk(tree)]))
    return files


def called(node: ast.AST | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_no_text_is_looked_up_inside_of_a_braced_string(sources: Sources) -> None:
    """Babel does not see a call there before Python 3.12."""
    problems = [
        f"{path.name}:{inner.lineno}"
        for path, _tree, nodes in sources
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if called(inner) in {"_", "N_", "plural"} and isinstance(inner.args[0], ast.Constant)  # type: ignore[attr-defined]
    ]
    assert problems == []


def test_no_key_stands_in_the_place_of_a_text(sources: Sources) -> None:
    """Babel takes the key of `_(row["word"])` for a text before its 2.19, and not from there on."""
    problems = [
        f"{path.name}:{node.lineno}"
        for path, _tree, nodes in sources
        for node in nodes
        if called(node) in {"_", "N_", "plural"}
        for text in node.args[:2]  # type: ignore[attr-defined]
        for inner in ast.walk(text)
        if isinstance(inner, ast.Subscript) and isinstance(getattr(inner.slice, "value", None), str)
    ]
    assert problems == []


def test_no_name_hides_the_looking_up(sources: Sources) -> None:
    problems = []
    for path, _tree, nodes in sources:
        text = path.read_text("utf-8")
        if not re.search(r"words import .*\b_\b", text):
            continue
        own = {id(n) for c in nodes if isinstance(c, ast.comprehension) for n in ast.walk(c.target)}
        problems += [
            f"{path.name}:{node.lineno}"
            for node in nodes
            if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store) and id(node) not in own
        ]
    assert problems == []


def test_no_sentence_goes_round_the_catalogues(sources: Sources) -> None:
    """What is looked up where it is shown stands in the catalogues by the same words."""
    known, problems = program().texts(), []
    for path, _tree, nodes in sources:
        room = path.relative_to(PACKAGE).parts[0]
        if room not in SHOWN:
            continue
        parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
        problems += [
            f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.value!r}"
            for node in nodes
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and len(re.findall(r"[A-Za-z]{2,}", node.value)) >= 2
            and " " in node.value.strip()
            and not DATA.search(node.value)
            and node.value not in known
            and not _elsewhere(node, parents)
        ]
    assert problems == []


def _elsewhere(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents.get(node)
    if isinstance(parent, ast.Expr):
        return True
    # What a JSON Schema says of its parts is for editors, in English.
    if isinstance(parent, ast.Dict) and {"description", "anyOf"} & {getattr(key, "value", None) for key in parent.keys}:
        return True
    while parent is not None:
        if called(parent) in ELSEWHERE or isinstance(parent, ast.Compare):
            return True
        parent = parents.get(parent)
    return False
