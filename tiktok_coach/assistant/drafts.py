"""A post before it exists: what a plan says of it, as the arguments of tools, and as a file that reading takes."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tiktok_coach.assistant.answers import OfAccount
from tiktok_coach.io.files.source_files import SourceFile

# More than TikTok takes, so that a rule can say so.
MOST_CAPTION, MOST_SOUND, LONGEST = 5_000, 200, 3_600
# No file of this name lies anywhere: nothing is looked for beside it.
NAME = "draft.json"


class Draft(BaseModel):
    """What an assistant says of a post. What it leaves out is not known, and no finding."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    caption: Annotated[str, Field(max_length=MOST_CAPTION, description="The caption with its hashtags.")]
    publish_at: Annotated[
        str | None,
        Field(max_length=40, description="2026-12-01T18:30, on the account's clock unless it has an offset."),
    ] = None
    duration_s: Annotated[float | None, Field(gt=0, le=LONGEST, description="Length of the video in seconds.")] = None
    hook_s: Annotated[float | None, Field(ge=0, le=LONGEST, description="Second by which the hook has come.")] = None
    sound: Annotated[str | None, Field(max_length=MOST_SOUND, description="Name of the sound.")] = None
    kind: Annotated[
        Literal["original", "duet", "stitch", "video_reply", "photo"] | None, Field(description="Kind of post.")
    ] = None
    disclosure: Annotated[
        Literal["none", "own", "paid"] | None,
        Field(description="Whether it is disclosed as promotion of one's own business, or as paid for."),
    ] = None
    ai_generated: Annotated[bool | None, Field(description="Whether AI made realistic pictures or sound of it.")] = None
    ai_label: Annotated[bool | None, Field(description="Whether it has TikTok's label for AI.")] = None

    @field_validator("caption", "publish_at", "sound", mode="after")
    @classmethod
    def _without_nul(cls, value: str | None) -> str | None:
        # No file that people write has it.
        return None if value is None else value.replace("\0", "")

    def as_post(self, name: str) -> dict[str, Any]:
        """The post as a plan writes it."""
        video = {"duration_s": self.duration_s, "hook_s": self.hook_s}
        post = {
            "id": name,
            "publish_at": self.publish_at,
            "caption": self.caption,
            "kind": self.kind,
            "disclosure": self.disclosure,
            "ai_generated": self.ai_generated,
            "ai_label": self.ai_label,
            "video": {key: value for key, value in video.items() if value is not None} or None,
            "sound": {"name": self.sound} if self.sound else None,
        }
        return {key: value for key, value in post.items() if value is not None}


class DraftArguments(Draft, OfAccount):
    """A draft, and the account that is to post it."""


def draft_file(draft: Draft, handle: str | None = None) -> SourceFile:
    """A draft as the content of a plan, of an account where one is named."""
    plan: dict[str, Any] = {"account": {"handle": handle}} if handle is not None else {}
    plan["posts"] = [draft.as_post("draft")]
    return SourceFile(NAME, content=json.dumps(plan).encode("utf-8"))
