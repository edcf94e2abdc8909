"""The formats of exports, one file each; no reader knows another.

columns.json says of each format which heading or key, or the first of which, fills a column of the posts table.
"""

import json
from pathlib import Path
from typing import Any

COLUMNS_BY_FORMAT: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("columns.json").read_text("utf-8"))
