"""Whether earlier advice worked: tiktok-coach follow-up, as a user meets it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.analysis.follow_up import MEMORY, MOST, EarlierAudit, memory_of, read_memory

Coach = Callable[..., Ran]
AUDITED = "2026-06-01T09:00:00Z"
QUESTION = {
    "id": "question",
    "do": "End captions with a question",
    "basis": "public record",
    "effect": 1.06,
    "interval": [1.02, 1.10],
    "code": "T403",
    "tip": 4,
    "where": {"field": "asks_question", "min": 1, "is": True},
}
LONG = {
    "id": "not-under-12-seconds",
    "do": "Make videos of 12 seconds or longer",
    "effect": 1.2,
    "code": None,
    "where": {"field": "duration_s", "below": 12, "is": False},
}
TAG = {"id": "hashtag:rye", "do": "Use #rye", "where": {"field": "hashtags", "any_of": ["rye"], "is": True}}


def audit_of(*advice: Mapping[str, Any], handle: str | None = "baker", **more: Any) -> dict[str, Any]:
    """An earlier audit by what JSON has of its advice."""
    return {"schema_version": "1", "account": {"handle": handle}, "as_of": AUDITED, "advice": list(advice), **more}


def sheet(handle: str = "baker", *, question: float = 4.0, start: int = 1) -> str:
    """Forty posts before the audit and forty since: every third asks a question, which multiplies its views since."""
    rng, lines = np.random.default_rng(start), []
    for n in range(80):
        day = np.datetime64("2026-04-22T12:00") + np.timedelta64(n, "D")
        asks, later = n % 3 == 0, n >= 40
        views = int(1000 * np.exp(rng.normal(0, 0.4)) * (question if asks and later else 1))
        caption = "Rye or wheat?" if asks else "We bake. #rye" if n == 79 else "We bake."
        lines.append(
            f"{7_600_000_000_000_000_000 + start * 1000 + n},{handle},{day}Z,{caption},{views},{8 + n % 2 * 8}\n"
        )
    return "post_id,account,posted_at,caption,views,duration_s\n" + "".join(lines)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return put(tmp_path / "posts.csv", sheet())


def followed_up(coach: Coach, *arguments: str | Path) -> dict[str, Any]:
    ran = coach("follow-up", *arguments, "--format", "json", "-q", "--today", "2026-08-01")
    assert ran.code == 0, ran.err
    value: dict[str, Any] = json.loads(ran.out)
    return value


def test_each_advice_has_the_posts_since_that_followed_it_and_how_they_did(
    coach: Coach, posts: Path, tmp_path: Path
) -> None:
    put(tmp_path / "june.json", audit_of(QUESTION, LONG, TAG))
    [account] = followed_up(coach, "june.json", posts)["accounts"]
    assert (account["account"], account["since"], account["posts"]) == ("baker", AUDITED, 40)
    question, long, tag = account["advice"]
    assert (len(question["followed"]), len(question["not_followed"]), question["unknown"]) == (13, 27, [])
    assert "7600000000000001042" in question["followed"]
    assert "7600000000000001003" not in question["followed"], "it went out before"
    assert question["verdict"] == "helped"
    assert question["interval"][0] < 4 < question["interval"][1]
    assert (question["expected"], question["action"], question["command"]) == (1.06, "keep", None)
    assert len(long["followed"]) == 20, "those outside of the band follow it"
    assert long["interval"][0] < 1 < long["interval"][1]
    assert tag["followed"] == ["7600000000000001079"]
    assert (tag["verdict"], tag["effect"], tag["lacking"]) == (
        "cannot tell yet",
        None,
        {"followed": 4, "not_followed": 0},
    )
    assert (tag["action"], tag["command"]) == ("experiment", None)


def test_advice_that_hurts_is_dropped(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", sheet(question=0.2))
    put(tmp_path / "june.json", audit_of(QUESTION))
    [account] = followed_up(coach, "june.json", "posts.csv")["accounts"]
    assert [(one["verdict"], one["action"]) for one in account["advice"]] == [("hurt", "drop")]


def test_what_cannot_be_told_names_the_experiment_that_would_tell(coach: Coach, posts: Path, tmp_path: Path) -> None:
    late = audit_of(QUESTION, as_of="2026-07-01T09:00:00Z")
    put(tmp_path / "july.json", late)
    [account] = followed_up(coach, "july.json", posts)["accounts"]
    [question] = account["advice"]
    assert question["lacking"]["followed"] == 5 - len(question["followed"])
    assert question["command"] == f"tiktok-coach experiment design {posts} --rule T403"
    shown = coach("follow-up", "july.json", posts.name, "-q").out
    assert "cannot tell yet: it takes" in shown
    assert "--rule T403" in shown
    arguments = question["command"].split()[1:]
    assert coach(*arguments, "--timezone", "Europe/Copenhagen", "--today", "2026-08-01", "-q").code == 0


def test_advice_by_a_rule_alone_is_followed_by_the_posts_that_pass_it(
    coach: Coach, posts: Path, tmp_path: Path
) -> None:
    put(tmp_path / "june.json", audit_of({"id": "T403", "do": "Ask", "code": "T403"}, {"id": "X9", "do": "?"}))
    asks, unknown = followed_up(coach, "june.json", posts)["accounts"][0]["advice"]
    assert len(asks["followed"]) == 13
    assert (len(unknown["unknown"]), unknown["followed"]) == (40, [])


def test_accounts_one_by_one(coach: Coach, posts: Path, tmp_path: Path) -> None:
    put(tmp_path / "miller.csv", sheet("miller", question=0.2, start=2))
    each = [audit_of(QUESTION), audit_of(QUESTION, handle="@Miller"), audit_of(QUESTION, handle="grocer")]
    put(tmp_path / "june.json", {"schema_version": "1", "by": "account", "audits": each})
    result = followed_up(coach, "june.json", posts, "miller.csv")
    assert [(one["account"], one["advice"][0]["verdict"]) for one in result["accounts"]] == [
        ("baker", "helped"),
        ("miller", "hurt"),
    ]
    assert result["absent"] == ["grocer"]
    one = followed_up(coach, "june.json", posts, "miller.csv", "--account", "miller")
    assert ([a["account"] for a in one["accounts"]], one["absent"]) == (["miller"], [])
    shown = coach("follow-up", "june.json", posts, "miller.csv", "-q", "--format", "markdown").out
    assert "@baker: 40 posts since the audit of 2026-06-01" in shown
    assert "No posts in these exports: grocer." in shown


def test_an_account_without_a_name_is_the_only_one_there_is(coach: Coach, posts: Path, tmp_path: Path) -> None:
    put(tmp_path / "june.json", audit_of(QUESTION, handle=None))
    assert followed_up(coach, "june.json", posts)["accounts"][0]["account"] == "baker"


def test_without_the_time_of_counting_the_newest_post_parts_old_from_new(
    coach: Coach, posts: Path, tmp_path: Path
) -> None:
    listed = [{"posted_at": "2026-05-20"}, {"posted_at": "2026-05-31T12:00:00Z"}]
    put(tmp_path / "june.json", audit_of(QUESTION, as_of=None, posts=listed))
    assert followed_up(coach, "june.json", posts)["accounts"][0]["posts"] == 40


def test_the_page_says_how_it_went_and_what_to_do(coach: Coach, posts: Path, tmp_path: Path) -> None:
    put(tmp_path / "june.json", audit_of(QUESTION, {**TAG, "do": "Use [red]#rye[/red] \x1b[31m"}))
    shown = coach("follow-up", "june.json", posts, "-q").out
    assert "40 posts since the audit of 2026-06-01" in shown
    assert "13 of 40" in shown
    assert "times the views" in " ".join(shown.split())
    assert "keep it" in shown
    assert "[red]" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not JSON", "june.json: is not an audit as JSON; `tiktok-coach audit EXPORTS --format json` writes one"),
        ([1], "june.json: is not an audit as JSON"),
        ({"posts": []}, "june.json: is not an audit as JSON"),
        (audit_of(), "june.json: is an audit without advice"),
        (audit_of(QUESTION, as_of=None), "june.json: audits.0.advice.0.as_of is missing"),
        (audit_of(QUESTION, as_of="soon"), "june.json: audits.0.advice.0.as_of: "),
        (audit_of({**QUESTION, "where": {"field": "duration_s"}}), "june.json: audits.0.advice.0.where: has no bound"),
        (audit_of({**QUESTION, "where": {"field": "caption", "min": 1}}), "advice question: caption is not a number"),
        (audit_of(QUESTION, as_of="2026-07-20T00:00:00Z"), "june.json: no post is newer than the audit of 2026-07-20"),
        (
            audit_of(QUESTION, handle="miller"),
            "june.json: is an audit of miller, and the exports have no posts of theirs",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(
    coach: Coach, posts: Path, tmp_path: Path, content: Any, message: str
) -> None:
    put(tmp_path / "june.json", content)
    ran = coach("follow-up", "june.json", posts, "-q")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert coach("follow-up", "none.json", posts).code == 2


def kept(tmp_path: Path, *audits: Mapping[str, Any]) -> Path:
    """What `audit --remember` keeps beside a config file."""
    put(tmp_path / "tiktok-coach.yaml", "account: {timezone: UTC}\n")
    each = [
        {"account": audit["account"], "advice": [{**one, "as_of": AUDITED} for one in audit["advice"]]}
        for audit in audits
    ]
    return put(tmp_path / MEMORY, memory_of([EarlierAudit.model_validate(one) for one in each]))


def test_a_later_audit_opens_with_what_became_of_the_advice(coach: Coach, posts: Path, tmp_path: Path) -> None:
    kept(tmp_path, audit_of(QUESTION, TAG), audit_of(LONG, handle="miller"))
    shown = coach("audit", posts, "-q").out.splitlines()
    assert shown[2].startswith("Worked since 2026-06-01, keep it: End captions with a question: ")
    assert "Too few posts yet to judge 1 piece of advice." in " ".join(shown[2:5])
    audit = json.loads(coach("audit", posts, "-q", "--format", "json").out)
    assert [one["verdict"] for one in audit["follow_up"]["advice"]] == ["helped", "cannot tell yet"]
    assert followed_up(coach, MEMORY, posts)["accounts"][0]["advice"][0]["verdict"] == "helped"


def test_an_audit_without_a_newer_post_opens_as_ever(coach: Coach, posts: Path, tmp_path: Path) -> None:
    kept(tmp_path, audit_of(QUESTION, handle="miller"))
    before, best = coach("audit", posts, "-q").out.splitlines()[2:4]
    assert before == ""
    assert best.startswith("Most viewed  ")
    assert json.loads(coach("audit", posts, "-q", "--format", "json").out)["follow_up"] is None


@pytest.mark.parametrize("content", ["{", "[1]", '{"schema_version": "2", "audits": []}', '{"audits": [], "mine": 1}'])
def test_a_file_of_that_name_that_something_else_wrote_is_named(
    coach: Coach, posts: Path, tmp_path: Path, content: str
) -> None:
    kept(tmp_path)
    put(tmp_path / MEMORY, content)
    ran = coach("audit", posts, "-q")
    assert ran.code == 2
    assert f"{MEMORY}: is not what `audit --remember` of this version keeps; move it away" in ran.err
    assert ran.err.count("\n") == 1


@pytest.fixture
def audited(posts: Path, tmp_path: Path) -> Path:
    """An export as it was before the audit of 1 June, with a config file."""
    put(tmp_path / "shop" / "tiktok-coach.yaml", "account: {timezone: UTC}\n")
    lines = posts.read_text("utf-8").splitlines(keepends=True)
    return put(tmp_path / "shop" / "may.csv", "".join(lines[:41]))


def test_an_audit_keeps_its_advice_for_the_next_one(coach: Coach, audited: Path, posts: Path) -> None:
    memory = audited.with_name(MEMORY)
    ran = coach("audit", audited.parent, "--remember", "--format", "json")
    assert ran.code == 0, ran.err
    assert f"the advice is kept in {memory.resolve()}" in ran.err
    given = [one["id"] for one in json.loads(ran.out)["advice"]]
    assert given
    audit = read_memory(memory)["baker"]
    assert [one.id for one in audit.advice] == given[:MOST]
    assert memory.stat().st_mode & 0o077 == 0, "for its owner alone"
    assert "7600000000000001" not in memory.read_text("utf-8"), "and without a post"
    assert "since" not in coach("audit", audited.parent, "-q").out.splitlines()[1], "no post is newer"
    posts.rename(audited.with_name("june.csv"))
    later = json.loads(coach("audit", audited.parent, "-q", "--format", "json").out)["follow_up"]
    assert [one["id"] for one in later["advice"]] == given[:MOST]
    assert later["posts"] == 40


def test_advice_that_is_given_again_keeps_its_time_and_other_accounts_theirs(
    coach: Coach, audited: Path, posts: Path
) -> None:
    memory = audited.with_name(MEMORY)
    assert coach("audit", audited.parent, "--remember").code == 0
    first = read_memory(memory)["baker"]
    put(audited.with_name("miller.csv"), sheet("miller", start=2))
    assert coach("audit", audited.parent, "--remember", "--account", "miller").code == 0
    assert read_memory(memory)["baker"] == first
    posts.rename(audited.with_name("june.csv"))
    assert coach("audit", audited.parent, "--remember").code == 0
    both = read_memory(memory)
    assert sorted(map(str, both)) == ["baker", "miller"]
    assert {one.id: one.as_of for one in first.advice}.items() <= {o.id: o.as_of for o in both["baker"].advice}.items()
    before = memory.read_bytes()
    assert coach("audit", audited.parent, "--remember").code == 0
    assert memory.read_bytes() == before


def test_what_cannot_be_kept_is_one_line_and_leaves_all_as_it_is(coach: Coach, audited: Path, posts: Path) -> None:
    ran = coach("audit", posts, "--remember")
    assert (ran.code, ran.out) == (2, "")
    assert "--remember keeps the advice beside the config file, and there is none; " in ran.err
    other = put(audited.with_name(MEMORY), '{"mine": 1}')
    ran = coach("audit", audited.parent, "--remember")
    assert ran.code == 2
    assert "is not what `audit --remember` of this version keeps" in ran.err
    assert other.read_text("utf-8") == '{"mine": 1}'
    assert sorted(path.name for path in audited.parent.iterdir()) == sorted([MEMORY, "may.csv", "tiktok-coach.yaml"])
    undated = "post_id,account,caption,views,status\n1,baker,Rye?,5,published\n2,baker,Rye,6,published\n"
    other.unlink()
    put(audited, undated)
    ran = coach("audit", audited.parent, "--remember", "-q")
    assert (ran.code, other.exists()) == (2, False)
    assert "--remember needs posts with a date" in ran.err


def test_planned_posts_date_no_advice(coach: Coach, tmp_path: Path) -> None:
    head, *lines = sheet().splitlines()
    lines = [f"{line},published" for line in lines] + ["7700000000000000000,baker,2027-06-01T12:00Z,Rye?,,9,planned"]
    put(tmp_path / "posts.csv", "\n".join([f"{head},status", *lines]))
    put(tmp_path / "tiktok-coach.yaml", "account: {timezone: UTC}\n")
    assert coach("audit", "posts.csv", "--remember", "-q", "--today", "2026-08-01").code == 0
    [kept] = read_memory(tmp_path / MEMORY).values()
    assert {one.as_of.date().isoformat() for one in kept.advice} == {"2026-07-10"}
