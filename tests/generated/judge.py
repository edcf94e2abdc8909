"""What is read of a draw, held against what it says, value by value."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tests.generated.draw import TODAY, Draw, Row, Says
from tests.generated.plans import judge_plan
from tests.generated.verdicts import Verdict, is_a_question, kinds_of, names_heading
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.settings import AnalysisOptions, resolve_settings
from tiktok_coach.cli.app import run
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import column
from tiktok_coach.io.load import load
from tiktok_coach.io.reading import Export, ReadOptions

# Facts of which a sheet must say something for a post to have them.
SAID = (
    "views", "likes", "comments", "shares", "saves", "reach", "followers", "new_followers", "duration_s", "width", "height",
    "average_watch_time_s", "total_watch_time_s", "completion_rate", "sound", "sound_artist", "hashtags", "title", "language",
    "region",
)  # fmt: skip
# Columns of the posts table that a sheet fills.
SAME = ("post_id", "account", "link", "caption", "posted_at", "posted_at_precision", "counts_rounded", *SAID)


@dataclass
class Judged:
    """The verdicts of a draw, how long its reading took, and what was said of it."""

    draw: Draw
    verdicts: list[Verdict] = field(default_factory=list)
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What was wrong in silence, each once."""
        return list(dict.fromkeys(v.why for v in self.verdicts if v.outcome == "wrong"))


def put(draw: Draw, folder: Path) -> Path:
    """The files of a draw in a folder."""
    for name, body in draw.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def judge(draw: Draw, folder: Path) -> Judged:
    """Read the files of a draw in a folder, which is made, and judge every value."""
    put(draw, folder)
    judged = Judged(draw)
    started = time.process_time()
    try:
        if draw.is_plan:
            judged.verdicts = judge_plan(draw, folder, judged.said)
        else:
            export = load([folder], ReadOptions(today=TODAY, timezone=draw.timezone))
            judged.seconds = time.process_time() - started
            judged.said = [f"{n.level}: {n.where}: {n.text}" for n in export.all_notices]
            judged.verdicts = [*_judge_export(draw, export)]
            if draw.looks_at_columns:
                judged.verdicts += _judge_columns(draw, folder, export)
    except CoachError as error:
        judged.said = [str(error)]
        judged.verdicts = [*_refused(draw, error)]
    judged.seconds = judged.seconds or time.process_time() - started
    return judged


def _refused(draw: Draw, error: CoachError) -> Iterator[Verdict]:
    outcome = "asked" if is_a_question(draw, str(error)) else "wrong"
    why = "" if outcome == "asked" else f"refused without a question: {error.advice}"
    if any(secret in str(error) for secret in (*draw.secrets, *draw.unseen)):
        yield Verdict("wrong", frozenset({"private"}), "a secret is shown in an error")
    for row in draw.rows:
        for fact in row.says:
            yield Verdict(outcome, kinds_of(draw, fact), why)
        if row.post is None:
            yield Verdict(outcome, frozenset({row.kind, *draw.kinds}), why)


def _judge_export(draw: Draw, export: Export) -> Iterator[Verdict]:
    posts, notices = export.posts, export.all_notices
    everything = (
        posts.astype("str").to_csv()
        + "".join(n.text for n in notices)
        + "".join(s.problem or "" for s in export.sources)
    )
    for secret in (*draw.secrets, *draw.unseen):
        if secret in everything:
            yield Verdict("wrong", frozenset({"private"}), "a secret is read or shown")
    facts = {c.fact for c in draw.columns}
    by_id = not facts.isdisjoint({"post_id", "link"})
    keys = posts["post_id"] if by_id else column(posts, "caption")
    places = {str(key).strip(): place for place, key in enumerate(keys)}
    seen: set[int] = set()
    for row in draw.rows:
        if row.post is None:
            continue
        key = row.post.post_id if by_id else row.post.caption
        place = places.get(key)
        if place is None:
            # A row whose caption is `Total` may be left as a sum.
            levels = {"warning", "info"} if "odd captions" in draw.kinds else {"warning"}
            named = any(re.search(r"\brows?\b|entries", n.text) for n in notices if n.level in levels)
            # Of several tabs one that leaves a question is left out with it.
            asked = any("left out; say " in n.text and ":" in n.source for n in notices)
            outcome = "asked" if asked else "left" if named else "wrong"
            for fact in row.says:
                yield Verdict(outcome, kinds_of(draw, fact), f"the post {key} is lost")
            continue
        seen.add(place)
        yield from _judge_row(draw, row, posts.iloc[place], notices)
    yield from _judge_more(draw, export, notices, set(range(len(posts))) - seen)


def _judge_columns(draw: Draw, folder: Path, export: Export) -> Iterator[Verdict]:
    """Whether `columns` prints what reading takes: pasted, it gives the same posts, and nothing else is shown."""
    kinds = frozenset({"columns pasted", *draw.kinds})
    shown = {how: _printed(["columns", str(folder), "--format", how]) for how in ("json", "yaml")}
    if any(secret in text for secret in draw.unseen for text in shown.values()):
        yield Verdict("wrong", frozenset({"private"}), "columns shows what reading does not take")
    config = folder.with_suffix(".yaml")
    config.write_text(shown["yaml"], "utf-8")
    now = dt.datetime.combine(TODAY, dt.time(), dt.UTC)
    options = AnalysisOptions(
        now=now, inputs=(folder,), config=config, timezone=draw.timezone, today=TODAY, use_cache=False
    )
    try:
        pasted = load_export((folder,), resolve_settings(options), None, with_planned=True).posts
    except CoachError as error:
        yield Verdict("wrong", kinds, f"what columns prints is refused: {error}")
        return
    different = [name for name in export.posts if name in SAME and not export.posts[name].equals(column(pasted, name))]
    why = f"what columns prints is read otherwise: {different}"
    yield Verdict(
        "wrong" if different or len(pasted) != len(export.posts) else "right", kinds, why if different else ""
    )


def _printed(arguments: list[str]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        run(arguments)
    return out.getvalue()


def _judge_row(draw: Draw, row: Row, read: pd.Series, notices: list[Notice]) -> Iterator[Verdict]:
    assert row.post is not None
    for fact, says in row.says.items():
        headings = [c.heading for c in draw.columns if c.fact == fact]
        named = any(names_heading(notices, heading) for heading in headings)
        outcome, why = _outcome(draw, fact, says, read, row)
        if outcome == "missing":
            outcome, why = ("left", "") if named else ("wrong", f"{fact} {says.cell!r} is dropped in silence")
        if outcome in {"doubtful", "scheduled"}:
            levels = {"warning"} if outcome == "doubtful" else {"warning", "info"}
            is_zone_named = any(re.search("(?i)time ?zone|UTC", n.text) for n in notices if n.level in levels)
            outcome = "left" if named or is_zone_named else "wrong"
        yield Verdict(outcome, kinds_of(draw, fact), why)
    if read.get("status") != row.post.status:
        yield Verdict("wrong", frozenset({"status", *draw.kinds}), f"the status is {read.get('status')}")
    if (owner := read.get("account")) is not None and not pd.isna(owner) and owner != row.post.handle.lower():
        yield Verdict("wrong", frozenset({"account", *draw.kinds}), f"the account {row.post.handle} is read as {owner}")
    for fact in SAID:
        value = read.get(fact)
        if fact not in row.says and value is not None and not pd.isna(value):
            yield Verdict("wrong", frozenset({fact, *draw.all_kinds()}), f"{fact} {value!r} is invented")


def _outcome(draw: Draw, fact: str, says: Says, read: pd.Series, row: Row) -> tuple[str, str]:
    """Whether a fact is `right`, `wrong`, `missing`, or for a time `doubtful`; and why it is not right."""
    value = read.get(fact)
    is_missing = value is None or bool(pd.isna(value))
    if says.value is None:
        return ("right", "") if is_missing else ("wrong", f"{fact} {says.cell!r} is read as {value}, and is nothing")
    if is_missing:
        return "missing", ""
    why = f"{fact} {says.cell!r} is read as {value}, and is {says.value}"
    if fact == "posted_at":
        return _time_outcome(draw, says, read, why)
    if isinstance(says.value, str):
        same = " ".join(str(value).split()).lower() == " ".join(says.value.split()).lower()
        return ("right", "") if same else ("wrong", why)
    if abs(float(value) - float(says.value)) > says.within + 1e-9:
        return "wrong", why
    if says.is_rounded and read.get("counts_rounded") is not True and str(read.get("counts_rounded")) != "True":
        return "wrong", f"{fact} {says.cell!r} is rounded, and not marked so"
    return "right", ""


def _time_outcome(draw: Draw, says: Says, read: pd.Series, why: str) -> tuple[str, str]:
    at = pd.Timestamp(read["posted_at"])
    distance = abs(at.timestamp() - says.value)
    why += f" ({pd.Timestamp(says.value, unit='s')}), precision {read.get('posted_at_precision')}"
    if read.get("posted_at_precision") == "day":
        local = pd.Timestamp(says.value, unit="s", tz="UTC").tz_convert(draw.zone)
        days = {says.day} if says.day else {local.date(), local.tz_convert("UTC").date()}
        if at.date() not in days:
            return "wrong", why
        return ("right", "") if says.day else ("doubtful", f"{why}: the hour is dropped in silence")
    if distance <= (120 if says.day and "scheduled" not in draw.kinds else says.within + 5):
        return "right", ""
    if says.day and "scheduled" in draw.kinds and distance <= 36 * 3600:
        # By which uploads fall on the printed days is said with the zone.
        return "scheduled", why
    return ("doubtful" if not says.day and distance <= 15 * 3600 and says.within <= 3600 else "wrong"), why


def _judge_more(draw: Draw, export: Export, notices: list[Notice], others: set[int]) -> Iterator[Verdict]:
    """Rows of no post to be read, tabs left out, and posts that nobody has drawn."""
    planned = {
        r.cells.get(c.heading)
        for r in draw.rows
        if r.kind == "a planned row"
        for c in draw.columns
        if c.fact == "caption"
    }
    for place in sorted(others):
        post = export.posts.iloc[place]
        if post["status"] == "planned" and post.get("caption") in planned:
            continue
        texts = {str(v) for v in post.dropna()}
        kind = next(
            (
                r.kind
                for r in draw.rows
                if r.post is None and not texts.isdisjoint({str(v) for v in r.cells.values() if v})
            ),
            "",
        )
        yield Verdict(
            "wrong",
            frozenset({"a post too many", kind or "of nothing"}),
            f"a post too many ({kind}): {dict(post.dropna())}",
        )
    texts = [f"{n.text} {n.line or ''}".casefold() for n in notices]
    for row in draw.rows:
        if row.post is None:
            said = any(re.search(row.words, text) for text in texts)
            became = row.kind == "a planned row" and len(others) > 0
            outcome = "right" if said or became else "wrong"
            yield Verdict(
                outcome, frozenset({row.kind}), "" if outcome == "right" else f"{row.kind} is dropped in silence"
            )
    for name, word in draw.left.items():
        said = any(word in n.text or word in n.source for n in notices) or any(
            word in s.name and s.problem for s in export.sources
        )
        outcome = "right" if said else "wrong"
        yield Verdict(
            outcome, frozenset({f"tab {name}", *draw.kinds}), "" if said else f"the tab {name} is left in silence"
        )
    if any(c.kind == "side fact in doubt" for c in draw.columns):
        said = any(names_heading(notices, heading) for heading in ("artist", "music author"))
        yield Verdict(
            "left" if said else "wrong", frozenset({"side fact in doubt"}), "" if said else "no word of the artists"
        )
