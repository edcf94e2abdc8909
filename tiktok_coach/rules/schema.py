"""The JSON Schema of rule files, for editors and other programs: the file's own shape, and each check's parameters."""

from __future__ import annotations

from typing import Any

from tiktok_coach.core.documents.document import with_schema_id
from tiktok_coach.rules.kind import built_in_kinds
from tiktok_coach.rules.model import RuleFile


def rules_schema() -> dict[str, Any]:
    """A rule file's JSON Schema (draft 2020-12); `params` depends on the kind of check."""
    schema = RuleFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    rule = definitions["Rule"]
    rule["properties"]["check"]["enum"] = sorted(built_in_kinds())
    conditions = []
    for name, kind in sorted(built_in_kinds().items()):
        params = kind.params.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= params.pop("$defs", {})
        definitions[f"params_{name}"] = params
        then = {"properties": {"params": {"$ref": f"#/$defs/params_{name}"}}}
        conditions.append({"if": {"properties": {"check": {"const": name}}, "required": ["check"]}, "then": then})
    rule["allOf"] = conditions
    return with_schema_id("rules", schema)
