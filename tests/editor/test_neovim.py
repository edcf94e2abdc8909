"""A real editor, driven without a screen: it shows what lint finds, and mends it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("neovim.lua")
PLAN = """account: {handle: '@baker', timezone: Europe/Copenhagen}
posts:
  - publish_at: 2090-12-02 18:30
    caption: "🍞 Rye rises first, does it? #rye #rye #bread"
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim_shows_a_finding_and_mends_it(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    command = ["nvim", "--headless", "--clean", "-c", f"luafile {SCRIPT}"]
    server = f"{sys.executable} -m tiktok_coach server"
    environment = {**os.environ, "COACH_SERVER": server, "HOME": str(tmp_path)}
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    seen = json.loads((ran.stdout or ran.stderr).strip().splitlines()[-1])
    assert "T809" in seen["before"]
    assert "T809" not in seen["after"]
    assert seen["action"].endswith("(T809)")
    assert seen["line"] == '    caption: "🍞 Rye rises first, does it? #rye #bread"'
    assert seen["symbols"] == 1
