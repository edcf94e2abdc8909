"""Analyses of made-up exports, by the rules of the package and no config."""

from __future__ import annotations

import datetime as dt
from functools import cache

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Settings, resolve_settings
from tiktok_coach.io.reading import Export


@cache
def settings() -> Settings:
    return resolve_settings(AnalysisOptions(now=dt.datetime(2026, 11, 1, tzinfo=dt.UTC)))


def analysis_of(export: Export) -> Analysis:
    return Analysis(export, settings())
