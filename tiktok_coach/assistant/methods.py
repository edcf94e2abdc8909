"""Resources: the rules, each by itself, and how numbers are worked out, as the documentation has it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tiktok_coach.assistant.rules import RulesArguments, explain_rules
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _
from tiktok_coach.render.rules import grade_text

RULES, RULE, METHOD = "coach://rules", "coach://rules/{code}", "coach://methods/{name}"
RULES_TITLE, RULE_TITLE = N_("All rules in short"), N_("One rule with its record")
MARKDOWN, JSON = "text/markdown", "application/json"
# Pages of the documentation on how numbers come about are in English alone.
_PICTURE = re.compile(r"^!\[.*\n+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")


@dataclass(frozen=True)
class Method:
    """A page on how something is worked out."""

    name: str
    title: str
    path: Path

    @property
    def uri(self) -> str:
        """Its address as a resource."""
        return METHOD.replace("{name}", self.name)

    def text(self) -> str:
        """The page, without pictures and links that lead nowhere here."""
        return _LINK.sub(r"\1", _PICTURE.sub("", self.path.read_text("utf-8")))


@cache
def methods() -> tuple[Method, ...]:
    """The pages that come with the package: inside a wheel, or with the documentation in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "methods"
    folder = shipped if shipped.is_dir() else package.parent / "docs" / "methods"
    pages = sorted(folder.glob("*.md"))
    return tuple(Method(page.stem, page.read_text("utf-8").partition("\n")[0].lstrip("# "), page) for page in pages)


def read(workspace: Workspace, uri: str) -> tuple[str, str]:
    """The type and the text of a resource. Raises CoachError for an unknown address."""
    if uri == RULES:
        return MARKDOWN, _rules_text(workspace)
    method = next((one for one in methods() if one.uri == uri), None)
    if method is not None:
        return MARKDOWN, method.text()
    code = uri.removeprefix(RULE.removesuffix("{code}"))
    if uri.startswith(RULES) and re.fullmatch(r"[\w-]{1,60}", code):
        return JSON, explain_rules(workspace, RulesArguments(rule=code)).as_text()
    raise CoachError(_("no resource has this address"), hint=_("the list of resources has them all"))


def _rules_text(workspace: Workspace) -> str:
    """The rules, a line each."""
    heads = (_("code"), _("what to do"), _("severity"), _("public accounts"))
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- | --- |"]
    for one in workspace.settings().every_rule:
        severity = _(one.rule.severity)
        lines.append(f"| {one.code} | {one.rule.do} | {severity} | {grade_text(one)} |")
    return "\n".join(lines) + "\n"
