"""What is known of a cursor in a plan, and of the mappings and lists around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from tiktok_coach.core.records import dataclass

# A step of a path into a list.
ITEM = "[]"
Site = Literal["key", "value", "item", "comment"]


@dataclass(frozen=True)
class Cursor:
    """What stands at a cursor, with its span in the text, quotes included, and `prefix`, its part before the cursor.

    `path` leads to the mapping or list that it is in, `keys` are the others of that mapping with what is written
    of their values. `key` is that of a value. `quote` is the quote that is open, or `|` in a block of text; `is_flow`
    says whether brackets are around; `lead` is what must come before anything that is put in. `is_alone` where a value
    has a line of its own, `has_colon` where a key has its colon already, `is_closed` behind a closing quote.
    """

    site: Site
    path: tuple[str, ...]
    start: int
    end: int
    prefix: str
    key: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    quote: str = ""
    is_flow: bool = False
    is_json: bool = False
    is_alone: bool = False
    has_colon: bool = False
    is_closed: bool = False
    lead: str = ""


@dataclass
class Frame:
    """A mapping or a list that is open; `indent` is the column of its entries, -1 between brackets."""

    is_list: bool
    indent: int
    key: str | None = None
    keys: dict[str, str] = field(default_factory=dict)
