"""schema: the JSON Schemas of plans, of the config file and of rule files, for editors and other programs."""

from __future__ import annotations

from tiktok_coach.cli import completion
from tiktok_coach.cli.options import argument, one_of, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.translation import _

KINDS = ("plan", "config", "rules")


@takes(..., "output_file", "force")
def schema(
    request: Request,
    kind: str = argument(..., "|".join(KINDS), "What the schema is of.", autocompletion=completion.of(KINDS)),
) -> None:
    """Print the JSON Schema of plans, the config or rule files.

    \b
    Examples:
      tiktok-coach schema plan
      tiktok-coach schema config -o config.schema.json

    The schemas also come with the package, in the folder schemas.

    With it an editor completes and checks them.
    """
    from tiktok_coach.render.output import write_pieces

    one_of(kind, KINDS, _("the schema"))
    write_pieces([schema_text(kind)], request["output_file"])


def schema_text(kind: str) -> str:
    """The JSON Schema (draft 2020-12) of one of KINDS, as its file holds it."""
    import json

    if kind == "plan":
        from tiktok_coach.plans.plan import plan_schema as make_schema
    elif kind == "config":
        from tiktok_coach.core.config import config_schema as make_schema
    else:
        from tiktok_coach.rules.load import rules_schema as make_schema
    return json.dumps(make_schema(), ensure_ascii=False, indent=1) + "\n"
