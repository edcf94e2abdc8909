"""The Python door: the commands' verbs as functions, whose answers are tables, JSON, and pages in a notebook.

>>> import tiktok_coach as tc
>>> export = tc.load("bakery", timezone="Europe/Copenhagen")  # doctest: +SKIP
>>> tc.audit(export).to_frame()  # doctest: +SKIP
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    import pandas as pd

    from tiktok_coach.analysis.session import Analysis
    from tiktok_coach.analysis.settings import AnalysisOptions
    from tiktok_coach.core.account import Account
    from tiktok_coach.core.notices import Notice, Source
    from tiktok_coach.render.pages.page import Page

PathName = str | PathLike[str]
Paths = PathName | Iterable[PathName]


class Export:
    """What was read, by `load`: a table of posts, and everything beside it."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    @property
    def posts(self) -> pd.DataFrame:
        """A row a post; `tiktok-coach convert --columns` describes the columns."""
        return self._analysis.export.posts

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Who posts, the account with most posts first."""
        return self._analysis.export.accounts

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that were read, and those that could not be."""
        return self._analysis.export.sources

    @property
    def notices(self) -> list[Notice]:
        """What was odd in the files, or chosen."""
        return self._analysis.export.all_notices

    def for_account(self, handle: str | None) -> Export:
        """The posts of one account of several, or for None of those that tell no account. Raises CoachError for an
        unknown one.
        """
        from tiktok_coach.core.account import normalize_handle

        return Export(self._analysis.for_account(normalize_handle(handle)))

    def __len__(self) -> int:
        return len(self.posts)

    def __repr__(self) -> str:
        names = ", ".join(f"@{account.handle}" for account in self.accounts if account.handle) or "an unnamed account"
        return f"<Export: {len(self.posts)} posts of {names}, from {len(self.sources)} files>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(repr(self))}</p>{self.posts.head(10).to_html(notebook=True)}"


class Answer:
    """The answer of one of the verbs: a dictionary, tables, and a page that a notebook shows.

    `print(answer)` gives the page as Markdown.
    """

    def __init__(
        self,
        title: str,
        part: str,
        facts: Callable[[], str],
        page: Callable[[], Iterable[str]],
        inner: str | None = None,
    ) -> None:
        # `inner` is the list whose entries each hold the table `part`.
        self._title, self._part, self._facts, self._page, self._inner = title, part, facts, page, inner

    def to_dict(self) -> dict[str, Any]:
        """The answer as the command's `--format json` has it."""
        return dict(json.loads(self._facts()))

    def to_frame(self, part: str | None = None) -> pd.DataFrame:
        """One of the lists of `to_dict()` as a table, a row an entry; the main one where `part` is None. Raises
        CoachError for a part that the answer does not have.
        """
        import pandas as pd

        facts = self.to_dict()
        if self._inner is not None:
            each = facts[self._inner]
            facts[self._part] = [{"account": one["account"], **row} for one in each for row in one[self._part]]
        names = [name for name, value in facts.items() if isinstance(value, list)]
        name = self._part if part is None else part
        if name not in names:
            raise CoachError(
                _("the answer has no table {part!r}", part=name), hint=_("it has {names}", names=", ".join(names))
            )
        return pd.DataFrame(facts[name])

    def __str__(self) -> str:
        return "".join(self._page())

    def __repr__(self) -> str:
        return f"<{self._title}>"

    _repr_markdown_ = __str__


def load(
    *paths: PathName,
    timezone: str | None = None,
    goal: str | Sequence[str] = (),
    account: str | None = None,
    config: PathName | None = None,
    rules: Paths = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    trends: Paths = (),
    media: Paths = (),
    columns: Mapping[str, str] | None = None,
    language: str | None = None,
    date_order: str | None = None,
    export_date: dt.date | None = None,
    today: dt.date | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    last: str | None = None,
    strict: bool = False,
) -> Export:
    """Reads exports: files, folders or ZIPs of any of the formats, as the commands read them.

    Parameters
    ----------
    paths : str or Path
        What to read; together they become one table.
    timezone : str, optional
        IANA name of the account's timezone; else as the config or the files say.
    goal : str or sequence of str, optional
        What the account is after, the most important first: reach, followers, community, search, rewards or sales.
    account : str, optional
        Keep this account alone, where there are several.
    config : path, optional
        The config file; else the nearest `tiktok-coach.yaml` at or above the first path.
    rules : path or paths
        Folders of further rules.
    select, ignore : sequence of str
        Codes of rules, or prefixes of them, to run and to leave out.
    trends, media : path or paths
        Trends files, and videos of the posts.
    columns : mapping, optional
        Headings of sheets by the fact that they hold, such as `{"views": "visninger"}`.
    language, date_order : str, optional
        Language of the files' days, and the order of their dates (`dmy`, `mdy` or `ymd`).
    export_date, today : datetime.date, optional
        When the files were downloaded, and the day to take for today.
    since, until : datetime.date, optional
        First and last day of the posts to study; those before tell what is usual, and nothing later is known.
    last : str, optional
        How far the period reaches back from its last day, else from the newest of the data: `28d`, `4w`, `3m` or `1y`.
    strict : bool
        Whether a file that cannot be read ends the reading, instead of being left out and named.

    Raises
    ------
    CoachError
        Where nothing can be used; `where`, `line` and `hint` say what and why.
    """
    from tiktok_coach.analysis.session import open_analysis

    if not paths:
        raise CoachError(_("no file or folder is named"), hint=_('such as load("exports")'))
    options = _options(
        inputs=_paths(paths),
        timezone=timezone,
        goal=_goals(goal),
        account=account,
        config=Path(config) if config is not None else None,
        packs=_paths(rules),
        select=tuple(select),
        ignore=tuple(ignore),
        trends=_paths(trends),
        media=_paths(media),
        columns=tuple(f"{fact}={heading}" for fact, heading in (columns or {}).items()),
        language=language,
        date_order=date_order,
        export_date=export_date,
        today=today,
        since=since,
        until=until,
        last=last,
        strict=strict,
    )
    return Export(open_analysis(options))


def audit(export: Export) -> Answer:
    """How an account does on the nine tips, and what to change first.

    Of several accounts it is the one with most posts; see `Export.for_account`. Tables: `changes` (the default),
    `advice`, `hurting`, `contradicted`, `tips`, `groups`, `missing`, `findings`, `posts`, `sources`, `notices`.
    """
    from tiktok_coach.analysis.audit import audit_account
    from tiktok_coach.render.audit import audit_json, audit_page
    from tiktok_coach.render.output import RenderOptions

    result = audit_account(_main(export))
    return _answer("Audit", "changes", result, audit_json, audit_page, options=RenderOptions(top=3))


def simulate(
    export: Export,
    plan: Paths | None = None,
    *,
    what_if: Mapping[str, object] | None = None,
    suggest: bool = False,
    viewers: int = 2000,
    runs: int = 40,
    horizon: int = 14,
    seed: int = 7,
    weights: str = "consensus",
) -> Answer:
    """How the published ranking signals would score each post, and how far a simulated feed would carry it.

    Parameters
    ----------
    export : Export
        The posts, or with a `plan` the history beside it.
    plan : path or paths, optional
        Planned posts to score instead.
    what_if : mapping, optional
        Facts to change of every post, such as `{"duration_s": 14}`.
    suggest : bool
        Whether to name the single changes that would raise scores most.
    viewers, runs : int
        Size of the simulated feed and how often it runs; 0 viewers score without it.
    horizon : int
        Days for which further growth is forecast, 8 to 22.
    seed : int
        Seed of everything random.
    weights : str
        What the signals weigh: consensus, assumed, x-2026, x-2023 or fitted.

    Tables: `posts` (the default) and others of `to_dict()`.
    """
    from tiktok_coach.analysis.session import Analysis
    from tiktok_coach.analysis.simulate import Question, simulate_account
    from tiktok_coach.ranking.lifts import parse_changes
    from tiktok_coach.render.output import RenderOptions
    from tiktok_coach.render.simulation.data import simulation_json
    from tiktok_coach.render.simulation.page import simulation_page

    analysis = _main(export)
    history = None
    if plan is not None:
        paths = _paths(plan)
        history, settings = analysis.history.export, analysis.settings
        analysis = Analysis.load(paths, settings, with_planned=True)
    changes = parse_changes([f"{fact}={value}" for fact, value in (what_if or {}).items()])
    question = Question(
        what_if=changes, suggest=suggest, viewers=viewers, runs=runs, seed=seed, horizon=horizon, weights=weights
    )
    result = simulate_account(analysis, question, history)
    return _answer(
        "Simulation", "posts", result, simulation_json, partial(simulation_page, options=RenderOptions(top=10))
    )


def retention(export: Export, post: str | None = None, *, cut: tuple[int, int] | None = None) -> Answer:
    """Why viewers leave, second by second. Tables: `effects` (the default), `worth` and `posts`.

    Parameters
    ----------
    export : Export
        The posts, with curves of a capture; load it with `media` for what is in their videos.
    post : str, optional
        The post to look at alone: the end of its id, its day (YYYY-MM-DD), or how its caption begins.
    cut : tuple of int, optional
        From which to which second the post's video is cut: how viewers would stay without them is in its `cut`.

    Raises
    ------
    CoachError
        Where the export holds no such post, or the video has no such seconds.
    """
    from tiktok_coach.analysis.expected_curves import cut_of_post
    from tiktok_coach.analysis.exports import row_of
    from tiktok_coach.render.retention import retention_json, retention_page
    from tiktok_coach.render.retention_post import retention_post_page

    analysis = _main(export)
    result = analysis.retention
    if post is None:
        if cut is not None:
            raise CoachError(_("a cut is of one post"), hint=_("name it as `post`"))
        return _answer("Retention", "effects", result, retention_json, retention_page)
    row = row_of(analysis.posts, post, "post")
    change = None if cut is None else cut_of_post(result, row, cut)
    json = partial(retention_json, row=row, cut=change)
    return _answer("Retention", "effects", result, json, lambda one: retention_post_page(one, row, cut=change))


def evidence(export: Export, *, seed: int = 7) -> Answer:
    """What an account's own results say of each tip and rule. Tables: `effects` (the default) and `curves`."""
    from tiktok_coach.analysis.evidence import evidence_of_account
    from tiktok_coach.render.evidence import evidence_json, evidence_page

    result = evidence_of_account(_main(export), seed=seed)
    return _answer("Evidence", "effects", result, evidence_json, evidence_page)


def follow_up(export: Export, earlier: PathName) -> Answer:
    """What became of the advice of an earlier audit, by all accounts of the export. Table: `advice`, a row each.

    Parameters
    ----------
    export : Export
        The exports since.
    earlier : path
        The earlier audit as JSON, or what `audit --remember` keeps beside the config file.

    Raises
    ------
    CoachError
        Where the file holds no advice, or the export no post since.
    """
    from tiktok_coach.analysis.follow_up import follow_up_audits, read_audits
    from tiktok_coach.render.follow_up import follow_up_json, follow_up_page

    path = Path(earlier)
    result = follow_up_audits(export._analysis, read_audits(path), path, (Path("EXPORTS"),))
    return _page_answer(
        f"Follow-up: {sum(one.posts for one in result.accounts)} posts since",
        "advice",
        result,
        follow_up_json,
        follow_up_page,
        inner="accounts",
    )


def why(export: Export, post: str | None = None) -> Answer:
    """What happened to the newest posts of each account, or to one post. Table: `newest`, a row each.

    Parameters
    ----------
    export : Export
        The posts; those of several accounts are compared with each other.
    post : str, optional
        The post to explain: the end of its id, its day (YYYY-MM-DD), or how its caption begins.

    Raises
    ------
    CoachError
        Where the export holds no such post, or it is not out yet.
    """
    from tiktok_coach.analysis.why import explain_posts
    from tiktok_coach.render.why import why_json, why_page

    result = explain_posts(export._analysis, post=post)
    return _page_answer(f"Why: {len(result.accounts)} accounts", "newest", result, why_json, why_page, inner="accounts")


def times(export: Export, *, activity_timezone: str | None = None, top: int = 5, seed: int = 7) -> Answer:
    """When an account should post. Tables: `slots` (the default; the hours of the week), `best`, `posts_a_day`,
    `compare_with`.

    Parameters
    ----------
    export : Export
        The posts, with the followers' activity where an export holds it.
    activity_timezone : str, optional
        IANA timezone in which the followers' hours are written; TikTok does not state it, and the account's is taken.
    top : int
        How many of the best hours to name.
    seed : int
        Seed of the chance of each hour to be the best.
    """
    from tiktok_coach.analysis.times import times_of_account
    from tiktok_coach.render.times import times_json, times_page

    result = times_of_account(_main(export), activity_timezone=activity_timezone, seed=seed)
    return _answer("Times", "slots", result, times_json, times_page, top=top)


def lint(
    path: Paths,
    *,
    history: Paths = (),
    timezone: str | None = None,
    goal: str | Sequence[str] = (),
    config: PathName | None = None,
    rules: Paths = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    trends: Paths = (),
    media: Paths = (),
    today: dt.date | None = None,
) -> Answer:
    """Checks planned posts. Tables: `findings` (the default), `files`, `problems`, `notices`, `suppressed`.

    Parameters
    ----------
    path : path or paths
        Plans, or folders of them.
    history : path or paths
        Exports of published posts to hold the plans against.
    timezone, goal, config, rules, select, ignore, trends, media, today
        As of `load`.
    """
    from tiktok_coach.linter.run import LintOptions, run_lint
    from tiktok_coach.render.lint.formats import rendered
    from tiktok_coach.render.lint.text import plain

    options = _options(
        inputs=_paths(path),
        history=_paths(history),
        timezone=timezone,
        goal=_goals(goal),
        config=Path(config) if config is not None else None,
        packs=_paths(rules),
        select=tuple(select),
        ignore=tuple(ignore),
        trends=_paths(trends),
        media=_paths(media),
        today=today,
    )
    result = run_lint(options, LintOptions()).linted
    return Answer(
        f"Lint: {len(result.findings)} findings in {len(result.calendar.posts)} posts",
        "findings",
        lambda: "".join(rendered("json", result, plain, 100)),
        lambda: rendered("markdown", result, plain, 100),
    )


def probe(paths: Paths, *, fast: bool = False, jobs: int | None = None, cached: bool = True) -> Answer:
    """What video and photo files hold: length, picture, sound, speech, tempo, cuts. It takes the extra `media`.

    Parameters
    ----------
    paths : path or paths
        Videos and photos, or folders of them.
    fast : bool
        Whether to read only what the files state, and look at no frame.
    jobs : int, optional
        How many files to look at at once; one a processor where it is None.
    cached : bool
        Whether to take what was measured of the same files before.
    """
    from tiktok_coach.analysis.probe import probe_files
    from tiktok_coach.render.probe import probe_json, probe_page

    result = probe_files(_paths(paths), fast=fast, jobs=jobs, cached=cached)
    title = f"Probe: {len(result.videos)} videos, {len(result.photos)} photos"
    part = "videos" if result.videos or not result.photos else "photos"
    return _page_answer(title, part, result, probe_json, probe_page)


def _options(**given: Any) -> AnalysisOptions:
    from tiktok_coach.analysis.settings import AnalysisOptions

    return AnalysisOptions(now=dt.datetime.now(dt.UTC), **given)


def _goals(goal: str | Sequence[str]) -> tuple[str, ...]:
    return (goal,) if isinstance(goal, str) else tuple(goal)


def _paths(names: Paths) -> tuple[Path, ...]:
    return (Path(names),) if isinstance(names, (str, PathLike)) else tuple(Path(name) for name in names)


def _main(export: Export) -> Analysis:
    """The analysis of the account with most posts."""
    analysis = export._analysis
    return analysis.for_account(analysis.account.handle)


def _answer(
    title: str,
    part: str,
    result: Any,
    to_json: Callable[..., Iterable[str]],
    to_page: Callable[..., Page],
    **options: Any,
) -> Answer:
    handle = result.account.handle
    title = f"{title}{f' of @{handle}' if handle else ''}: {len(result.export.posts)} posts"
    return _page_answer(title, part, result, partial(to_json, **options), partial(to_page, **options))


def _page_answer(
    title: str,
    part: str,
    result: Any,
    to_json: Callable[[Any], Iterable[str]],
    to_page: Callable[[Any], Page],
    *,
    inner: str | None = None,
) -> Answer:
    from tiktok_coach.render.pages.show import page_markdown

    return Answer(title, part, lambda: "".join(to_json(result)), lambda: page_markdown(to_page(result)), inner=inner)
