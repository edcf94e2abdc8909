"""What a folder holds: its accounts, what is known of their posts, and what could not be read."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.assistant.answers import MOST_ENTRIES, Answer, Arguments, Part, share, zone_texts
from tiktok_coach.assistant.folder import Folder
from tiktok_coach.assistant.quoting import quoted
from tiktok_coach.assistant.tool import AS_DATA, Tool
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import column, planned_mask
from tiktok_coach.core.translation import N_, _, plural

FEW = 5
# Facts of posts on which most answers rest, by what an answer calls them.
FACTS = {
    "views": "views",
    "time": "posted_at",
    "caption": "caption",
    "length": "duration_s",
    "second_of_the_hook": "hook_s",
    "watched_to_the_end": "completion_rate",
    "views_from_for_you": "traffic_for_you",
}
NO_FACTS = {
    "second_of_the_hook": N_("When the hook comes: a file of your own notes tells."),
    "watched_to_the_end": N_("How long viewers stay: a capture of TikTok Studio tells."),
    "views_from_for_you": N_("Where views come from: a capture of TikTok Studio tells."),
}


class AccountPart(Part):
    """One account."""

    handle: str | None = None
    posts: int
    first: str | None = None
    last: str | None = None
    timezone: str | None = None
    timezone_from: str | None = None
    goals: list[str] = []


class FormatPart(Part):
    """The files of one format."""

    format: str
    files: int
    rows: int


class FilePart(Part):
    """A file, and what is wrong with it or odd."""

    file: str
    text: str


class LoadAnswer(Answer):
    """What the folder holds."""

    accounts: list[AccountPart]
    accounts_left_out: int = 0
    known_of_posts: Annotated[dict[str, float], Field(description="Share (0-1) of the posts of which a fact is known.")]
    read: list[FormatPart]
    not_read: list[FilePart] = []
    warnings: list[FilePart] = []
    more_warnings: int = 0
    plans: Annotated[list[str], Field(description="Files that may be plans, for lint_plan.")] = []
    plans_left_out: int = 0


def _load(workspace: Workspace, arguments: Arguments) -> LoadAnswer:  # noqa: ARG001 - it has none
    analysis, plans = workspace.analysis(), workspace.folder.plans()
    export, show = analysis.export, workspace.folder.shown
    formats: dict[str, list[int]] = {}
    for source in export.sources:
        if source.state != "unreadable":
            formats.setdefault(source.format, []).append(source.rows)
    unread = [FilePart(file=s.name, text=show(s.problem or "")) for s in export.sources if s.state == "unreadable"]
    # What could not be read is among the warnings too.
    names = {one.file for one in unread}
    warnings = [one for one in export.warnings if one.source not in names]
    known = _known(analysis)
    plans = [name for name in plans if name.rpartition("/")[2] not in CONFIG_NAMES]
    return LoadAnswer(
        account=analysis.account.handle,
        says=_says(analysis),
        accounts=[_account(analysis, handle) for handle in _handles(analysis)[:MOST_ENTRIES]],
        accounts_left_out=max(len(export.accounts) - MOST_ENTRIES, 0),
        known_of_posts=known,
        read=[FormatPart(format=name, files=len(rows), rows=sum(rows)) for name, rows in formats.items()],
        not_read=unread[:FEW],
        warnings=[_warning(one, workspace.folder) for one in warnings[:FEW]],
        more_warnings=max(len(warnings) - FEW, 0) + max(len(unread) - FEW, 0),
        plans=plans[:MOST_ENTRIES],
        plans_left_out=max(len(plans) - MOST_ENTRIES, 0),
        not_known=[_(text) for name, text in NO_FACTS.items() if known[name] < 1 / 2],
        assumes=_assumes(analysis),
    )


def _handles(analysis: Analysis) -> list[str | None]:
    return [account.handle for account in analysis.export.accounts]


def _says(analysis: Analysis) -> str:
    count = int((~planned_mask(analysis.export.posts)).sum())
    posted = column(analysis.export.posts, "posted_at").dropna()
    posts = plural("{count:,} published post", "{count:,} published posts", count)
    names = [f"@{one}" if one else _("an account without a name") for one in _handles(analysis)]
    if len(names) > FEW:
        text = _("{posts} of {count:,} accounts", posts=posts, count=len(names))
    else:
        text = _("{posts} of {accounts}", posts=posts, accounts=", ".join(names))
    if len(posted):
        terms = {"first": posted.min(), "last": posted.max()}
        text = f"{text}, " + _("from {first:%Y-%m-%d} to {last:%Y-%m-%d}", **terms)
    return f"{text}."


def _account(analysis: Analysis, handle: str | None) -> AccountPart:
    one = analysis.for_account(handle)
    posted = column(one.export.posts, "posted_at").dropna()
    return AccountPart(
        handle=handle,
        posts=len(one.export.posts),
        first=f"{posted.min():%Y-%m-%d}" if len(posted) else None,
        last=f"{posted.max():%Y-%m-%d}" if len(posted) else None,
        timezone=one.account.timezone,
        timezone_from=one.account.timezone_source,
        goals=list(one.account.goals),
    )


def _known(analysis: Analysis) -> dict[str, float]:
    posts = analysis.export.posts
    return {name: share(column(posts, fact).notna().mean()) for name, fact in FACTS.items()}


def _warning(notice: Notice, folder: Folder) -> FilePart:
    return FilePart(file=folder.shown(notice.where), text=quoted(folder.shown(notice.text), 300) or "")


def _assumes(analysis: Analysis) -> list[str]:
    return [*dict.fromkeys(text for one in analysis.export.accounts for text in zone_texts(one))][:FEW]


TOOLS = (
    Tool(
        "load_account",
        N_("What the folder holds"),
        "Begin here: which accounts and posts the folder holds, how much is known of them, which files could not be "
        f"read, and which plans lie there. {AS_DATA}",
        Arguments,
        LoadAnswer,
        _load,
    ),
)
