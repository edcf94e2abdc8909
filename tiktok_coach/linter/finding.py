"""What lint finds: a finding at its place, and an edit that would mend it."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import Any

from tiktok_coach.core.records import dataclass
from tiktok_coach.plans.places import Place

# How rules call the mend that moves a publish time.
MOVE = "move-to-active-hour"
# How they call the one that writes a copy of a file which TikTok takes.
COPY = "conforming-copy"
UNUSED, UNKNOWN_CODE, NO_CODE, HIDDEN_HASHTAG, CONTRADICTED = "L001", "L002", "L003", "L004", "L101"
MISSING_VIDEO, MISSING_PHOTO, UNREADABLE, MISSING_SUBTITLES = "L102", "L103", "L104", "L105"
AT_RISK = "L106"


@dataclass(frozen=True)
class Edit:
    """A change of a file: the text between two offsets gives way to another."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Copy:
    """A copy of a video or a photo, at `target`, which a plan names instead of the `source`."""

    source: Path
    target: Path


@dataclass(frozen=True)
class Fix:
    """Edits that belong together, and the new `value` of a column of the post at `row` that they make.

    `fault` are the offsets of what is at fault, where that is less than the whole value. `copy` is the file that has to
    be written with them.
    """

    edits: tuple[Edit, ...]
    row: int
    column: str
    value: Any
    fault: tuple[int, int] | None = None
    copy: Copy | None = None


@dataclass(frozen=True)
class Finding:
    """One rule that a plan fails, at the place of the value at fault.

    `post` is the id of the post, None where the finding is about a day, a month, an account or a file; `subject` names
    that, and `key` does so in no language, where the two differ. `whole` is the place of the whole value where `place`
    is that of a part of it. `error_code` is what TikTok's API would answer to such a post.
    """

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    fix: str
    place: Place
    subject: str
    post: str | None = None
    value: Any = None
    expected: dict[str, Any] = field(default_factory=dict)
    related: Place | None = None
    autofix: Fix | None = None
    key: str | None = None
    whole: Place | None = None
    error_code: str | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of the file, the rule, its subject and the value: the same when lines move, and in every language."""
        import hashlib

        identity = "\0".join((self.place.file, self.code, self.key or self.subject, str(self.value)))
        return hashlib.sha256(identity.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Suppressed:
    """A finding that a comment or the baseline silences, and why."""

    finding: Finding
    kind: str
    reason: str = ""
