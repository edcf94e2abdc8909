"""Planned posts held against the rules: a draft of the assistant, or a plan that lies in the folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tiktok_coach.analysis.settings import Settings
from tiktok_coach.assistant.answers import Answer, Arguments, Limit, Part
from tiktok_coach.assistant.drafts import DraftArguments, draft_file
from tiktok_coach.assistant.folder import MOST_NAME
from tiktok_coach.assistant.tool import AS_DATA, Tool
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.errors import together
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import Export
from tiktok_coach.linter.beside import Beside
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.linter.run import LintOptions, new_since, run_lint

FEW = 4
ORDER = ("error", "warning", "info")


class FindingPart(Part):
    """One thing to change."""

    severity: str
    rule: str
    says: str
    fix: str
    about: Annotated[str, Field(description="The post by its id, or the day, month or account.")]
    line: Annotated[int | None, Field(description="Where it stands in the file.")] = None


class LintAnswer(Answer):
    """What to change before it goes out."""

    posts: int
    errors: int
    warnings: int
    notes: int
    findings: Annotated[list[FindingPart], Field(description="The most severe first.")]
    findings_left_out: int = 0
    silenced: Annotated[int, Field(description="Findings that comments in the file silence.")] = 0
    checks_without_the_fact: Annotated[int, Field(description="Checks that passed nothing and failed nothing.")] = 0


class LintPlanArguments(Arguments):
    """Which plan of the folder."""

    file: Annotated[
        str,
        Field(min_length=1, max_length=MOST_NAME, description="A plan by its name from the folder: plans/week-48.yaml"),
    ]
    limit: Limit = 10


class LintDraftArguments(DraftArguments):
    """A draft, and how many findings."""

    limit: Limit = 10


def _lint_draft(workspace: Workspace, arguments: LintDraftArguments) -> LintAnswer:
    export = workspace.published()
    if export is not None:
        export = workspace.account(arguments.account).export
    settings = workspace.settings() if export is None else workspace.analysis().settings
    if export is not None and arguments.publish_at is not None:
        # A local time of the draft is on the clock of its account.
        options = replace(settings.options, timezone=settings.options.timezone or export.accounts[0].timezone)
        settings = replace(settings, options=options)
    handle = None if export is None else export.accounts[0].handle
    return _lint(settings, draft_file(arguments, handle), export, arguments.limit, is_draft=True)


def _lint_plan(workspace: Workspace, arguments: LintPlanArguments) -> LintAnswer:
    content = workspace.folder.content_of_plan(arguments.file)
    export = workspace.published()
    settings = workspace.settings() if export is None else workspace.analysis().settings
    return _lint(settings, SourceFile(arguments.file, content=content), export, arguments.limit, is_draft=False)


def _lint(settings: Settings, file: SourceFile, history: Export | None, limit: int, *, is_draft: bool) -> LintAnswer:
    options = replace(settings.options, inputs=(), history=())
    lint_options = LintOptions(sources=(file,), looks_beside=False)
    run = run_lint(options, lint_options, beside=Beside(history), settings=settings)
    linted, _gone = new_since(run.baseline, run.linted)
    if linted.problems:
        raise together(linted.problems)
    findings = sorted(linted.findings, key=lambda one: ORDER.index(one.severity))
    counts = Counter(one.severity for one in findings)
    shown, accounts = findings[:limit], linted.calendar.accounts
    return LintAnswer(
        account=accounts[0].handle if accounts else None,
        says=_says(linted, counts),
        posts=len(linted.calendar.posts),
        errors=counts["error"],
        warnings=counts["warning"],
        notes=counts["info"],
        findings=[_finding(one, is_draft=is_draft) for one in shown],
        findings_left_out=len(findings) - len(shown),
        silenced=len(linted.suppressed),
        checks_without_the_fact=len(linted.unknown),
        not_known=_not_known(linted, history),
        assumes=[] if history is not None else [_("No published post is known to compare with.")],
    )


def _says(linted: LintResult, counts: Counter[str]) -> str:
    if not counts:
        return _("Nothing that is known fails.")
    parts = [
        plural("{count} error", "{count} errors", counts["error"]),
        plural("{count} warning", "{count} warnings", counts["warning"]),
        plural("{count} note", "{count} notes", counts["info"]),
    ]
    posts = plural("{count} post", "{count} posts", len(linted.calendar.posts))
    return _("{counts} in {posts}.", counts=", ".join(parts), posts=posts)


def _finding(one: Finding, *, is_draft: bool) -> FindingPart:
    return FindingPart(
        severity=one.severity,
        rule=one.code,
        says=one.message,
        fix=one.fix,
        about=one.post or one.subject,
        line=None if is_draft else one.place.line,
    )


def _not_known(linted: LintResult, history: Export | None) -> list[str]:
    """What the checks that could not be answered need, the most often missing first."""
    needs = Counter(linted.provided_by[code] for code in linted.unknown)
    texts = [
        plural("{count} check needs {source}.", "{count} checks need {source}.", count, source=source)
        for source, count in needs.most_common(FEW)
    ]
    if any(linted.calendar.posts.column(name) is not None for name in ("video_file", "photo_files")):
        texts.append(_("Whether the videos and photos that the plan names are there: nobody looked."))
    return texts if history is not None else [*texts, _("Whether the post repeats an earlier one.")]


TOOLS = (
    Tool(
        "lint_draft",
        N_("Check a draft"),
        "Holds a post that does not exist yet against the rules: what to change, the most severe first, and which "
        f"checks lack a fact. What you leave out is not known and no fault. {AS_DATA}",
        LintDraftArguments,
        LintAnswer,
        _lint_draft,
    ),
    Tool(
        "lint_plan",
        N_("Check a plan"),
        "Holds a plan that lies in the folder against the rules. It opens no other file that the plan names. "
        f"{AS_DATA}",
        LintPlanArguments,
        LintAnswer,
        _lint_plan,
    ),
)
