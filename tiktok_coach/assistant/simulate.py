"""A draft before it exists: the views to expect of it, its simulated score, and what of it moves that."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.simulate import Question, Simulation, simulate_account
from tiktok_coach.assistant.answers import Answer, Estimate, Part, account_texts, estimate
from tiktok_coach.assistant.drafts import DraftArguments, draft_file
from tiktok_coach.assistant.tool import AS_DATA, Tool
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.load import load
from tiktok_coach.render.labels import coverage_text
from tiktok_coach.render.simulation.data import post_of
from tiktok_coach.render.simulation.explanation import expected_views_text
from tiktok_coach.render.simulation.page import ASSUMED

# Single changes that are tried.
SUGGESTIONS = 3


class MovePart(Part):
    """A rule that moves what is expected, as this account's posts show."""

    rule: str
    do: str
    draft_does: bool
    moves: Annotated[Literal["up", "down"], Field(description="How far is in the range of the views and the score.")]
    what: Annotated[str, Field(description="The action of viewers that it moves.")]


class ChangePart(Part):
    """One change of the draft, and the points by which the simulated score would rise."""

    do: str
    rule: str
    gain: Estimate
    is_clear: Annotated[bool, Field(description="Whether the whole range is a gain. If not, it may do nothing.")]


class SimulateAnswer(Answer):
    """What to expect of a draft."""

    expected_views_in_7_days: Annotated[
        Estimate | None,
        Field(description="90% range: it is wide, since views are mostly luck. Never give one end alone."),
    ] = None
    from_posts: Annotated[int, Field(description="Published posts that it is learned from.")]
    says_something_of_the_draft: Annotated[
        bool, Field(description="Whether facts of the draft moved the views; if not, they are those of any next post.")
    ] = False
    score: Annotated[
        Estimate | None, Field(description="Simulated, 50 is usual for the account; in the range with 90%.")
    ] = None
    may_be_recommended: bool = True
    never_recommended_because: list[str] = []
    moved_by: list[MovePart] = []
    changes_to_try: list[ChangePart] = []


def _simulate(workspace: Workspace, arguments: DraftArguments) -> SimulateAnswer:
    history = workspace.account(arguments.account)
    draft = _as_analysis(history, arguments)
    # Without a feed: of what has a history, views are expected from that.
    simulation = simulate_account(draft, Question(viewers=0, suggest=True), history.export)
    post = post_of(simulation, 0)
    expected = post["expected"]
    views = None if expected["views"] is None else estimate(expected["views"], *expected["interval"])
    score = None if post["signal_score"] is None else estimate(post["signal_score"], *post["interval"])
    rules = {rule.code: rule.rule for rule in history.settings.every_rule}
    moves = [
        MovePart(
            rule=move.code,
            do=rules[move.code].do,
            draft_does=move.passes,
            moves="up" if move.factor > 1 else "down",
            what=move.action,
        )
        for move in simulation.moves.get(0, ())
    ]
    return SimulateAnswer(
        account=history.account.handle,
        says=_says(post),
        expected_views_in_7_days=views,
        from_posts=expected["posts"],
        says_something_of_the_draft=expected["by_its_facts"],
        score=score,
        may_be_recommended=post["eligible"],
        never_recommended_because=post["reasons"],
        moved_by=moves,
        changes_to_try=_changes(simulation),
        not_known=_not_known(arguments, post),
        assumes=[
            *account_texts(workspace.other_accounts(), history.account.handle, was_asked=arguments.account is not None),
            _(ASSUMED),
        ],
    )


def _as_analysis(history: Analysis, arguments: DraftArguments) -> Analysis:
    """The draft as an analysis of one planned post, of the account of the history."""
    account, settings = history.account, history.settings
    # A local time of the draft is on the clock of its account.
    reading = replace(settings.read_options, timezone=account.timezone, required=frozenset(), columns={}, units={})
    return Analysis(load((), reading, sources=(draft_file(arguments),), strict=True), settings)


def _says(post: dict[str, Any]) -> str:
    text = expected_views_text(post["expected"])
    if not post["eligible"]:
        reasons = _("never recommended: {names}", names=", ".join(post["reasons"]))
        return f"{reasons}. {text}"
    if post["signal_score"] is None:
        known = coverage_text(post["coverage"])
        return text + " " + _("No score: only {known} of what the signals weigh is known.", known=known)
    low, high = post["interval"]
    score = _(
        "Expected score {score:.0f} (50 is usual); could be {low:.0f}–{high:.0f}.",
        score=post["signal_score"],
        low=low,
        high=high,
    )
    return f"{text} {score}"


def _changes(simulation: Simulation) -> list[ChangePart]:
    """The changes that would raise the score most, as far as the account's posts tell."""
    return [
        ChangePart(do=one.do, rule=one.code, gain=gain, is_clear=one.low > 0)
        for one in simulation.suggestions[:SUGGESTIONS]
        if (gain := estimate(one.gain, one.low, one.high)) is not None
    ]


def _not_known(arguments: DraftArguments, post: dict[str, Any]) -> list[str]:
    texts = [_("How good the video is: nothing here has seen it.")]
    absent = {
        _("When it goes out: `publish_at` says it."): arguments.publish_at,
        _("How long it is: `duration_s` says it."): arguments.duration_s,
        _("When its hook comes: `hook_s` says it."): arguments.hook_s,
    }
    texts += [text for text, value in absent.items() if value is None]
    if post["expected"]["views"] is None:
        texts.append(_("How many views to expect: too few published posts have views and age."))
    return texts


TOOLS = (
    Tool(
        "simulate_draft",
        N_("What to expect of a draft"),
        "What to expect of a post that does not exist yet, by the account's own posts: views after 7 days (90% range), "
        "a simulated score, and what of the draft moves it. It has not seen the video and is no promise: always give "
        f"the range. {AS_DATA}",
        DraftArguments,
        SimulateAnswer,
        _simulate,
    ),
)
