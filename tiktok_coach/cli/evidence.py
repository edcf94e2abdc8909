"""evidence: what each tip did for this account, and how sure that is."""

from __future__ import annotations

from tiktok_coach.cli.options import ACCOUNTS, ON_EXPORTS, Texts, option, seed_option, takes
from tiktok_coach.cli.request import Request

OUTCOMES = ("views", "completion", "engagement")


@takes(..., *ON_EXPORTS, *ACCOUNTS)
def evidence(
    request: Request,
    outcome: Texts = option(
        None, "Which results to look at; all by default. May be given several times.", choices=OUTCOMES
    ),
    every: bool = option(False, "List every tip and account, with curves and what they rest on.", "--all", "--full"),
    pool: bool = option(
        False, "Of several accounts, show the effects in all together, and pull each towards those.", "--pool"
    ),
    seed: int = seed_option("Seed of the range of best values; the same seed gives the same bytes."),
) -> None:
    """Find what works for you, and how sure that is.

    \b
    Examples:
      tiktok-coach evidence bakery
      tiktok-coach evidence exports/ --outcome views --select T3
      tiktok-coach evidence exports/ --all -o effects.csv
      tiktok-coach evidence accounts.parquet --pool -o evidence.json
      tiktok-coach evidence clients/ --each-account -o effects.csv

    A verdict is helps, hurts, no clear effect or not enough data. What goes along with better results need not \
    cause them; `experiment` tells.

    For each tip it shows the effect on views, completion and engagement.
    """
    from tiktok_coach.analysis import evidence as study
    from tiktok_coach.render.evidence import evidence_csv, evidence_json, evidence_page

    with request.reading() as progress:
        result = study.evidence(
            request.analysis(),
            outcomes=tuple(dict.fromkeys(outcome or OUTCOMES)),
            pool=request.pooled(pool=pool),
            seed=seed,
            progress=progress,
        )
    request.show_accounts(
        result,
        key="evidence",
        page=lambda one: evidence_page(one, every=every),
        json=evidence_json,
        csv=lambda each, **_options: evidence_csv(each),
        with_period=True,
    )
