"""The findings that are lint's own and no rule's: on comments that silence, and on words that a video contradicts."""

from __future__ import annotations

from tiktok_coach.core.translation import N_

UNUSED, UNKNOWN_CODE, NO_CODE, CONTRADICTED = "L001", "L002", "L003", "L101"
NAMES = {
    UNUSED: "unused-suppression",
    UNKNOWN_CODE: "unknown-code",
    NO_CODE: "suppression-without-code",
    CONTRADICTED: "said-otherwise",
}
# The names as words.
TITLES = {
    UNUSED: N_("unused suppression"),
    UNKNOWN_CODE: N_("unknown code"),
    NO_CODE: N_("suppression without code"),
    CONTRADICTED: N_("said otherwise"),
}
WHYS = {
    UNUSED: N_("A comment that silences nothing hides the next fault of its kind."),
    UNKNOWN_CODE: N_("A comment with a code that no rule has silences nothing."),
    NO_CODE: N_("A comment without codes would silence whatever comes."),
    CONTRADICTED: N_(
        "What the plan says holds; where the video measures otherwise, every check of it is of another video."
    ),
}
