"""The simulation as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.simulate import SCHEMA_VERSION, Simulation
from tiktok_coach.core.schema import column, planned_mask
from tiktok_coach.core.translation import N_, _
from tiktok_coach.ranking.feed.reach import CHECKED, Reach, summary
from tiktok_coach.render.expected_curve import cut_facts, expected_curve_facts
from tiktok_coach.render.values import json_cell, json_object, rows_csv
from tiktok_coach.rules.findings import supplied_by
from tiktok_coach.stats.expected_curve import Cut, ExpectedCurve
from tiktok_coach.stats.views_model import DAYS

# Where a source tells that the views of a post came from.
TRAFFIC = {
    N_("for you"): "traffic_for_you",
    N_("following"): "traffic_following",
    N_("profile"): "traffic_profile",
    N_("search"): "traffic_search",
    N_("sound"): "traffic_sound",
    N_("hashtag"): "traffic_hashtag",
}


def simulation_json(
    simulation: Simulation, accounts: Sequence[Mapping[str, Any]] | None = None, *, cut: tuple[str, Cut] | None = None
) -> Iterator[str]:
    """The simulation as pieces of one JSON text, the posts by rank. `accounts` are the summaries of several.

    `cut` is the id of a post, and what a cut would change in it.
    """
    curves = simulation.baseline.of_account(simulation.account.handle)
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "account": simulation.account.handle,
        **({"accounts": list(accounts)} if accounts is not None else {}),
        "assumptions": {
            "weights": simulation.catalogue.weights,
            "values": simulation.catalogue.values(),
            "evidence": {a.action: simulation.catalogue.evidence(a.action) for a in simulation.catalogue.actions()},
            "profiles": [profile.model_dump() for profile in simulation.catalogue.signal_profiles],
            "orderings": [o.claim for o in simulation.catalogue.orderings],
            "baselines_source": simulation.catalogue.baselines_source.model_dump(),
            "limits": [_(limit) for limit in simulation.catalogue.limits_of(simulation.account.country)],
            "baselines": {action: curve.model_dump() for action, curve in curves.items()},
        },
        "outlook": {
            "horizon_days": simulation.outlook.horizon,
            "model": _("rules/outlook.yaml: a forecast from public posts, and not TikTok's own weighting"),
            "own_posts": own_posts(simulation),
        },
        "feed": None if simulation.reach is None else feed_checks(simulation.reach),
        "history_posts": simulation.history_posts,
        "usual_is_own": simulation.has_usual,
        "would_tell_more": would_tell_more(simulation),
        "suggestions": [{**vars(s), "certain": s.low > 0} for s in simulation.suggestions],
    }
    return json_object(head, posts=(_with_cut(simulation, row, cut) for row in by_rank(simulation)))


def _with_cut(simulation: Simulation, row: int, cut: tuple[str, Cut] | None) -> dict[str, Any]:
    post = post_of(simulation, row)
    return {**post, "cut": cut_facts(cut[1])} if cut is not None and post["post_id"] == cut[0] else post


def by_rank(simulation: Simulation, top: int | None = None) -> list[int]:
    """Positions of the `top` posts, or of all: the highest score first, then those without one, those never recommended
    last.
    """
    points, eligible = simulation.table["signal_score"].to_numpy(), simulation.table["eligible"].to_numpy(dtype=bool)
    return [int(row) for row in np.lexsort((np.nan_to_num(-points), np.isnan(points), ~eligible))[:top]]


def compared_with_usual(simulation: Simulation, row: int) -> dict[str, float]:
    """How many times the usual a post's measured actions come, by action."""
    ratios = simulation.ratios
    known = ratios.known[row].nonzero()[0].tolist()
    return {ratios.actions[place]: float(ratios.mean[row, place]) for place in known}


def would_tell_more(simulation: Simulation) -> str | None:
    """The one file that would tell most of what the scores lack, if most published posts lack it."""
    published = ~planned_mask(simulation.posts)
    if not published.any():
        return None
    if not simulation.ratios.known[published].any():
        return _(supplied_by("views"))
    watched = [simulation.ratios.actions.index(action) for action in ("completion", "playtime")]
    known = simulation.ratios.known[published][:, watched].any(axis=1)
    return (
        None if known.mean() >= 0.5 else _("a browser's save of TikTok Studio's pages (`tiktok-coach capture guide`)")
    )


def reach_of(simulation: Simulation, row: int) -> Mapping[str, Any] | None:
    """A post's simulated reach; None without a score, and where the account's own posts let expect its views."""
    return None if simulation.reach is None or not simulation.has_reach[row] else summary(simulation.reach, row)


def post_of(simulation: Simulation, row: int) -> dict[str, Any]:
    """One post's score as JSON shows it, null where there is none; its contributions add up to signal_score."""
    scores, has_score = simulation.table.iloc[row], bool(simulation.scored[row])
    reasons = str(scores["reasons"])

    def pair(low: str, high: str) -> list[float] | None:
        return [float(scores[low]), float(scores[high])] if has_score else None

    post: dict[str, Any] = {
        "post_id": str(simulation.posts["post_id"].iloc[row]),
        "compared_with_usual": compared_with_usual(simulation, row),
        "signal_score": json_cell(scores["signal_score"]),
        "interval": pair("low", "high"),
        "possible": pair("possible_low", "possible_high"),
        "views": json_cell(column(simulation.posts, "views").iloc[row]),
        "rank": json_cell(scores["rank"]),
        "rank_interval": None if pd.isna(scores["rank_low"]) else [int(scores["rank_low"]), int(scores["rank_high"])],
        "like_previous": bool(scores["like_previous"]),
        "better_than": json_cell(scores["better_than"]),
        "rank_stability": json_cell(scores["rank_stability"]),
        "coverage": float(scores["coverage"]),
        "eligible": bool(scores["eligible"]),
        "reasons": [reason for reason in reasons.split("; ") if reason],
        "contributions": {code: float(p) for code, p in simulation.contributions.iloc[row].items()}
        if has_score
        else None,
    }
    post["outlook"] = outlook_of(simulation, row)
    if row in simulation.moves:
        post["expected"] = expected_of(simulation, row)
    if (curve := curve_of(simulation, row)) is not None:
        post["retention"] = expected_curve_facts(curve)
    if "before" in simulation.table.columns:
        post["before"] = json_cell(scores["before"])
    if simulation.reach is not None:
        post["reach"] = reach_of(simulation, row)
    shares = {name: column(simulation.posts, key).iloc[row] for name, key in TRAFFIC.items()}
    if observed := {name: float(share) for name, share in shares.items() if not pd.isna(share)}:
        post["observed"] = observed
    return post


def curve_of(simulation: Simulation, row: int) -> ExpectedCurve | None:
    """The curve that is expected of a planned post; None where too little is known, and for one that is out."""
    if simulation.curves is None or row not in simulation.moves:
        return None
    return simulation.curves.expect(row)


def outlook_of(simulation: Simulation, row: int) -> dict[str, Any] | None:
    """A post's outlook as JSON shows it; null where it is not known."""
    scores = simulation.outlook.table.iloc[row]
    if pd.isna(scores["growth"]):
        return None
    return {
        "growth": float(scores["growth"]),
        "interval": [float(scores["low"]), float(scores["high"])],
        "horizon_days": simulation.outlook.horizon,
        "rank": int(scores["rank"]),
        "word": str(scores["word"]),
    }


def expected_of(simulation: Simulation, row: int) -> dict[str, Any]:
    """The views expected of a planned post after a week (null with too few posts), and what moves its score."""
    scores = simulation.expected.loc[[row]].iloc[0]
    known = not pd.isna(scores["views"])
    return {
        "days": DAYS,
        "views": float(scores["views"]) if known else None,
        "interval": [float(scores["low"]), float(scores["high"])] if known else None,
        "posts": int(scores["posts"]),
        "by_its_facts": bool(scores["moved"]),
        "moved_by": [vars(move) for move in simulation.moves[row]],
    }


def feed_checks(reach: Reach) -> list[dict[str, Any]]:
    """How far the simulated feed gives each account the views that its own posts had."""
    return [
        {
            "account": check.account or None,
            "posts": check.posts,
            "age_days": check.days,
            "percentiles": CHECKED,
            "own_views": check.own,
            "simulated_views": check.simulated,
            "close": check.close,
        }
        for check in reach.checks
    ]


def own_posts(simulation: Simulation) -> dict[str, Any]:
    """What the account's own posts, counted on two days, have taught the outlook."""
    shifts, row = simulation.outlook.account_shifts, simulation.main
    known = row < len(shifts.posts)
    return {
        "posts": int(shifts.posts[row]) if known else 0,
        "shift": float(shifts.shift[row]) if known else 0.0,
        "within_interval": shifts.coverage,
        "spearman": shifts.spearman,
    }


def simulation_csv(simulations: Iterable[Simulation], *, several: bool = False) -> Iterator[str]:
    """The simulation as CSV, a row a post, a column a signal's points; of `several` accounts with their column."""
    rows, codes, times = [], dict[str, None](), dict[str, None]()
    for one in simulations:
        times |= dict.fromkeys(f"{action}_times_usual" for action in one.ratios.measured())
        codes |= dict.fromkeys(map(str, one.contributions.columns))
        captions = column(one.posts, "caption").astype("str")
        for row in by_rank(one):
            caption = None if pd.isna(captions.iloc[row]) else str(captions.iloc[row])
            rows.append({"account": one.account.handle, **_row(post_of(one, row)), "caption": caption})

    def where_any(names: str) -> str:
        return names if any(names.split()[0] in row for row in rows) else ""

    names = (
        "account" if several else "",
        "post_id rank rank_interval like_previous better_than signal_score interval possible_interval views",
        *times,
        "rank_stability",
        "coverage eligible reasons growth growth_interval outlook",
        where_any("views_7_days views_7_days_interval"),
        where_any("before"),
        *codes,
        where_any("reach_median reach_interval reach_unit for_you_share"),
        "caption",
    )
    return rows_csv(" ".join(names), rows)


def _row(post: Mapping[str, Any]) -> dict[str, Any]:
    """A post as a row of CSV has it."""
    outlook, expected, reach = post["outlook"] or {}, post.get("expected"), post.get("reach")
    row = {
        **{name: value for name, value in post.items() if name not in {"outlook", "expected", "reach"}},
        **(post["contributions"] or {}),
        **{f"{action}_times_usual": times for action, times in post["compared_with_usual"].items()},
        "possible_interval": post["possible"],
        "reasons": " ".join(post["reasons"]) or None,
        "growth": outlook.get("growth"),
        "growth_interval": outlook.get("interval"),
        "outlook": outlook.get("word"),
    }
    if expected is not None:
        row |= {"views_7_days": expected["views"], "views_7_days_interval": expected["interval"]}
    if reach is not None:
        row |= {f"reach_{name}": reach[name] for name in ("median", "interval", "unit")}
        row["for_you_share"] = reach["for_you_share"]
    return row
