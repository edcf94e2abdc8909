"""The keys that may stand in each part of a plan, the common ones first, and what each says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from tiktok_coach.core.account import GOALS
from tiktok_coach.core.config import ACCOUNT_TYPES, AccountSettings
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import CELL_KINDS, Column
from tiktok_coach.core.translation import N_, _
from tiktok_coach.editor.cursor_context import ITEM
from tiktok_coach.plans.documents import PLAN_KEYS, PLANNED
from tiktok_coach.plans.plan import LISTS, NOTES, REPLY, columns_by_key, groups, key_of

PLAN, ACCOUNT, POST = "plan", "account", "post"
# What a mapping of facts, a list and a text are begun with.
MAPPING, LIST, TEXT = "mapping", "list", "text"
# Those that most plans have, in the order in which one writes them; the others follow.
_FIRST = {
    POST: "caption publish_at hashtags video sound kind photos engagement goal disclosure ai_label title keywords "
    "opening_text spoken_hook transcript privacy ai_generated via as_draft id",
    "video": "file duration_s hook_s width height intro value_shown_s opening_emotion quick_cuts has_audio bpm effects",
    "sound": "name artist original trending commercial_licence",
    "engagement": "duet stitch comments reply_to_comments",
    ACCOUNT: "handle timezone country language type goal subcultures small_business category",
}
# What the tool itself writes into plans, or `photos` says.
_BY_THE_TOOL = {"measured", "photo_files", "picture_hash", "sound_hash"}
_MEANINGS = {
    "id": N_("a name of your own for the post, by which messages call it"),
    "publish_at": N_("when the post is to go out, on the account's clock where it names no other"),
    "photos": N_("the files of a carousel's photos in their order, or how many there are"),
    "video": N_("facts of the video; or the name of its file alone"),
    "sound": N_("facts of the sound; or its title alone"),
    "engagement": N_("what viewers may do with the post, and whether you answer"),
    REPLY: N_("the comment, or its post, that the video answers"),
    **dict.fromkeys(NOTES, N_("words for people; no rule reads them")),
}
_PLAN_MEANINGS = {
    "account": N_("whose plan it is: its handle, timezone, country and goals"),
    "defaults": N_("facts of every post that does not say its own"),
    "posts": N_("the planned posts, each begun with a dash"),
}
UNITS = {
    "s": N_("in seconds"),
    "px": N_("in pixels"),
    "MB": N_("in megabytes"),
    "1/s": N_("per second"),
    "1/min": N_("per minute"),
}


@dataclass(frozen=True)
class Key:
    """A key of a plan: what it means, what begins its value, and the values among which one chooses, if it has such."""

    name: str
    meaning: str
    begins: str = ""
    column: Column | None = None
    choices: tuple[str, ...] = ()
    is_flag: bool = False
    unit: str = ""

    @property
    def values(self) -> str:
        """What its value is, in a few words; empty where that is any text."""
        if self.choices:
            return ", ".join(self.choices)
        if self.is_flag:
            return _("yes or no")
        if self.column is None or self.begins:
            return ""
        kind = CELL_KINDS.get(self.column.kind, "")
        return ", ".join(_(part) for part in (kind, UNITS.get(self.unit, "")) if part)


@cache
def keys_in(part: str) -> Mapping[str, Key]:
    """The keys that stand in a part of a plan (PLAN, ACCOUNT, POST or the name of a group), the common ones first."""
    if part == PLAN:
        begins = {"posts": LIST, "account": MAPPING, "defaults": MAPPING}
        return {name: Key(name, _PLAN_MEANINGS[name], begins[name]) for name in begins}
    keys = {key.name: key for key in (_account_keys() if part == ACCOUNT else _fact_keys(part))}
    first = [name for name in _FIRST[part].split() if name in keys]
    return {name: keys[name] for name in dict.fromkeys((*first, *keys))}


def _account_keys() -> Iterable[Key]:
    choices = {"type": ACCOUNT_TYPES, "goal": tuple(GOALS)}
    flags = {"small_business", "comments_on_others"}
    for name, setting in AccountSettings.model_fields.items():
        begins = LIST if name == "subcultures" else ""
        yield Key(name, setting.description or "", begins, choices=choices.get(name, ()), is_flag=name in flags)


def _fact_keys(part: str) -> Iterable[Key]:
    """The keys of facts, each where messages name it; trials are what an experiment writes."""
    for column in dict.fromkeys(columns_by_key().values()):
        group, dot, name = key_of(column.name).rpartition(".")
        if column.group == "trial" or column.name in _BY_THE_TOOL or (group if dot else POST) != part:
            continue
        begins = LIST if column.name in LISTS or name == "photos" else ""
        begins = TEXT if column.name in {"caption", "title", "opening_text", "spoken_hook"} else begins
        meaning = _MEANINGS.get(name if not dot else "", column.meaning)
        yield Key(name, meaning, begins, column, column.choices, column.kind == "flag", column.unit)
    if part == POST:
        yield from (Key(name, _MEANINGS[name], MAPPING) for name in groups())
        yield from (Key(name, _MEANINGS[name]) for name in sorted(NOTES))
    if part == "engagement":
        yield Key(REPLY, _MEANINGS[REPLY])


def column_at(part: str, key: str) -> Column | None:
    """The column that a key of a post or a group fills; None for another key."""
    inner = groups().get(part, {}) if part != POST else columns_by_key()
    return inner.get(key)


def parts_at(path: Sequence[str], keys: Iterable[str], file: Path) -> tuple[str, ...]:
    """The parts of a plan that the mapping at a path may be, with the keys that it has; none where it is no plan's."""
    steps = [step.casefold() for step in path]
    root = frozenset(key.casefold() for key in keys) if not steps else frozenset()
    if not steps:
        facts = columns_by_key().keys() | groups().keys()
        if "posts" in root:
            return (PLAN,)
        if root & PLANNED or file.suffix.lower() in {".md", ".markdown"}:
            return (POST, PLAN) if root <= facts | set(PLAN_KEYS) | NOTES or root & PLANNED else ()
        return (PLAN, POST) if root <= set(PLAN_KEYS) else ()
    if steps == ["account"]:
        return (ACCOUNT,)
    for begin in (["posts", ITEM], [ITEM], ["defaults"], []):
        rest = steps[len(begin) :]
        if steps[: len(begin)] == begin and (not rest or (len(rest) == 1 and rest[0] in groups())):
            return (rest[0],) if rest else (POST,)
    return ()


def documentation(key: Key) -> str:
    """What a key means, as Markdown."""
    text = _(key.meaning)
    return f"{text[:1].upper()}{text[1:]}."


def key_named(part: str, name: str) -> Key | None:
    """A key of a part by its name, whatever its case; those that plans may write otherwise too."""
    plain = name.casefold()
    if plain in keys_in(part):
        return keys_in(part)[plain]
    column = column_at(part, plain) if part not in {PLAN, ACCOUNT} else None
    if column is None:
        return None
    return Key(plain, column.meaning, "", column, column.choices, column.kind == "flag", column.unit)
