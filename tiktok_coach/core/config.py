"""The config file: who the account is, and which rules hold with which parameters.

`tiktok-coach.yaml`, or `[tool.tiktok-coach]` in pyproject.toml, found upwards from the input.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from tiktok_coach.core.account import GOALS, Account, parse_goals
from tiktok_coach.core.documents.document import Document, display_path, read_yaml, validate, with_schema_id
from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.notices import input_names
from tiktok_coach.core.translation import N_, _, languages, prefer_language

NAMES = ("tiktok-coach.yaml", "tiktok-coach.yml")
TABLE = "tiktok-coach"
# The parts whose keys are read in any case: names of settings, and codes of rules.
PARTS = ("account", "lint", "rules")


def _in_any_case(value: Any, check: Callable[[Any], Any]) -> Any:
    with suppress(ValidationError):
        return check(value.strip().casefold() if isinstance(value, str) else value)
    return check(value)


def _all_headings(value: Any) -> Any:
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise ValueError(_("write a heading, or a list of headings"))
    return value


def _parsed(value: str | None, parse: Callable[[str], str]) -> str | None:
    """A text by a function whose CoachError becomes the ValueError that pydantic takes; None for none."""
    try:
        return None if value is None else parse(value)
    except CoachError as error:
        raise ValueError(str(error)) from error


def _goals(value: Any) -> Any:
    texts = value if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(_("write a goal, or a list of goals with the most important first"))
    return parse_goals(texts)


_GOAL_SCHEMA = {"enum": list(GOALS)}
_GOALS_SCHEMA = {"anyOf": [_GOAL_SCHEMA, {"type": "array", "items": _GOAL_SCHEMA, "uniqueItems": True}]}
Goals = Annotated[tuple[str, ...], BeforeValidator(_goals), WithJsonSchema(_GOALS_SCHEMA)]
_AccountType = Literal["personal", "creator", "business"]
ACCOUNT_TYPES = get_args(_AccountType)
AccountType = Annotated[_AccountType, WrapValidator(_in_any_case)]
Severity = Annotated[Literal["error", "warning", "info"], WrapValidator(_in_any_case)]
FailOn = Annotated[Literal["error", "warning", "info", "never"], WrapValidator(_in_any_case)]
Headings = Annotated[str | list[str], BeforeValidator(_all_headings)]


class _Strict(BaseModel):
    # Most runs have no config file, and so need no validators.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, value: Any) -> Any:
        """A key that nothing stands under says nothing."""
        return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value


class AccountSettings(_Strict):
    """What the config file says of the account; see `tiktok_coach.account.Account`."""

    handle: str | None = Field(None, description=N_("handle, with or without @"))
    type: AccountType | None = Field(None, description=N_("type of the account"))
    category: str | None = Field(None, description=N_("category chosen for the account"))
    goal: Goals = Field(
        (), description=N_("what the account is after, in any case; a list of several has the most important first")
    )
    timezone: str | None = Field(None, description=N_("IANA name of the account's timezone"))
    language: str | None = Field(None, description=N_("ISO 639 language of the account"))
    country: str | None = Field(None, description=N_("ISO 3166 country of the account"))
    subcultures: list[str] = Field([], description=N_("community hashtags, without #"))
    small_business: bool | None = Field(None, description=N_("whether the account is of a small business"))
    comments_on_others: bool | None = Field(None, description=N_("whether the account comments on others' posts"))
    owner_age: int | None = Field(None, ge=13, le=120, description=N_("age of who owns the account, in years"))
    max_video_s: float | None = Field(
        None,
        gt=0,
        description=N_("longest video that the account may post, in seconds (max_video_post_duration_sec of the API)"),
    )

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        from tiktok_coach.core.timezones import parse_timezone

        return _parsed(value, lambda text: parse_timezone(text).key)

    @field_validator("country")
    @classmethod
    def _is_country(cls, value: str | None) -> str | None:
        from tiktok_coach.core.countries import country_code

        return _parsed(value, country_code)

    def account(self) -> Account:
        """The settings as an Account."""
        facts = dict(self)
        facts["goals"] = facts.pop("goal")
        facts["subcultures"] = tuple(tag.removeprefix("#").casefold() for tag in self.subcultures)
        return Account(**facts, timezone_source="the config file" if self.timezone else None)


class RuleSettings(_Strict):
    """Changes to one rule."""

    params: dict[str, Any] = Field({}, description="parameters of the rule's check")
    weight: float | None = Field(None, ge=0, le=100, description="weight in the tip's score")
    severity: Severity | None = Field(None, description="how bad a failure is")


class LintSettings(_Strict):
    """What `lint` takes from the config file where no option says otherwise."""

    fail_on: FailOn | None = Field(None, description="exit with 1 if a finding is at least this severe")
    history: list[str] = Field([], description="exports of published posts to hold plans against")
    baseline: str | None = Field(None, description="file of findings that are known")
    per_path_ignores: dict[str, list[str]] = Field(
        {}, description="codes or prefixes to leave out, by pattern of paths such as drafts/*"
    )

    @field_validator("per_path_ignores")
    @classmethod
    def _are_codes(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        return {pattern: [code.upper() for code in codes] for pattern, codes in value.items()}


class Config(_Strict):
    """The whole config file. Paths are relative to it."""

    account: AccountSettings = Field(default_factory=AccountSettings.model_construct)
    lang: str | None = Field(None, description="language to speak, such as en or da; else that of the environment")
    select: list[str] = Field([], description="codes or prefixes of the rules to run; empty for all")
    ignore: list[str] = Field([], description="codes or prefixes of the rules to leave out")
    rules: dict[str, RuleSettings] = Field({}, description="changes to rules, by code")
    rule_packs: list[str] = Field([], description="folders of further rule files")
    trends: list[str] = Field([], description="trends files")
    lint: LintSettings = Field(default_factory=LintSettings.model_construct)
    signal_values: dict[str, float] = Field(
        {}, description="own values of the simulation's actions, for the assumed ones"
    )
    columns: dict[str, Headings] = Field(
        {},
        description="headings of sheets by the column of the posts table that they fill, such as views: visninger, "
        "or duration_s[min]: Length where the unit must be said",
    )
    where: SkipJsonSchema[str | None] = Field(None, exclude=True, description="set by the tool: the file read")

    @field_validator("lang")
    @classmethod
    def _has_catalogue(cls, value: str | None) -> str | None:
        if value is not None and value.casefold() not in languages():
            names = ", ".join(languages())
            raise ValueError(_("{value!r} is not spoken; use one of {names}", value=value, names=names))
        return value and value.casefold()

    @field_validator("columns")
    @classmethod
    def _are_facts(cls, value: dict[str, Headings]) -> dict[str, Headings]:
        for fact in value:
            split_unit(fact)
        return value

    @field_validator("select", "ignore")
    @classmethod
    def _are_codes(cls, value: list[str]) -> list[str]:
        return [code.upper() for code in value]

    @field_validator("rules")
    @classmethod
    def _are_of_codes(cls, value: dict[str, RuleSettings]) -> dict[str, RuleSettings]:
        return {code.upper(): settings for code, settings in value.items()}

    def paths(self, names: list[str]) -> list[Path]:
        """`names` as paths relative to the config file."""
        base = Path(self.where).parent if self.where else Path()
        return [base / name for name in names]


def split_unit(text: str) -> tuple[str, str | None]:
    """The fact that a heading can be said to fill, and its unit, from `FACT` or `FACT[UNIT]`.

    Raises ValueError for another word, and for a unit that the fact has not.
    """
    from tiktok_coach.core.schema import COLUMNS, units_of

    fact, bracket, rest = text.partition("[")
    fact, unit = check_fillable(fact.strip()), rest.strip().removesuffix("]").strip()
    if not bracket:
        return fact, None
    if unit not in (units := units_of(COLUMNS[fact])):
        if not units:
            raise ValueError(_("{fact} has no units", fact=fact))
        names = ", ".join(units)
        raise ValueError(_("{fact} cannot be in {unit!r}: use one of {names}", unit=unit, fact=fact, names=names))
    return fact, unit


def check_fillable(fact: str) -> str:
    """A column of the posts table that a heading can be said to fill. Raises ValueError for another word."""
    from tiktok_coach.core.schema import BY_READING, COLUMNS, DERIVED

    # Plans call it so.
    fact = "posted_at" if fact == "publish_at" else fact
    if fact in COLUMNS and fact not in DERIVED | BY_READING:
        return fact
    hint = did_you_mean(fact, COLUMNS)
    raise ValueError(_("the posts table has no column {fact!r}", fact=fact) + (f"; {hint}" if hint else ""))


def config_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the config file."""
    return with_schema_id("config", Config.model_json_schema())


def find_config(start: Path) -> Path | None:
    """The nearest config file at or above `start`."""
    folder = _folder_of(start)
    return next(filter(None, map(config_in, (folder, *folder.parents))), None)


def config_in(folder: Path) -> Path | None:
    """The config file that lies in a folder."""
    for path in (*(folder / name for name in NAMES), folder / "pyproject.toml"):
        if path.is_file() and (path.name in NAMES or TABLE in _tools(path)):
            return path
    return None


def find_shared_config(paths: Sequence[Path]) -> Path | None:
    """The nearest config file at or above all inputs."""
    # Drives of Windows have no folder in common, and neither has nothing.
    with suppress(ValueError):
        return find_config(Path(os.path.commonpath(set(map(_folder_of, paths)))))
    return None


def accounts_below(paths: Sequence[Path], shared: Path | None = None, within: Path | None = None) -> dict[str, Account]:
    """What config files say of accounts that are nearer to an input than the one of all, which is `shared`.

    It is by the name of the input, or of a folder below it, the deepest first. Files that do not lie `within` a folder
    are passed over.
    """
    # Above a folder that reading may not leave nothing is looked for.
    find = config_in if within is not None else find_config
    nearest = {folder: find(folder) for folder in set(map(_folder_of, paths))}
    files = {path for path in nearest.values() if path is not None and path != shared}
    own: dict[Path | None, Account] = {path: parse_config(path).account.account() for path in files}
    accounts: dict[str, Account] = {}
    for folder, folder_name in zip(paths, input_names(paths), strict=True):
        # An agency has folders of clients, or of teams with folders of clients.
        for pattern in ("*/*/", "*/"):
            for path in (path for name in NAMES for path in sorted(folder.glob(pattern + name))):
                if within is not None and not path.resolve().is_relative_to(within):
                    continue
                place = PurePosixPath(folder_name, *path.parent.relative_to(folder).parts)
                accounts.setdefault(str(place), parse_config(path).account.account())
        if (account := own.get(nearest[_folder_of(folder)])) is not None:
            accounts.setdefault(folder_name, account)
    return accounts


def _folder_of(path: Path) -> Path:
    """The folder that a path is, or that a file is in."""
    place = path.resolve()
    return place if place.is_dir() else place.parent


def _tools(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return dict(tomllib.loads(path.read_text("utf-8")).get("tool", {}))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        return {}


def account_document(config: Config) -> Document | None:
    """The config file as a document, where it is YAML and speaks of the account: for findings about what it says."""
    if config.where is None or not config.where.endswith((".yaml", ".yml")):
        return None
    document = config_document(Path(config.where))
    return document if isinstance(document.value, dict) and document.value.get("account") else None


def config_document(path: Path) -> Document:
    """The config at `path` as it is written, with its keys in small letters, and places where it is YAML."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CoachError(
            _("the config file cannot be read"), where=display_path(path), hint=_("save it as UTF-8")
        ) from error
    if path.name == "pyproject.toml":
        document = Document(_tools(path).get(TABLE, {}), display_path(path))
        _refuse_twins(document)
        return document
    document = read_yaml(text, display_path(path))
    if document.value is None:
        return Document({}, document.where, text)
    _refuse_twins(document)
    return replace(document, value=_with_small_keys(document.value), marks=_with_small_keys(document.marks))


def _refuse_twins(document: Document) -> None:
    """Raise CoachError for a key that another one is but for its case, of which only one could hold."""
    if not isinstance(document.value, dict):
        return
    parts: dict[tuple[str, ...], Any] = {(): document.value}
    parts |= {(key,): part for key, part in document.value.items() if key.casefold() in PARTS}
    for path, part in parts.items():
        names: set[str] = set()
        for key in part if isinstance(part, dict) else ():
            if key.casefold() in names:
                raise document.fault(_("the key {key!r} comes twice", key=key), (*path, key), key=True)
            names.add(key.casefold())


def _with_small_keys(part: Any) -> Any:
    """Settings, or their places, by keys in small letters; the parts account and lint have keys of ours too."""
    if not isinstance(part, dict):
        return part
    small = copy(part)
    small.clear()
    for key, value in part.items():
        name = key.casefold()
        small[name] = _with_small_keys(value) if name in {"account", "lint"} else value
    return small


def read_config(path: Path) -> Config:
    """The config at `path`, whose language is spoken from now on. Raises CoachError as `parse_config` does."""
    config = parse_config(path)
    if config.lang is not None:
        prefer_language(config.lang)
    return config


def parse_config(path: Path) -> Config:
    """The config at `path`. Raises CoachError, with file and line, where it is not valid."""
    return validate(Config, config_document(path)).model_copy(update={"where": str(path)})
