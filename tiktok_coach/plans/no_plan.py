"""Why a file holds no plan: what it is instead, or what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tiktok_coach.core.documents.document import Document, read_yaml
from tiktok_coach.core.errors import CoachError, closest, did_you_mean
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.files.decoding import decode_document
from tiktok_coach.io.files.source_files import JSON, WORKBOOKS, SourceFile
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.documents import PLAN_KEYS, read_front_matter, read_json_document
from tiktok_coach.plans.load import DOCUMENTS, MARKDOWN, SHEETS

# The keys by which a document is known as a plan; a key that is as like one is misspelt.
_TELLING, _LIKE = (*PLAN_KEYS, "publish_at", "caption"), 75
# What is read of files that are neither plans nor exports, and where, by their format.
_OTHERS = {
    "sidecar": (N_("has notes on published posts, not a plan"), N_("`tiktok-coach audit` reads it beside exports")),
    "trends": (N_("has current trends, not a plan"), N_("--trends takes it")),
}
# Formats that plans of some form are taken for too.
_LIKE_PLANS = frozenset({"plan", "hand-kept sheet"})


class OtherKindError(CoachError):
    """A file that is not meant to be a plan."""


def why_no_plan(file: SourceFile, options: ReadOptions) -> CoachError:
    """The error of a file without a plan, whose content can be read."""
    if file.suffix == ".har":
        hint = _("`tiktok-coach capture plan` writes the posts that it schedules as one")
        return OtherKindError(_("is a browser's save, not a plan"), where=file.name, hint=hint)
    if file.suffix == ".zip":
        hint = _("unzip it; or is it an export? `tiktok-coach audit` reads it as it is")
        return OtherKindError(_("is a ZIP, not a plan"), where=file.name, hint=hint)
    if file.suffix in MARKDOWN:
        return _why_no_post(file)
    other = _other_kind(file, options) or why_no_calendar(file, options.columns)
    if other is None and file.suffix in DOCUMENTS:
        text = decode_document(file.content, file.name)
        read = read_json_document if file.suffix in JSON else read_yaml
        return _why_no_plan_document(read(text, file.name))
    hint = _("`tiktok-coach lint --help` names the formats")
    return other or CoachError(_("isn't a plan I can read"), where=file.name, hint=hint)


def why_no_calendar(file: SourceFile, columns: Mapping[str, Sequence[str]]) -> CoachError | None:
    """What the first table of a file lacks to be a calendar; None where it holds none."""
    from tiktok_coach.plans.sheets import why_no_calendar

    if file.suffix in SHEETS | WORKBOOKS:
        sheets = [tab.sheet for tab in file.tabs if tab.sheet is not None]
    elif isinstance(file.json, list):
        from tiktok_coach.plans.lists import list_in, sheet_of

        sheets = [sheet_of(file.json, file.name)] if list_in(file.json) is not None else []
    else:
        return None
    reasons = (why_no_calendar(sheet, columns) for sheet in sheets)
    return next((reason for reason in reasons if reason is not None), None)


def _other_kind(file: SourceFile, options: ReadOptions) -> OtherKindError | None:
    """The error of an export, or of another file that some command reads; None for a file that none reads."""
    from tiktok_coach.io.registry import reader_of

    try:
        reader = reader_of(file, options)
    except CoachError:
        return None
    if reader is None or reader.is_fallback or reader.format in _LIKE_PLANS:
        return None
    problem, hint = _OTHERS.get(reader.format, (N_("is an export, not a plan"), N_("`tiktok-coach audit` reads it")))
    return OtherKindError(_(problem), where=file.name, hint=_(hint))


def _why_no_post(file: SourceFile) -> CoachError:
    """What the front matter of a Markdown file lacks to be a post; most of such files are meant to be none."""
    document = read_front_matter(decode_document(file.content, file.name), file.name)
    if document is None:
        return OtherKindError(_("isn't a plan: no front matter begins it"), where=file.name)
    misspelt = _misspelt(document)
    lacks = _("isn't a plan: its front matter has neither caption nor publish_at")
    return misspelt or OtherKindError(lacks, where=file.name)


def _why_no_plan_document(document: Document) -> CoachError:
    hint = _("`tiktok-coach init` writes an example")
    if document.value in (None, "", {}, []):
        return CoachError(_("isn't a plan: it is empty"), where=document.where, hint=hint)
    lacks = _("isn't a plan: it has neither posts nor caption or publish_at")
    return _misspelt(document) or CoachError(lacks, where=document.where, hint=hint)


def _misspelt(document: Document) -> CoachError | None:
    """The error of a document with a key that is almost one of a plan's; None where there is none."""
    keys: list[Any] = list(document.value) if isinstance(document.value, dict) else []
    key = next((key for key in keys if key not in _TELLING and closest(str(key), _TELLING, least=_LIKE)), None)
    if key is None:
        return None
    problem = _("isn't a plan: {key!r} is no key of one", key=key)
    return document.fault(problem, (key,), did_you_mean(str(key), _TELLING), key=True)
