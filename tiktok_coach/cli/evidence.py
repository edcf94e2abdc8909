"""evidence: what each tip did for this account, and how sure that is."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import ON_EXPORTS, Request, takes

OUTCOMES = ("views", "completion", "engagement")


@takes(..., *ON_EXPORTS, *opt.ACCOUNTS)
def evidence(
    request: Request,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="|".join(OUTCOMES), help="Which results to look at; all by default. May be given several times."
        ),
    ] = None,
    every: Annotated[
        bool, opt.output_option("--all", help="List each account, and the tips of which the data says too little.")
    ] = False,
    pool: Annotated[
        bool,
        typer.Option(
            "--pool", help="Of several accounts, show what all of them tell together, and draw each towards that."
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the range of best values; the same seed gives the same bytes.")
    ] = 7,
) -> None:
    """Hold each tip against the account's own results: its effect on views, completion and engagement, and how sure \
    that is.

    \b
    Examples:
      tiktok-coach evidence bakery
      tiktok-coach evidence exports/ --outcome views --select T3
      tiktok-coach evidence exports/ --all --output-format csv > effects.csv
      tiktok-coach evidence accounts.parquet --pool --output-format json > evidence.json
      tiktok-coach evidence clients/ --by account --output-format csv > effects.csv

    A verdict is helps, hurts, no clear effect or not enough data. What goes along with better results need not \
    cause them; `experiment` tells.
    """
    from tiktok_coach.analysis import evidence as study
    from tiktok_coach.render.evidence import evidence_csv, evidence_json, evidence_page

    for name in outcome or []:
        opt.one_of(name, OUTCOMES, "--outcome")
    with request.reading() as progress:
        result = study.evidence(
            request.analysis(),
            outcomes=tuple(dict.fromkeys(outcome or OUTCOMES)),
            pool=request.accounts.or_pooled(pool=pool),
            seed=seed,
            progress=progress,
        )
    request.show_pages(
        result,
        key="evidence",
        page=lambda one: evidence_page(one, every=every),
        json=evidence_json,
        csv=lambda each, **_options: evidence_csv(each),
    )
