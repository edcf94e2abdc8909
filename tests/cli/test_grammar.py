"""One grammar of all commands: the same name means the same everywhere, help fits a screen, and nothing of a person's is
overwritten.
"""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.writing import content, content_row, put
from tiktok_coach.cli.app import GROUPS, NAMES, Commands
from tiktok_coach.cli.arguments import RENAMED

Coach = Callable[..., Ran]


def commands() -> Iterator[tuple[str, Any]]:
    for name, command in Commands().items():
        for below, one in getattr(command, "commands", {"": command}).items():
            yield f"{name} {below}".strip(), one


COMMANDS = dict(commands())
PLAN = "posts:\n- publish_at: 2026-12-01T18:00:00+01:00\n  caption: Fresh buns #bakery\n"
# What each command writes with -o, beside its inputs.
WRITERS = {
    "audit": ("june.csv", "a.json"),
    "backtest": ("june.csv", "b.json"),
    "columns": ("june.csv", "c.json"),
    "compare": ("june.csv", "--before", "2026-06-20", "d.json"),
    "convert": ("june.csv", "e.csv"),
    "evidence": ("june.csv", "f.md"),
    "lint": ("plan.yaml", "g.sarif"),
    "plan new": ("--hours", "18", "--timezone", "UTC", "h.yaml"),
    "report": ("june.csv", "i.html"),
    "retention": ("june.csv", "p.json"),
    "rules": ("j.md",),
    "schema": ("plan", "k.json"),
    "simulate": ("june.csv", "--viewers", "0", "l.csv"),
    "times": ("june.csv", "m.json"),
    "tips": ("n.md",),
    "why": ("june.csv", "o.json"),
}


@pytest.fixture
def precious(tmp_path: Path) -> dict[Path, bytes]:
    """A folder of files that somebody wrote, one of them in every place that a command is told to write to."""
    rows = [
        content_row(f"2026-06-{day:02}T16:42:48", f"2026-06-{day:02}", "2026-06-30", counts=(day, 1, 1, 100 + day))
        for day in range(1, 26)
    ]
    put(tmp_path / "june.csv", content(rows))
    put(tmp_path / "plan.yaml", PLAN)
    for *_inputs, name in WRITERS.values():
        put(tmp_path / name, "mine\n")
    return {path: path.read_bytes() for path in sorted(tmp_path.iterdir())}


def options(command: Any) -> Iterator[Any]:
    return (one for one in command.params if one.opts[0].startswith("-"))


def test_an_option_means_the_same_wherever_it_stands() -> None:
    kinds: dict[str, set[object]] = defaultdict(set)
    texts: dict[str, set[str]] = defaultdict(set)
    for command in COMMANDS.values():
        for one in options(command):
            for spelling in one.opts:
                # What must be given in one command may be left out in another.
                kinds[spelling].add((one.is_flag, one.multiple and spelling != "--format"))
                texts[spelling].add(str(one.help))
    assert {name: said for name, said in kinds.items() if len(said) > 1} == {}
    # These say what it is that the command writes, lists, learns from or draws.
    varied = "-o --output -q --account --config --fail-on --force --format --full --history --hours --limit --no-cache --per-day"
    varied += " --pool --post --quiet --seed --timezone --top"
    assert {name for name, said in texts.items() if len(said) > 1} <= set(varied.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_fits_a_screen(coach: Coach, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    short, whole = coach(*name.split(), "--help").out, coach(*name.split(), "--help-all").out
    assert len(short.splitlines()) <= 40
    assert "<" not in short
    assert short.count("\n  tiktok-coach ") <= 3
    assert f"\n  tiktok-coach {name}" in short
    for one in options(COMMANDS[name]):
        assert one.opts[0] in whole
        assert getattr(one, "rich_help_panel", None) is not None or one.opts[0] in short
    assert max(map(len, (line for line in whole.splitlines() if "tiktok-coach" not in line))) <= 80


def test_all_commands_are_listed_in_their_groups(coach: Coach) -> None:
    listed = coach("help").out
    assert [name for name in NAMES if f"\n  {name} " not in listed] == []
    assert [group for group in GROUPS if f"\n{group}:\n" not in listed] == []


def test_help_and_version_are_words_too_and_nothing_says_three_lines(coach: Coach) -> None:
    assert coach("help").out == coach("--help").out
    assert coach("help", "audit").out == coach("audit", "--help").out
    assert coach("version").out == coach("--version").out
    nothing = coach()
    assert (nothing.code, len(nothing.out.splitlines())) == (0, 3)


@pytest.mark.parametrize("before", [before for before in RENAMED if before[0] != "--by"], ids=" ".join)
def test_a_name_of_the_version_before_is_understood_with_a_note(coach: Coach, before: tuple[str, ...]) -> None:
    # Whatever the command makes of it, it is no option that is not known.
    ran = coach(
        "audit", "absent.csv", *before, *(["json"] if before == ("--output-format",) else ["1"])[: 2 - len(before)]
    )
    assert ran.err.startswith(f"note: {' '.join(before)} is called {' '.join(RENAMED[before])} now\n")
    assert "No such option" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["demo", "new", "--media"], "note: --media is called --videos now"),
        (["experiment", "design", "absent.csv", "--plan", "x.yaml"], "note: --plan is called --write-plan now"),
        (["fleet", "audit", "absent.csv", "-o", "x", "--json"], "note: --json is called --with-json now"),
        (["experiment", "design", "absent.csv", "--plan=x.yaml"], "note: --plan is called --write-plan now"),
        (["audit", "absent.csv", "--by=account"], "note: --by account is called --each-account now"),
    ],
)
def test_a_name_that_one_command_alone_had_is_understood_there(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, arguments: list[str], note: str
) -> None:
    # Making the videos takes a while.
    monkeypatch.setattr("tiktok_coach.demo.clips.write_clips", lambda *_arguments: [])
    ran = coach(*arguments)
    assert ran.err.splitlines()[0] == note
    assert "No such option" not in ran.err


def test_commands_that_were_twins_are_one(coach: Coach) -> None:
    one = coach("rule", "T401")
    assert one.out == coach("rules", "T401").out
    assert one.err == "note: rule is called rules now\n"
    assert coach("rules", "--schema").out == coach("schema", "rules").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audt"], "error: No such command 'audt'. Did you mean 'audit'?; `tiktok-coach --help` shows how"),
        (["audit"], "error: Missing argument 'EXPORT'; `tiktok-coach audit --help` shows how"),
        (["audit", "june.csv", "--tpo", "3"], "error: No such option: --tpo"),
        (["audit", "june.csv", "--top", "many"], "error: Invalid value for '--top'"),
        (
            ["audit", "june.csv", "--json", "--format", "markdown"],
            "error: --json and --format markdown are two formats",
        ),
        (["audit", "june.csv", "-o", "a.xyz"], "error: a.xyz: its ending names no format that can be written here"),
        (["audit", "june.csv", "-o", "a.html"], "error: a.html: its ending names no format that can be written here"),
        (["evidence", "june.csv", "--pool", "--each-account"], "error: Invalid value for --pool"),
    ],
)
def test_every_error_of_usage_is_one_line(
    coach: Coach, precious: dict[Path, bytes], arguments: list[str], message: str
) -> None:
    ran = coach(*arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert ran.err.startswith(message)


@pytest.mark.parametrize(
    ("ending", "option"), [("json", "--json"), ("md", "--format=markdown"), ("txt", "--format=text")]
)
def test_the_ending_of_a_file_decides_its_format(
    coach: Coach, precious: dict[Path, bytes], ending: str, option: str
) -> None:
    assert coach("audit", "june.csv", "-o", f"answer.{ending}").code == 0
    assert Path(f"answer.{ending}").read_text("utf-8") == coach("audit", "june.csv", option).out
    # What is asked for outweighs it, and a name without an ending says nothing.
    coach("audit", "june.csv", "--json", "-o", "answer")
    assert Path("answer").read_text("utf-8") == coach("audit", "june.csv", "--json").out


@pytest.mark.parametrize("name", ["audit", "convert", "evidence", "times", "why", "columns"])
def test_what_comes_on_stdin_is_an_input(
    coach: Coach, precious: dict[Path, bytes], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(Path("june.csv").read_bytes()))
    expected = coach(name, "june.csv", "--format", "json").out
    monkeypatch.setattr(sys, "stdin", stdin)
    assert coach(name, "-", "--format", "json").out.replace("stdin", "june.csv") == expected


@pytest.mark.parametrize("name", WRITERS)
def test_nothing_of_a_persons_is_overwritten(coach: Coach, precious: dict[Path, bytes], name: str) -> None:
    *inputs, target = WRITERS[name]
    ran = coach(*name.split(), *inputs, "-o", target)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1] == (
        f"error: {target}: is there already, and is not as this tool wrote it; name another file, or replace it with "
        "--force"
    )
    assert {path: path.read_bytes() for path in precious} == precious
    coach(*name.split(), *inputs, "-o", target, "--force")
    written = Path(target).read_bytes()
    assert written != b"mine\n"
    # What the tool wrote and nobody changed since may be replaced.
    assert "is there already" not in coach(*name.split(), *inputs, "-o", target).err
    Path(target).write_bytes(written + b"my own line\n")
    assert coach(*name.split(), *inputs, "-o", target).code == 2
    assert Path(target).read_bytes() == written + b"my own line\n"


def test_a_plan_that_was_mended_stays_its_writers(coach: Coach, precious: dict[Path, bytes]) -> None:
    put(Path("mine.yaml"), PLAN.replace("Fresh buns", "Fresh  buns"))
    coach("lint", "mine.yaml", "--fix")
    mended = Path("mine.yaml").read_bytes()
    assert coach("plan", "new", "--hours", "18", "--timezone", "UTC", "-o", "mine.yaml").code == 2
    assert Path("mine.yaml").read_bytes() == mended


def test_an_empty_file_is_filled(coach: Coach, precious: dict[Path, bytes]) -> None:
    put(Path("empty.md"), "")
    assert coach("audit", "june.csv", "-o", "empty.md").code == 0
    assert Path("empty.md").stat().st_size


def test_what_runs_at_once_remembers_all_that_it_wrote(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tiktok_coach.render.output import write_pieces
    from tiktok_coach.render.written import is_as_written

    paths = [tmp_path / f"{number}.md" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: write_pieces(["answer"], path), paths))
    assert all(map(is_as_written, paths))


def test_a_baseline_is_written_anew_and_no_other_file(coach: Coach, precious: dict[Path, bytes]) -> None:
    assert coach("lint", "plan.yaml", "--write-baseline", "a.json").code == 2
    assert Path("a.json").read_text("utf-8") == "mine\n"
    coach("lint", "plan.yaml", "--write-baseline", "known.json")
    Path("known.json").write_text(Path("known.json").read_text("utf-8") + "\n", "utf-8")
    assert "is there already" not in coach("lint", "plan.yaml", "--write-baseline", "known.json").err
