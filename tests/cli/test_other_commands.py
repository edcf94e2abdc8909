"""convert, rules, rule, demo, and what holds for all commands."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Ran
from tests.writing import content, content_row, put, read, video_id
from tiktok_coach import __version__
from tiktok_coach.cli.app import run
from tiktok_coach.core.notices import IN_FULL_LIST, PROVENANCE
from tiktok_coach.core.schema import SCHEMA, conform
from tiktok_coach.render import table as canonical

Coach = Callable[..., Ran]


def test_version_and_help(coach: Coach) -> None:
    assert coach("--version").out == f"tiktok-coach {__version__}\n"
    for command in ((), ("audit",), ("convert",), ("rules",), ("demo",)):
        ran = coach(*command, "--help")
        assert ran.code == 0
        assert ("\nUnderstand:\n" if not command else "\nExamples:\n") in ran.out


def test_the_module_runs_and_the_shell_completes() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tiktok_coach", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"tiktok-coach {__version__}\n"
    env = {"_TIKTOK_COACH_COMPLETE": "complete_bash", "COMP_WORDS": "tiktok-coach ru", "COMP_CWORD": "1", "PATH": ""}
    ran = subprocess.run([sys.executable, "-m", "tiktok_coach"], capture_output=True, text=True, env=env, check=False)
    assert ran.stdout.split() == ["rules"]


def test_output_whose_reader_has_gone_ends_quietly(bakery: Path) -> None:
    command = f"{sys.executable} -m tiktok_coach audit {bakery} --format json -q | head -c 10"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert ran.stderr == ""


@pytest.mark.parametrize(
    ("commands", "modules"),
    [
        ([["--help"]], ["pandas", "pyarrow", "pydantic", "babel", "numpy"]),
        ([["--version"], ["schema", "plan"]], ["typer.rich_utils", "rich", "tiktok_coach.cli.audit"]),
    ],
    ids=["help loads no heavy library", "a command loads neither the others nor the help page"],
)
def test_only_what_is_needed_is_imported(commands: list[list[str]], modules: list[str]) -> None:
    code = (
        f"import sys; from tiktok_coach.cli.app import run; [run(one) for one in {commands}]; "
        f"print([m for m in {modules} if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_convert_round_trips_without_loss(coach: Coach, bakery: Path, tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    assert coach("convert", bakery, "-o", first).code == 0
    assert coach("convert", first, "-o", second, "-q").code == 0
    assert first.read_bytes() == second.read_bytes()
    direct, again = read(bakery, timezone="Europe/Copenhagen").posts, read(first).posts
    pd.testing.assert_frame_equal(
        # Where facts are from is no column of the table.
        direct.drop(columns=[PROVENANCE, IN_FULL_LIST]),
        again.drop(columns=[PROVENANCE, IN_FULL_LIST, "hashtags"], errors="ignore"),
    )


def test_csv_has_iso_times_bare_days_and_texts_for_ids(coach: Coach, tmp_path: Path) -> None:
    rows = [
        content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "=SUM(A1)"),
        content_row("2026-06-10T10:00:00", "2026-06-12", "2026-06-30", "-", low=2),
    ]
    ran = coach("convert", put(tmp_path / "Content.csv", content(rows)), "--timezone", "UTC")
    table = list(csv.DictReader(io.StringIO(ran.out)))
    assert [r["posted_at"] for r in table] == ["2026-06-13T16:42:48Z", "2026-06-12"]
    assert [r["posted_at_precision"] for r in table] == ["second", "day"]
    assert [r["uploaded_at"] for r in table] == ["2026-06-13T16:42:48Z", "2026-06-10T10:00:00Z"]
    assert table[0]["post_id"] == video_id("2026-06-13T16:42:48")
    assert [r["caption"] for r in table] == ["'=SUM(A1)", "'-"]
    assert table[0]["caption_utf16"] == "8.0"


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"caption": st.one_of(st.none(), TEXT)},
            optional={
                "views": st.integers(0, 10**12),
                "duration_s": st.floats(0, 36_000, allow_subnormal=False),
                "completion_rate": st.floats(0, 1, allow_subnormal=False),
                "intro": st.booleans(),
                "fps": st.floats(0, 1000, allow_subnormal=False),
                "sound": TEXT.map(str.strip).filter(
                    lambda t: (
                        t
                        and t.casefold()
                        not in {"none", "-", "na", "n/a", "nan", "null", "undefined", "--", "—", "–", "n/d", "#n/a"}
                    )
                ),
            },
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_table_of_posts_comes_back_from_every_format(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    posts = conform(
        pd.DataFrame([{**row, "post_id": f"p{n}", "status": "published"} for n, row in enumerate(rows)]).astype(
            {"post_id": "str", "caption": "str"}
        )
    )
    for ending in ("csv", "json", "parquet"):
        path = tmp_path / f"t.{ending}"
        canonical.write(canonical.with_derived(posts), path, ending)
        back = read(path).posts
        for name in posts.columns:
            if name != "hashtags":
                pd.testing.assert_series_equal(posts[name], back[name], check_names=False)


def test_snapshots_show_growth(coach: Coach, tmp_path: Path) -> None:
    for day, views in (("2026-06-20", 100), ("2026-06-30", 900)):
        put(
            tmp_path / "e" / day / "Content.csv",
            content([content_row("2026-06-13T16:42:48", "2026-06-13", day, counts=(1, 1, 1, views))]),
        )
    ran = coach("convert", tmp_path / "e", "--snapshots")
    table = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(r["metrics_at"], r["views"]) for r in table] == [
        ("2026-06-20T00:00:00Z", "100"),
        ("2026-06-30T00:00:00Z", "900"),
    ]


def test_convert_lists_its_columns(coach: Coach) -> None:
    lines = coach("convert", "--columns").out.splitlines()
    assert len(lines) == len(SCHEMA)
    assert lines[0].startswith("post_id")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name at least one export"),
        (
            ["x.csv", "-o", "x.xlsx"],
            "x.xlsx: its ending names no format that can be written here; end the name in .json, .csv",
        ),
        (["x.csv"], "no such file"),
    ],
)
def test_convert_errors(coach: Coach, arguments: list[str], message: str) -> None:
    ran = coach("convert", *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_convert_one_account_to_a_folder_that_is_not_there(coach: Coach, bakery: Path) -> None:
    ran = coach("convert", bakery, "--account", "ovnkrogen", "-o", "none/x.csv")
    assert ran.code == 2
    assert "name a folder that exists" in ran.err


def test_rules_lists_in_every_format(coach: Coach) -> None:
    shown = coach("rules").out
    assert "T401" in shown
    assert "4. Write an engaging caption" in shown
    listed = json.loads(coach("rules", "--select", "T4", "--format", "json").out)["rules"]
    assert {r["code"][:2] for r in listed} == {"T4"}
    assert listed[0]["params"] == {"min": 0, "max": 150, "unit": "utf16"}
    listed = {rule["code"]: rule for rule in json.loads(coach("rules", "--format", "json").out)["rules"]}
    question = listed["T403"]["public"]["views"]
    assert listed["T403"]["grade"] == question["grade"]
    assert question["interval"][0] < question["effect"] < question["interval"][1]
    assert (listed["T101"]["grade"], listed["T101"]["public"]) == ("not tested", {})
    assert listed["P001"]["grade"] is None, "the record is of tips"
    assert listed["T604"]["public"]["views"]["subject"] == "within-6-hours", "the band with its code"
    assert "| T401 | Keep captions within 150 characters | warning |" in coach("rules", "--format", "markdown").out
    schema = json.loads(coach("rules", "--schema").out)
    assert schema["$schema"].endswith("2020-12/schema")


def test_rules_lists_claims_that_nobody_reviewed_for_a_year(coach: Coach) -> None:
    def stale(today: str) -> dict[tuple[str, str], str]:
        ran = coach("rules", "--stale", "--today", today, "--format", "json")
        claims = json.loads(ran.out)["stale"]
        return {(one["code"], one["claim"]): one["last_review"] for one in claims}

    assert stale("2026-11-27") == {}, "all were reviewed on 2026-11-26, or are of this year"
    assert "Every source was reviewed within a year." in coach("rules", "--stale", "--today", "2026-11-27").out
    assert ("T504", "aim for 12-15 seconds") not in stale("2027-11-26")
    assert stale("2027-11-27")["T504", "aim for 12-15 seconds"] == "2026-11-26"
    shown = " ".join(coach("rules", "--stale", "--today", "2027-11-27").out.split())
    assert "then write the day as `reviewed` into the rule, or into sources.yaml for all claims of a source." in shown
    assert "Hootsuite" in shown
    assert "T201" in shown
    markdown = coach("rules", "--stale", "--today", "2027-11-27", "--format", "markdown").out
    assert "| 2026-11-26 | Hootsuite |" in markdown


def test_rules_checks_a_pack(coach: Coach, tmp_path: Path) -> None:
    from tests.rules.test_load import RULE
    from tiktok_coach.rules.load import rulebook

    put(tmp_path / "pack" / "mine.yaml", RULE)
    assert coach("rules", "--check", "pack").out == "1 rule, 3 examples, 0 wrong\n"
    put(tmp_path / "pack" / "mine.yaml", RULE.replace("fail: [{hook_s: 3}]", "fail: [{hook_s: 1}]"))
    ran = coach("rules", "--check", "pack")
    assert ran.code == 1
    assert "X101 fail example 1 gives pass" in ran.out
    assert (coach("rules", "--check", "pack", "-o", "wrong.txt").code, Path("wrong.txt").read_text("utf-8")) == (
        1,
        ran.out,
    )
    ran = coach("rules", "--check", "pack", "-o", "wrong.json")
    assert (ran.code, "error: what --check finds is shown as text; " in ran.err) == (2, True)
    assert coach("rules", "--check", rulebook()).code == 0
    assert coach("rules", "--check", "none").code == 2


def test_a_rule_of_the_package_needs_the_address_of_each_source(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.rules.test_load import RULE

    folder = put(tmp_path / "pack" / "mine.yaml", RULE).parent
    monkeypatch.setattr("tiktok_coach.rules.load.rulebook", lambda: folder)
    ran = coach("rules", "--check", "pack")
    assert (ran.code, ran.out) == (1, "X101 has a source without an address\n1 rule, 3 examples, 1 wrong\n")
    address = 'as_of: "2026", url: "https://example.org/tips"}]'
    put(folder / "mine.yaml", RULE.replace('as_of: "2026"}]', address))
    assert coach("rules", "--check", "pack").code == 0


def test_rule_explains(coach: Coach, tmp_path: Path) -> None:
    shown = coach("rules", "T401").out
    for part in (
        "Keep captions within 150 characters  T401",
        "Tip 4: Write an engaging caption",
        "Why",
        "What to do",
        "shown_caption must have 150 characters at most.",
        "Sources",
        "[older]",
        "[newer]",
        "Passes",
        "Fails",
        "Cannot be checked",
    ):
        assert part in shown
    assert "caption-length" not in shown, "slugs are for programs"
    assert coach("rules", "caption-length").out == shown
    length = " ".join(coach("rules", "T504").out.split())
    buffer = "Buffer; n = 1,100,000; ×1.7; between accounts, no interval; https://buffer.com/resources/longer-tiktoks"
    assert f"({buffer}-get-more-views-data/; reviewed 2026-11-26) [measured]" in length
    assert "accounts: no effect seen" in length
    hashtags = json.loads(coach("rules", "T806", "--format", "json").out)["public"]["views"]["moderators"]
    assert [one["per"] for one in hashtags] == ["ten times the followers", "ten times the views"]
    change = f"ten times the followers: {hashtags[0]['factor'] - 1:+.0%}"
    assert change in " ".join(coach("rules", "T806").out.split())
    api = json.loads(coach("rules", "P002", "--format", "json").out)["sources"][0]
    assert (api["primary"], api["url"]) == (
        True,
        "https://developers.tiktok.com/doc/content-posting-api-reference-direct-post",
    )
    for part in ("Sources disagree", "150 characters, hashtags included (Hootsuite, 2023-01), but the limit is 4,000"):
        assert part in " ".join(shown.split())
    put(tmp_path / "us.yaml", "account: {country: US}\n")
    assert "In the US a joint venture" in coach("rules", "T401", "--config", "us.yaml").out
    assert "joint venture" not in shown
    assert json.loads(coach("rules", "T401", "--format", "json").out)["contested"] is True
    assert json.loads(coach("rules", "T403", "--format", "json").out)["contested"] is False
    assert "https://nealschaffer.com, the page is not known" in " ".join(coach("rules", "T512").out.split())
    assert "Reported by others, not by TikTok." in coach("rules", "P001").out
    assert "Reported by others" not in coach("rules", "P003").out, "TikTok's own page says it"
    assert "Reported by others" not in coach("rules", "T301").out, "a tip says what to do, not what TikTok takes"
    assert "On public accounts not tested" in " ".join(coach("rules", "T101").out.split())
    assert "Assumes" in coach("rules", "T301").out
    assert "Does not apply" in coach("rules", "T301").out
    assert "only where ad is yes" in coach("rules", "T512").out
    assert "group" not in coach("rules", "P001").out.splitlines()[0]
    assert json.loads(coach("rules", "t401", "--format", "json").out)["code"] == "T401"
    ran = coach("rules", "caption-lenght")
    assert ran.code == 2
    assert "did you mean caption-length?" in ran.err
    assert "`tiktok-coach rules` lists them" in coach("rules", "zzzzzzzzzz").err


def test_demo_writes_the_same_bytes_and_guards_a_folder_in_use(coach: Coach, tmp_path: Path) -> None:
    assert coach("demo", "a").code == 0
    assert coach("demo", "my b").err.splitlines()[-1] == 'Now try: tiktok-coach audit "my b"'
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "my b" / f).read_bytes() for f in files)
    ran = coach("demo", "a")
    assert ran.code == 2
    assert "has files in it already" in ran.err
    assert coach("demo", "a", "--force", "--seed", "8").code == 0
    put(tmp_path / "file", "x")
    assert "is a file" in coach("demo", "file").err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_alone(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR")
    for options, shown in (([], True), (["--no-progress"], False)):
        terminal = Terminal()
        with contextlib.redirect_stderr(terminal), contextlib.redirect_stdout(io.StringIO()):
            assert run(["audit", str(bakery), "-q", "--format", "json", *options]) == 0
        assert ("checking 181 posts" in terminal.getvalue()) == shown
