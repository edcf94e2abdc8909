"""JSON Schemas that other programs read: which dialect they are in, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_schema_id(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) as it is published under a name."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"tiktok-coach/{name}.schema.json",
        **schema,
    }
