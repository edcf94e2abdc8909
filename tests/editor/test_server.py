"""The server over its own pipe, driven by a client of the protocol."""

from __future__ import annotations

from pathlib import Path

from tests.editor.calendar import calendar
from tests.editor.client import Editor, converse


def test_findings_come_while_a_plan_is_written(tmp_path: Path) -> None:
    text = calendar(20)

    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", text)
        before = await editor.diagnostics("plan.yaml")
        assert "T401" in {one.code for one in before}
        editor.change("plan.yaml", text.replace("posts:", "posts: ["))
        [broken] = await editor.diagnostics("plan.yaml")
        assert broken.message.startswith("not valid YAML")
        editor.change("plan.yaml", text)
        assert await editor.diagnostics("plan.yaml") == before
        editor.close("plan.yaml")
        assert await editor.diagnostics("plan.yaml") == []

    converse(tmp_path, dialogue)
