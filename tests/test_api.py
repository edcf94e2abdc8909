"""The Python door: what each verb answers, in tables, as JSON and in a notebook."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import tiktok_coach as tc
from tiktok_coach.core.translation import set_language

CALENDAR = Path(__file__).parent / "lint" / "calendar"


@pytest.fixture(scope="module")
def export(bakery: Path) -> tc.Export:
    # A test before may have spoken another language.
    set_language("en")
    return tc.load(bakery, timezone="Europe/Copenhagen")


def test_what_was_read_shows_itself(export: tc.Export) -> None:
    assert repr(export) == f"<Export: {len(export)} posts of @ovnkrogen, from {len(export.sources)} files>"
    assert len(export.posts) == len(export) > 100
    assert export._repr_html_().startswith("<p>&lt;Export: ")
    assert "<table" in export._repr_html_()


@pytest.mark.parametrize("verb", [tc.audit, tc.evidence, tc.times])
def test_an_answer_is_a_table_a_dictionary_and_a_page(
    export: tc.Export, verb: Callable[[tc.Export], tc.Answer]
) -> None:
    answer = verb(export)
    assert answer.to_dict()["schema_version"] == "1"
    assert len(answer.to_frame()) > 3
    assert repr(answer).endswith("of @ovnkrogen: 181 posts>")
    assert str(answer).startswith("# ")
    assert answer._repr_markdown_() == str(answer)


def test_the_dictionary_is_the_json_of_the_command(
    export: tc.Export, bakery: Path, coach: Callable[..., object]
) -> None:
    ran = coach("audit", bakery, "--timezone", "Europe/Copenhagen", "--format", "json")
    assert tc.audit(export).to_dict() == json.loads(ran.out)  # type: ignore[attr-defined]


def test_every_list_is_a_table_and_another_name_is_refused(export: tc.Export) -> None:
    audit = tc.audit(export)
    assert audit.to_frame("tips")["tip"].tolist() == list(range(1, 10))
    with pytest.raises(tc.CoachError, match=r"no table 'tip'; it has .*tips"):
        audit.to_frame("tip")


def test_earlier_advice_is_followed_up_over_all_accounts(tmp_path: Path) -> None:
    june = {
        "audits": [
            {"account": {"handle": handle}, "as_of": "2026-06-01", "advice": [{"id": "q", "do": "Ask", "code": "T403"}]}
            for handle in ("baker", "miller")
        ]
    }
    (tmp_path / "june.json").write_text(json.dumps(june), "utf-8")
    posts = pd.DataFrame(
        {
            "post_id": [f"p{n}" for n in range(6)],
            "account": ["baker"] * 4 + ["miller"] * 2,
            "posted_at": "2026-07-01T12:00Z",
            "caption": ["Rye?", "Rye", "Rye", "Rye", "Why?", "Why not?"],
            "views": range(6),
        }
    )
    posts.to_csv(tmp_path / "posts.csv", index=False)
    answer = tc.follow_up(tc.load(tmp_path / "posts.csv", today=dt.date(2026, 8, 1)), tmp_path / "june.json")
    assert answer.to_frame()[["account", "id", "followed"]].to_dict("records") == [
        {"account": "baker", "id": "q", "followed": ["p0"]},
        {"account": "miller", "id": "q", "followed": ["p4", "p5"]},
    ]
    assert str(answer).startswith("# ")
    with pytest.raises(tc.CoachError, match="is not an audit"):
        tc.follow_up(tc.load(tmp_path / "posts.csv"), tmp_path / "posts.csv")


def test_posts_and_plans_are_simulated(export: tc.Export) -> None:
    posts = tc.simulate(export, viewers=0, what_if={"duration_s": 14}).to_frame()
    assert len(posts) == len(export)
    plan = tc.simulate(export, CALENDAR, viewers=0).to_frame()
    assert 0 < len(plan) < 30


def test_plans_are_linted_beside_a_history(bakery: Path) -> None:
    findings = tc.lint(CALENDAR, history=bakery).to_frame()
    assert {"code", "severity", "message"} <= set(findings.columns)
    # The function stays one, though a room of the package reads plans too.
    assert tc.lint(CALENDAR).to_dict()["summary"]["posts"] > 0


def test_one_of_several_accounts_is_chosen(tmp_path: Path) -> None:
    sheet = tmp_path / "both.csv"
    pd.DataFrame(
        {
            "post_id": [f"p{n}" for n in range(6)],
            "account": ["baker"] * 4 + ["miller"] * 2,
            "caption": "Rye",
            "views": range(6),
        }
    ).to_csv(sheet, index=False)
    both = tc.load(sheet)
    assert [a.handle for a in both.accounts] == ["baker", "miller"]
    assert len(both.for_account("@miller")) == 2
    assert len(tc.audit(both).to_frame("posts")) == 4
    assert len(tc.load(sheet, account="miller")) == 2


def test_errors_say_where_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(tc.CoachError, match="no such file") as missing:
        tc.load(tmp_path / "nothing")
    assert missing.value.where
    config = tmp_path / "c.yaml"
    config.write_text("account: {kind: x}\n", "utf-8")
    (tmp_path / "posts.csv").write_text("post_id,views\np1,1\n", "utf-8")
    with pytest.raises(tc.CoachError) as wrong:
        tc.load(tmp_path / "posts.csv", config=config)
    assert (Path(str(wrong.value.where)).name, wrong.value.line) == ("c.yaml", 1)
    with pytest.raises(tc.CoachError, match="no file or folder is named"):
        tc.load()


def test_importing_it_takes_less_than_pandas_needs() -> None:
    """It imports neither pandas nor anything else that is slow."""
    code = "import sys, tiktok_coach; tiktok_coach.load; print([m for m in ('pandas', 'numpy', 'pyarrow', 'pydantic', 'typer', 'rich', 'babel') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_it_says_what_it_offers() -> None:
    assert set(tc.__all__) <= set(dir(tc))
    with pytest.raises(AttributeError, match="no attribute 'unknown'"):
        _ = tc.unknown
