"""Does a post still grow? A forecast of its views from its age and its counts, by the models in rules/outlook.yaml.

They were fitted on public posts that were counted twice, and say nothing of what TikTok's signals weigh.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers, planned_mask
from tiktok_coach.core.translation import N_, _
from tiktok_coach.ranking.baseline import DAY, ages
from tiktok_coach.rules.model import Origin, Strict

FILE = "outlook.yaml"
# What is added to counts and views, so that a rate of no likes has a logarithm.
FEW_COUNTS, FEW_VIEWS = 0.5, 100.0
# A post that is to grow by less is done; one that is to grow so much more than is usual for its age grows on.
DONE, MUCH = 1.03, 1.25
GROWS, USUAL, OVER = N_("grows on"), N_("as usual for its age"), N_("done")
RATES = ("likes", "comments", "shares", "saves")
Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class Term(Strict):
    """One term: its coefficient with the 90% interval of the fit, and what it usually is in the data."""

    term: str
    coefficient: float
    interval: Pair
    usual: float


class Model(Strict):
    """One model: the counts it needs, its terms, and how far posts lie from it (sd, 5th and 95th percentile)."""

    needs: list[str]
    posts: int
    intercept: float
    terms: list[Term] = Field(min_length=1)
    spread: float = Field(gt=0)
    residuals: Pair

    @model_validator(mode="after")
    def _saves_never_lower(self) -> Model:
        if any(t.term == "saves" and t.coefficient < 0 for t in self.terms):
            raise ValueError(_("saves may not lower expected growth"))
        return self


class Range(Strict):
    """What the models were fitted on."""

    age_days: Pair
    views: Pair
    horizon_days: Pair


class AccountWay(Strict):
    """How far accounts lie from each other beyond their posts: the standard deviation of an account's own shift."""

    sd: float = Field(gt=0)
    claim: str


class Outlook(Strict):
    """The models, the first that a post's counts allow being used."""

    source: Origin
    claim: str
    form: str
    offset: float = Field(gt=0)
    fitted_on: Range
    models: list[Model] = Field(min_length=1)
    account: AccountWay

    def texts(self) -> Iterator[str]:
        """What people read of the models, for the catalogues of languages: their terms."""
        yield from (term.term for model in self.models for term in model.terms)


@dataclass(frozen=True)
class AccountShifts:
    """What posts counted twice say of each account: its `shift` on the model's scale, with `variance`, over `posts`.

    Of all of them: the share within the model's 90%, and their rank correlation (None for fewer than 5).
    """

    shift: np.ndarray
    variance: np.ndarray
    posts: np.ndarray
    coverage: float | None = None
    spearman: float | None = None


@dataclass(frozen=True)
class Forecast:
    """`table` has growth, low and high (factors over the horizon), rank and word of each post, missing where not known.

    `parts` is what each term adds on the model's scale; `reason` numbers why a post has no outlook, 0 for one that has.
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    reason: np.ndarray
    horizon: int
    account_shifts: AccountShifts
    account: np.ndarray
    fitted_on: Range

    def why(self, row: int) -> str:
        """Why a post has no outlook."""
        (youngest, oldest), (least, _most) = self.fitted_on.age_days, self.fitted_on.views
        days = {"youngest": youngest, "oldest": oldest}
        age = _("its age is outside the {youngest:.0f}-{oldest:.0f} days on which the model was fitted", **days)
        views = _("it has fewer than the {least:.0f} views on which the model was fitted", least=least)
        reasons = ("", _("it is not out yet"), _("its age or its views are not known"), age, views)
        return reasons[int(self.reason[row])]


def load_outlook(folder: Path) -> Outlook:
    """The models in a folder of rules."""
    return read_model(Outlook, folder / FILE)


def outlook_terms(counts: pd.DataFrame, age_days: np.ndarray, horizon: np.ndarray | float) -> dict[str, np.ndarray]:
    """Every term for each row: the logarithms of age and horizon, and of the rates of each count."""
    views = numbers(counts, "views")
    horizons = np.broadcast_to(np.asarray(horizon, dtype="float64"), age_days.shape)
    terms = {"age": np.log(np.maximum(age_days, 1e-6)), "horizon": np.log(horizons)}
    for name in RATES:
        terms[name] = np.log((numbers(counts, name) + FEW_COUNTS) / (views + FEW_VIEWS))
    return terms


def _predicted(model: Model, terms: dict[str, np.ndarray]) -> np.ndarray:
    return np.asarray(model.intercept + sum(t.coefficient * terms[t.term] for t in model.terms))


def _growth(scale: np.ndarray, offset: float) -> np.ndarray:
    return np.asarray(np.exp(np.maximum(np.exp(scale) - offset, 0.0)))


def forecast(
    posts: pd.DataFrame, snapshots: pd.DataFrame, outlook: Outlook, horizon: int, account: np.ndarray
) -> Forecast:
    """The outlook of every post over `horizon` days from its last count, moved by its account's own snapshots."""
    age, views = ages(posts), numbers(posts, "views")
    planned = planned_mask(posts)
    (youngest, oldest), (least, _other) = outlook.fitted_on.age_days, outlook.fitted_on.views
    with np.errstate(invalid="ignore"):
        cases = [planned, np.isnan(age) | np.isnan(views), (age < youngest) | (age > oldest), views < least]
    reason = np.select(cases, [1, 2, 3, 4], 0)
    names = list(dict.fromkeys(t.term for m in outlook.models for t in m.terms))
    columns = {name: np.full(len(posts), np.nan) for name in ("growth", "low", "high", "usual")}
    rows = (reason == 0).nonzero()[0]
    parts = pd.DataFrame(np.nan, index=rows, columns=pd.Index(names))
    shifts = _account_shifts(posts, snapshots, outlook, account)
    counts = pd.DataFrame({name: column(posts, name).iloc[rows] for name in ("views", *RATES)})
    terms = outlook_terms(counts, age[rows], float(horizon))
    for model, known in _by_model(outlook, terms):
        known_terms = {name: values[known] for name, values in terms.items()}
        at = rows[known]
        middle = _predicted(model, known_terms) + shifts.shift[account[at]]
        # An account whose way is partly known has a narrower interval than an unknown one.
        between = _between(model, outlook)
        own = np.minimum(shifts.variance[account[at]], between)
        wide = np.sqrt((model.spread**2 - between + own) / model.spread**2)
        columns["growth"][at] = _growth(middle, outlook.offset)
        columns["low"][at] = _growth(middle + model.residuals[0] * wide, outlook.offset)
        columns["high"][at] = _growth(middle + model.residuals[1] * wide, outlook.offset)
        columns["usual"][at] = _growth(_predicted(outlook.models[-1], known_terms), outlook.offset)
        for term in model.terms:
            parts.loc[at, term.term] = term.coefficient * (known_terms[term.term] - term.usual)
    table = pd.DataFrame({name: columns[name] for name in ("growth", "low", "high")})
    table["rank"] = table["growth"].rank(method="min", ascending=False).astype("Int64")
    growth = columns["growth"]
    with np.errstate(invalid="ignore", divide="ignore"):
        cases = [np.isnan(growth), growth < DONE, np.log(growth) >= MUCH * np.log(columns["usual"])]
    codes = np.select(cases, [-1, 2, 0], 1).astype(np.int8)
    table["word"] = pd.Categorical.from_codes(codes, pd.Index([GROWS, USUAL, OVER]))
    return Forecast(table, parts, reason, horizon, shifts, account, outlook.fitted_on)


def _by_model(outlook: Outlook, terms: dict[str, np.ndarray]) -> Iterator[tuple[Model, np.ndarray]]:
    """The models, each with the rows that it is the first to serve; those that serve none are passed over."""
    free = np.ones(len(terms["age"]), dtype=bool)
    for model in outlook.models:
        known = np.logical_and.reduce([free, *(~np.isnan(terms[n]) for n in model.needs)])
        free &= ~known
        if known.any():
            yield model, known


def _between(model: Model, outlook: Outlook) -> float:
    """The variance between accounts, of the part of the spread about a model that is theirs."""
    return min(outlook.account.sd, 0.9 * model.spread) ** 2


def _account_shifts(
    posts: pd.DataFrame, snapshots: pd.DataFrame, outlook: Outlook, account: np.ndarray
) -> AccountShifts:
    """What the snapshots say of each account's own way: a normal prior about none, and what each post did since."""
    count = int(account.max(initial=-1)) + 1
    prior = np.full(count, outlook.account.sd**2)
    counted = count_pairs(posts, account, snapshots, outlook)
    if not len(counted):
        return AccountShifts(np.zeros(count), prior, np.zeros(count, dtype=np.int64))
    terms = outlook_terms(counted, counted["age"].to_numpy(), counted["gap"].to_numpy())
    later, before = (counted[name].to_numpy(dtype="float64") for name in ("later", "views"))
    actual = np.log(np.maximum(np.log(later / before), 0.0) + outlook.offset)
    off, weight, inside = np.zeros(len(counted)), np.zeros(len(counted)), np.zeros(len(counted), dtype=bool)
    for model, known in _by_model(outlook, terms):
        off[known] = (actual - _predicted(model, terms))[known]
        weight[known] = 1 / max(model.spread**2 - _between(model, outlook), 1e-6)
        inside[known] = (off[known] >= model.residuals[0]) & (off[known] <= model.residuals[1])
    codes = counted["_account"].to_numpy(dtype=np.int64)
    variance = 1 / (1 / prior + np.bincount(codes, weight, count))
    shift = variance * np.bincount(codes, weight * off, count)
    # Spearman's correlation is that of the ranks; pandas imports all of SciPy's statistics for it.
    ranked = float(pd.Series(actual - off).rank().corr(pd.Series(actual).rank())) if len(counted) >= 5 else None
    return AccountShifts(shift, variance, np.bincount(codes, minlength=count), float(inside.mean()), ranked)


def count_pairs(posts: pd.DataFrame, account: np.ndarray, snapshots: pd.DataFrame, outlook: Outlook) -> pd.DataFrame:
    """Each post's last count beside an earlier one, as far apart as the model was fitted on."""
    has_counts = len(snapshots) and {"post_id", "metrics_at", "views"} <= set(snapshots.columns)
    if not has_counts or "posted_at" not in posts.columns:
        return pd.DataFrame()
    counted = snapshots.dropna(subset=["views", "metrics_at"])
    counted = counted[counted["post_id"].duplicated(keep=False)]
    counted = counted.merge(posts[["post_id", "posted_at"]].assign(_account=account).dropna(), on="post_id")
    if not len(counted):
        return pd.DataFrame()
    last = counted.sort_values("metrics_at", kind="stable").drop_duplicates("post_id", keep="last")
    last = last[["post_id", "metrics_at", "views"]].rename(columns={"metrics_at": "until", "views": "later"})
    counted = counted.merge(last, on="post_id")
    gap = (counted["until"] - counted["metrics_at"]).dt.total_seconds() / DAY
    age = (counted["metrics_at"] - counted["posted_at"]).dt.total_seconds() / DAY
    fitted_on = outlook.fitted_on
    (youngest, oldest), (least, _other), (near, far) = fitted_on.age_days, fitted_on.views, fitted_on.horizon_days
    fits = gap.between(near, far) & age.between(youngest, oldest)
    fits &= (counted["views"] >= least) & (counted["later"] >= counted["views"])
    counted = counted.assign(gap=gap, age=age, off=(gap - (near + far) / 2).abs())[fits]
    return counted.sort_values(["off", "metrics_at"], kind="stable").drop_duplicates("post_id").reset_index(drop=True)
