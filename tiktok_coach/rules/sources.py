"""The ledger of sources: each page that rules and signals cite, named once with its address, in `sources.yaml`.

A claim whose name and date are those of a source takes its address from there, and the day of its last review.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.package_cache import load_or_make
from tiktok_coach.core.translation import _
from tiktok_coach.rules.model import Address, Claim, Date, Day, Origin, Rule, Strict

FILE = "sources.yaml"


class Source(Strict):
    """One page, or one study, that claims come from."""

    name: str = Field(description="as claims name it")
    also: list[str] = Field([], description="other names by which claims cite the same page")
    as_of: Date = Field(description="as claims date it")
    title: str | None = Field(None, description="title of the page, in its own language")
    url: Address
    site_only: bool = Field(
        default=False, description="whether the address is that of the site, or of a search, since no page is known"
    )
    primary: bool = Field(default=False, description="whether it is TikTok's own page, read at first hand")
    reviewed: Day | None = Field(None, description="day on which all of its claims were last held against newer ones")

    @property
    def names(self) -> list[str]:
        """Every name by which claims cite it."""
        return [self.name, *self.also]


class SourceFile(Strict):
    """A ledger: the sources of a folder of rules."""

    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> SourceFile:
        keys = [(name, source.as_of) for source in self.sources for name in source.names]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(_("the source {name} of {date} comes twice", name=twice[0], date=twice[1]))
        return self


# By a claim's name and date.
Ledger = Mapping[tuple[str, str], Source]


@cache
def _parse(text: str, where: str) -> SourceFile:
    return load_or_make("sources", [where, text], lambda: validate(SourceFile, read_yaml(text, where)))


def sources_of(folder: Path) -> list[Source]:
    """The sources that a folder of rules names, in the order of its ledger; none where it has no ledger."""
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CoachError(_("the rule file cannot be read"), where=str(path), hint=_("save it as UTF-8")) from error
    return _parse(text, str(path)).sources


def load_ledger(*folders: Path) -> Ledger:
    """The sources of the ledgers of these folders by name and date; a later folder's replace those before."""
    return {
        (name, source.as_of): source
        for folder in dict.fromkeys(folders)
        for source in sources_of(folder)
        for name in source.names
    }


def complete_rule(rule: Rule, ledger: Ledger) -> Rule:
    """The rule whose claims say what the ledger knows of their sources, where they do not say it themselves."""
    claims = [complete_claim(claim, ledger) for claim in rule.sources]
    return rule if claims == rule.sources else rule.model_copy(update={"sources": claims})


def complete_claim(claim: Claim, ledger: Ledger) -> Claim:
    """The claim with what the ledger knows of its source, where it does not say it itself."""
    source = ledger.get((claim.name, claim.as_of))
    if source is None:
        return claim
    reviews = [day for day in (claim.reviewed, source.reviewed) if day is not None]
    address = {"url": source.url, "site_only": source.site_only} if claim.url is None else {}
    facts = {"primary": claim.primary or source.primary, "reviewed": max(reviews, default=None)}
    return claim.model_copy(update={**address, **facts})


def complete_origin(origin: Origin, ledger: Ledger) -> Origin:
    """The origin with the address that the ledger knows, where it says none itself."""
    source = ledger.get((origin.name, origin.as_of))
    if source is None or origin.url is not None:
        return origin
    return origin.model_copy(update={"url": source.url, "site_only": source.site_only})


def claims_without_address(rule: Rule) -> list[Claim]:
    """The claims of a rule that say no address, neither themselves nor by the ledger."""
    return [claim for claim in rule.sources if claim.url is None]
