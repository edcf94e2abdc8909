"""A follow-up: which posts since an earlier audit followed each advice of it, and how they did beside the others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, Settings, resolve_settings
from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.documents.document import Document, validate
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, planned_mask
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.kind import FAIL, PASS, UNKNOWN
from tiktok_coach.stats.advice import followed
from tiktok_coach.stats.bands import Band
from tiktok_coach.stats.follow_up import CANNOT_TELL, HELPED, HURT, Verdict, effect_of_following, judge
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.retention_advice import BASIS as RETENTION

if TYPE_CHECKING:
    from tiktok_coach.analysis.audit import Audit

SCHEMA_VERSION = "1"
KEEP, DROP, EXPERIMENT = "keep", "drop", "experiment"
# What `audit --remember` keeps beside the config file; by its dot it is never read as an export. What the file says of
# itself is how it is known again.
MEMORY = ".tiktok-coach-advice.json"
KIND = "tiktok-coach-advice"
# So many of an account's advice are kept, what the newest audit gave first.
MOST = 20


def _in_utc(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


Moment = Annotated[dt.datetime, AfterValidator(_in_utc)]


class _Earlier(BaseModel):
    # Later versions may say more.
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class Where(_Earlier):
    """Which posts follow an advice: those in a band of a fact, or outside it (`has` False)."""

    field: str
    min: float | None = None
    max: float | None = None
    below: float | None = None
    any_of: tuple[str, ...] = ()
    has: bool = Field(default=True, alias="is")

    @model_validator(mode="after")
    def _has_bounds(self) -> Where:
        if not self.any_of and self.min is None and self.max is None and self.below is None:
            raise ValueError(_("has no bound"))
        return self

    @property
    def band(self) -> Band:
        """The band, under a name of no meaning."""
        return Band(id="earlier", do="", instead="", **self.model_dump(exclude={"has"}))


class EarlierAdvice(_Earlier):
    """An advice of an earlier audit: what to do, the effect it expected, and which posts follow it.

    Without `where` these are the posts that pass the rule `code`. It was given by posts as they were counted `as_of`.
    """

    id: str
    do: str
    effect: float | None = Field(None, gt=0)
    code: str | None = None
    where: Where | None = None
    as_of: Moment


class EarlierAccount(_Earlier):
    """Whose audit it was."""

    handle: str | None = None


class EarlierAudit(_Earlier):
    """The advice of an earlier audit of one account, and when the newest post that it knew went out."""

    account: EarlierAccount
    advice: tuple[EarlierAdvice, ...] = ()
    newest_post: Moment | None = None

    @property
    def handle(self) -> str | None:
        """The account's handle as the posts table has it."""
        return normalize_handle(self.account.handle)


class EarlierAudits(_Earlier):
    """The audits of one file."""

    audits: tuple[EarlierAudit, ...]


@dataclass(frozen=True)
class AdviceFollowUp:
    """What became of one advice: ids of the posts `since` that followed it, did not, and cannot be told apart.

    `action` is KEEP, DROP or EXPERIMENT, or None for advice that posts do not show; `rule` is the code of a rule that
    an experiment can try instead, or None.
    """

    advice: EarlierAdvice
    since: pd.Timestamp
    followed: tuple[str, ...]
    not_followed: tuple[str, ...]
    unknown: tuple[str, ...]
    verdict: Verdict
    action: str | None
    rule: str | None


@dataclass(frozen=True)
class AccountFollowUp:
    """What became of the advice to one account, in the order in which it was given, by its `posts` since."""

    handle: str | None
    since: pd.Timestamp
    posts: int
    advice: tuple[AdviceFollowUp, ...]


@dataclass(frozen=True)
class FollowUp:
    """The follow-up of the accounts of an earlier audit that the `export` of `inputs` holds; others are `absent`."""

    export: Export
    inputs: tuple[Path, ...]
    accounts: tuple[AccountFollowUp, ...]
    absent: tuple[str, ...]


def follow_up(options: AnalysisOptions, earlier: Path, progress: Progress | None = None) -> FollowUp:
    """What became of the advice of an earlier audit, by the exports since.

    Raises CoachError where the file holds no advice, or the exports no post since.
    """
    audits = read_audits(earlier)
    analysis = Analysis.load(options.inputs, resolve_settings(options), progress)
    return follow_up_audits(analysis, audits, earlier, options.inputs, options.account)


def follow_up_audits(
    analysis: Analysis, audits: Sequence[EarlierAudit], earlier: Path, inputs: tuple[Path, ...], only: str | None = None
) -> FollowUp:
    """What became of the advice of audits that the file `earlier` holds, by an analysis of the exports `inputs`.

    With `only` the exports were read for that account alone. Raises CoachError where the exports hold none of their
    accounts, or no post since.
    """
    handles = [account.handle for account in analysis.export.accounts]
    accounts, absent = [], []
    for audit in audits:
        # Many downloads name no account: a single one is then the audit's.
        handle = handles[0] if len(handles) == len(audits) == 1 and None in {handles[0], audit.handle} else audit.handle
        if handle in handles:
            accounts.append(follow_up_account(analysis.for_account(handle), audit))
        elif only is None or normalize_handle(only) == audit.handle:
            absent.append(audit.handle or _("an account without a name"))
    if not accounts:
        names = ", ".join(handle or _("an account without a name") for handle in handles)
        problem = _("is an audit of {names}, and the exports have no posts of theirs", names=", ".join(absent))
        raise CoachError(problem, where=str(earlier), hint=_("the files are of: {value}", value=names))
    if not any(one.posts for one in accounts):
        day = max(one.since for one in accounts)
        problem = _("no post is newer than the audit of {day:%Y-%m-%d}", day=day)
        raise CoachError(problem, where=str(earlier), hint=_("add an export with posts since"))
    return FollowUp(analysis.export, inputs, tuple(accounts), tuple(absent))


def follow_up_account(analysis: Analysis, audit: EarlierAudit) -> AccountFollowUp:
    """What became of the advice to one account, whose posts an analysis holds."""
    since = [pd.Timestamp(advice.as_of) for advice in audit.advice]
    rows = [_rows_since(analysis, moment) for moment in since]
    follows = [_follows(analysis, advice) for advice in audit.advice]
    posts, outcome = analysis.posts, analysis.outcome(VIEWS)
    effects = [effect_of_following(posts, outcome, *pair) for pair in zip(rows, follows, strict=True)]
    each = zip(audit.advice, since, rows, follows, judge(effects), strict=True)
    advice = tuple(_advice_follow_up(analysis, *parts) for parts in each)
    return AccountFollowUp(analysis.account.handle, min(since), max(map(len, rows)), advice)


def _rows_since(analysis: Analysis, since: pd.Timestamp) -> np.ndarray:
    """The row numbers of the posts that went out since."""
    posts = analysis.export.posts
    is_later = (column(posts, "posted_at") > since).to_numpy(dtype=bool)
    return np.asarray((~planned_mask(posts) & is_later).nonzero()[0])


def _advice_follow_up(
    analysis: Analysis,
    advice: EarlierAdvice,
    since: pd.Timestamp,
    rows: np.ndarray,
    follows: np.ndarray,
    verdict: Verdict,
) -> AdviceFollowUp:
    ids = column(analysis.export.posts, "post_id").astype("str").to_numpy()
    masks = (follows[rows] == 1, follows[rows] == 0, np.isnan(follows[rows]))
    yes, no, unknown = (tuple(ids[rows[mask]].tolist()) for mask in masks)
    rules = {r.code for r in analysis.settings.every_rule if r.is_cause and r.rule.field != "posted_at"}
    rule = advice.code if advice.code in rules else None
    action = _action(advice, verdict) if yes or no else None
    return AdviceFollowUp(advice, since, yes, no, unknown, verdict, action, rule)


def _follows(analysis: Analysis, advice: EarlierAdvice) -> np.ndarray:
    """Which posts (n) follow an advice: 1 or 0, NaN where that is not known."""
    if advice.where is not None:
        try:
            return followed(analysis.posts, advice.where.band, has=advice.where.has)
        except ValueError as error:
            problem = _("advice {id}: {field} is not a number", id=advice.id, field=advice.where.field)
            raise CoachError(problem) from error
    status = np.full(len(analysis.export.posts), UNKNOWN)
    # A rule on what became of a post cannot be the cause of it.
    rules = [r for r in analysis.settings.every_rule if r.code == advice.code and r.is_cause]
    for evaluation in analysis.evaluate(rules):
        status = evaluation.status
    return np.where(status == PASS, 1.0, np.where(status == FAIL, 0.0, np.nan))


def _action(advice: EarlierAdvice, verdict: Verdict) -> str:
    if verdict.word in (HELPED, HURT):
        return KEEP if verdict.word == HELPED else DROP
    if verdict.word == CANNOT_TELL:
        return EXPERIMENT
    return KEEP if verdict.high >= (advice.effect or 1.0) else DROP


def follow_up_remembered(analysis: Analysis) -> AccountFollowUp | None:
    """What became of the advice that earlier audits of an account kept; None where there is none, or no post since."""
    audit = analysis.settings.remembered.get(analysis.account.handle)
    result = follow_up_account(analysis, audit) if audit is not None and audit.advice else None
    return result if result is not None and result.posts else None


def memory_path(settings: Settings) -> Path | None:
    """Where advice is kept: beside the config file; None without one."""
    where = settings.config.where
    return Path(where).with_name(MEMORY) if where else None


def read_memory(path: Path) -> dict[str | None, EarlierAudit]:
    """The advice that is kept in a file, by account; empty where there is no file yet.

    Raises CoachError for a file that something else wrote, or a later version.
    """
    if not path.exists():
        return {}
    try:
        value = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise access_error("read", error, str(path)) from error
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or {**value, "audits": None} != memory_of(None):
        problem = _("is not what `audit --remember` of this version keeps")
        raise CoachError(problem, where=str(path), hint=_("move it away"))
    return {audit.handle: audit for audit in validate(EarlierAudits, Document(value, str(path))).audits}


def memory_of(audits: Iterable[EarlierAudit] | None) -> dict[str, Any]:
    """What is kept of audits, as JSON has it."""
    each = None if audits is None else [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in audits]
    return {"schema_version": SCHEMA_VERSION, "kind": KIND, "audits": each}


def with_newest_posts(export: Export, audits: Mapping[str | None, EarlierAudit]) -> dict[str | None, EarlierAudit]:
    """What is kept of audits, by account, with the newest post of each account in an export."""
    result = dict(audits)
    for name, posted in _posted(export).groupby(level=0):
        handle = str(name) or None
        audit = result.get(handle) or EarlierAudit(account=EarlierAccount(handle=handle))
        result[handle] = audit.model_copy(update={"newest_post": posted.max().to_pydatetime()})
    return result


def posts_since(export: Export, audits: Mapping[str | None, EarlierAudit]) -> tuple[int, dt.datetime] | None:
    """How many posts are newer than what earlier audits of their accounts knew, and since when; None without any."""
    newest = {handle or "": one.newest_post for handle, one in audits.items() if one.newest_post is not None}
    posted = _posted(export)
    since = [newest[handle] for handle in set(posted.index) if handle in newest]
    if not since:
        return None
    pairs = zip(posted.index, posted, strict=True)
    return sum(at > newest[handle] for handle, at in pairs if handle in newest), max(since)


def _posted(export: Export) -> pd.Series:
    """When the published posts went out that say so, by account."""
    posts = export.posts[~planned_mask(export.posts)]
    owner = column(posts, "account").astype("object").fillna("")
    return pd.Series(column(posts, "posted_at").array, index=owner).dropna()


def remembered_audit(audit: Audit, advice: Sequence[Mapping[str, Any]], earlier: EarlierAudit | None) -> EarlierAudit:
    """What is kept of an audit, whose `advice` is as JSON has it, beside what is kept of `earlier` ones.

    An advice that was given before keeps its time, so that all posts since then count. Raises CoachError where the
    posts have no time.
    """
    as_of = column(audit.posts[audit.is_out], "posted_at").max() if audit.as_of is None else audit.as_of
    if pd.isna(as_of):
        raise CoachError(_("--remember needs posts with a date: advice is followed up by the posts after it"))
    before = {one.id: one for one in earlier.advice} if earlier else {}
    kept = [one for one in advice if _can_be_followed(one)]
    dated = [{**one, "as_of": before[one["id"]].as_of if one["id"] in before else as_of} for one in kept]
    given = [EarlierAdvice.model_validate(one) for one in dated]
    older = [one for one in before.values() if one.id not in {now.id for now in given}]
    return EarlierAudit(account=EarlierAccount(handle=audit.account.handle), advice=tuple([*given, *older][:MOST]))


def read_audits(path: Path) -> tuple[EarlierAudit, ...]:
    """The audits with advice of a file: the JSON of an audit, of several, or what `audit --remember` keeps.

    Raises CoachError for another file, and for one without advice.
    """
    value = _read_json(path)
    audits = [*_audits_in(value, path)]
    if not audits or not all(isinstance(a, dict) and isinstance(a.get("account"), dict) for a in audits):
        raise _no_audit(path)
    audits = [{**audit, "advice": _dated(audit)} for audit in audits]
    known = [one for one in validate(EarlierAudits, Document({"audits": audits}, str(path))).audits if one.advice]
    if not known:
        hint = _("audit again, with --format json")
        raise CoachError(_("is an audit without advice"), where=str(path), hint=hint)
    return tuple(known)


def _audits_in(value: Any, path: Path) -> Sequence[Any]:
    if not isinstance(value, dict):
        raise _no_audit(path)
    audits = value.get("audits", [value])
    return audits if isinstance(audits, list) else ()


def _dated(audit: Mapping[str, Any]) -> Any:
    """The advice of an audit, each with the time that its posts were counted, or else that the newest went out."""
    advice, posts = audit.get("advice", []), audit.get("posts")
    out = [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []
    times = [post.get("posted_at") for post in out if post.get("status") != "planned"]
    as_of = audit.get("as_of") or max((time for time in times if isinstance(time, str)), default=None)
    if not isinstance(advice, list) or as_of is None:
        return advice
    each = [one for one in advice if not isinstance(one, dict) or _can_be_followed(one)]
    return [{"as_of": as_of, **one} if isinstance(one, dict) else one for one in each]


def _can_be_followed(advice: Mapping[str, Any]) -> bool:
    """Whether posts tell if they follow advice; what stands in a video's seconds is said of a rule alone."""
    return advice.get("basis") != RETENTION or advice.get("code") is not None


def _no_audit(path: Path) -> CoachError:
    hint = _("`tiktok-coach audit EXPORTS --format json` writes one")
    return CoachError(_("is not an audit as JSON"), where=str(path), hint=hint)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise access_error("read", error, str(path)) from error
    except (ValueError, RecursionError) as error:
        raise _no_audit(path) from error
