"""What holds for one run: the config file and the options brought together, once, for whatever study is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tiktok_coach.core.account import Account, parse_goals
from tiktok_coach.core.config import Config, accounts_below, find_config, find_shared_config, read_config, split_unit
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import ReadOptions

if TYPE_CHECKING:
    from tiktok_coach.analysis.follow_up import EarlierAudit
    from tiktok_coach.io.files.bounds import Bounds
    from tiktok_coach.rules.load import CompiledRule

# Called with what is being done, as a text: the stage, and how far it is.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """The config with what the options say beside it. Rules are loaded when a study first asks for them.

    `is_shared` says that other inputs have the same config, which may so be of an account that is not among these.
    """

    options: AnalysisOptions
    config: Config
    read_options: ReadOptions
    is_shared: bool = False

    @cached_property
    def account(self) -> Account:
        """What the settings say of the account; an option outweighs the config file."""
        return self.with_options(self.config.account.account())

    def with_options(self, account: Account) -> Account:
        """An account with what the options say of every account: timezone and goals."""
        zone, goals = self.options.timezone, self.options.goal
        account = replace(account, timezone=zone, timezone_source="--timezone") if zone else account
        return replace(account, goals=goals) if goals else account

    @cached_property
    def every_rule(self) -> tuple[CompiledRule, ...]:
        """The rules of the package and of every pack, with the config's changes."""
        from tiktok_coach.rules.load import apply_rule_settings, load_rules, rulebook

        rules = load_rules([rulebook(), *self.config.paths(self.config.rule_packs), *self.options.packs])
        return tuple(apply_rule_settings(rules, self.config))

    @cached_property
    def rules(self) -> tuple[CompiledRule, ...]:
        """The rules that are chosen. Raises CoachError for a choice that names none."""
        return self.select_rules(())

    def select_rules(self, beside: Sequence[str]) -> tuple[CompiledRule, ...]:
        """The rules that are chosen, where choices may also name the codes `beside`, which are no rules."""
        from tiktok_coach.rules.load import select_rules

        return tuple(select_rules(self.every_rule, self.select, self.ignore, beside))

    def with_changes(self, **changes: Any) -> Settings:
        """These settings with changes that choose no other rules; the rules are kept, and read from no file again."""
        other = replace(self, **changes)
        other.__dict__.update(every_rule=self.every_rule, rules=self.rules)
        return other

    @property
    def select(self) -> tuple[str, ...]:
        """Codes or prefixes of the wanted rules; an empty prefix is all."""
        return (*(self.options.select or self.config.select or [""]), *self.options.extend_select)

    @property
    def ignore(self) -> tuple[str, ...]:
        """Codes or prefixes to leave out: the config's that no option selects again, and the user's."""
        return (*(p for p in self.config.ignore if p not in self.options.extend_select), *self.options.ignore)

    @cached_property
    def apart(self) -> dt.timedelta:
        """How far apart two posts must be at the least, as the rules have it."""
        from tiktok_coach.rules.checks.spacing import min_distance

        return min_distance(rule.params for rule in self.every_rule)

    def accounts_below(self, paths: Sequence[Path]) -> dict[str, Account]:
        """What config files nearer to these than that of all say; see `core.config.accounts_below`."""
        # A config file that the user names is that of all.
        where = self.config.where
        bounds = self.read_options.bounds
        within = None if bounds is None else bounds.root
        return {} if self.options.config else accounts_below(paths, Path(where) if where else None, within)

    def read_options_with(self, below: Mapping[str, Account]) -> ReadOptions:
        """How files are read: those in a folder with a config file of its own, as in `below`, by the timezone there."""
        zones = {place: one.timezone for place, one in below.items() if one.timezone and not self.options.timezone}
        return replace(self.read_options, zones=zones)

    @cached_property
    def remembered(self) -> Mapping[str | None, EarlierAudit]:
        """The advice that earlier audits kept beside the config file, by account, as it was when first asked for."""
        from tiktok_coach.analysis.follow_up import memory_path, read_memory

        path = memory_path(self)
        return read_memory(path) if path is not None else {}

    @property
    def trends(self) -> tuple[Path, ...]:
        """The trends files."""
        return (*self.config.paths(self.config.trends), *self.options.trends)

    @property
    def now(self) -> dt.datetime:
        """The start of the day that the user gave, on the account's clock; without one, this moment."""
        if self.options.today is None:
            return self.options.now
        zone = ZoneInfo(self.options.timezone or self.config.account.timezone or "UTC")
        return dt.datetime.combine(self.options.today, dt.time(), zone)


def resolve_settings(options: AnalysisOptions) -> Settings:
    """What holds for a request. Raises CoachError for a config file that cannot be used."""
    if options.config is not None and not options.config.is_file():
        raise CoachError(_("no such config file"), where=str(options.config))
    # The config named, else that of all inputs, else the nearest one above the working folder, else none.
    path = options.config or find_shared_config(options.inputs or options.history[:1]) or find_config(Path())
    return settings_with(options, read_config(path) if path else Config.model_construct())


def settings_with(options: AnalysisOptions, config: Config, bounds: Bounds | None = None) -> Settings:
    """What holds for a request with a config; nothing outside `bounds` is read."""
    by_hand, units_by_hand = columns_by_hand(options.columns)
    in_config, units = _config_columns(config)
    read_options = ReadOptions(
        today=options.today or options.now.date(),
        timezone=options.timezone or config.account.timezone,
        language=options.language,
        account_language=config.account.language,
        export_date=options.export_date,
        date_order=options.date_order,
        columns=in_config | by_hand,
        units=units | units_by_hand,
        required=frozenset(chain.from_iterable(by_hand.values())),
        bounds=bounds,
    )
    return Settings(options, config, read_options)


def _config_columns(config: Config) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The headings of facts, and the units of headings, as the config has them."""
    columns: dict[str, tuple[str, ...]] = {}
    units: dict[str, str] = {}
    for text, headings in config.columns.items():
        fact, unit = split_unit(text)
        names = (headings,) if isinstance(headings, str) else tuple(headings)
        columns[fact] = (*columns.get(fact, ()), *names)
        units |= dict.fromkeys(names, unit) if unit else {}
    return columns, units


def columns_by_hand(texts: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The headings of facts, and the units of headings, from texts `FACT=HEADING` and `FACT[UNIT]=HEADING`.

    Raises CoachError for one that names no fact, or no unit of it.
    """
    columns: dict[str, tuple[str, ...]] = {}
    units: dict[str, str] = {}
    for text in texts:
        fact, equals, heading = (part.strip() for part in text.partition("="))
        if not equals or not heading:
            problem = _("--column {text!r} is no FACT=HEADING", text=text)
            raise CoachError(problem, hint=_("such as --column views=visninger"))
        try:
            name, unit = split_unit(fact)
        except ValueError as error:
            problem = _("--column: {error}", error=error)
            raise CoachError(problem, hint=_("`tiktok-coach convert --columns` lists them")) from error
        columns[name] = (*columns.get(name, ()), heading)
        units |= {heading: unit} if unit else {}
    return columns, units


@dataclass(frozen=True)
class AnalysisOptions:
    """Inputs and options; None, or an empty tuple, where the user says nothing.

    `inputs` are what the study is about, `history` exports of published posts beside them, `media` videos of the posts.
    `packs` are folders of further rules; `select`, `ignore` and `extend_select` are codes of rules or prefixes, a text
    may hold several with commas. `now` is this moment, `today` the day the user wants taken for today instead; `strict`
    wants every file to be read; `use_cache` takes exports from this machine's cache, and keeps them there; `columns`
    are texts `FACT=HEADING`. Only posts from the day `since` to the day `until` are studied, or of so far back from
    there as `last` says, such as `28d`; see `Analysis.in_period`. `goal` are goals in order of importance.
    """

    now: dt.datetime
    inputs: tuple[Path, ...] = ()
    history: tuple[Path, ...] = ()
    trends: tuple[Path, ...] = ()
    media: tuple[Path, ...] = ()
    account: str | None = None
    timezone: str | None = None
    language: str | None = None
    export_date: dt.date | None = None
    date_order: str | None = None
    today: dt.date | None = None
    config: Path | None = None
    packs: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    strict: bool = False
    use_cache: bool = False
    columns: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    last: str | None = None
    goal: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.timezone is not None:
            object.__setattr__(self, "timezone", parse_timezone(self.timezone).key)
        try:
            object.__setattr__(self, "goal", parse_goals(self.goal))
        except ValueError as error:
            raise CoachError(_("--goal: {error}", error=error)) from error
        for name in ("select", "ignore", "extend_select"):
            codes = (code.strip().upper() for text in getattr(self, name) for code in text.split(","))
            object.__setattr__(self, name, tuple(filter(None, codes)))
