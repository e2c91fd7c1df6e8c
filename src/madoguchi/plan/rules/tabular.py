"""Items as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any


def rows_as_csv(rows: list[dict[str, Any]], columns: Sequence[str] = ()) -> str:
    """Return items as CSV text with a header (``columns``, or those of the first row); nested values are JSON."""
    output = io.StringIO()
    writer = csv.DictWriter(output, fieldnames=list(columns or (rows[0] if rows else [])), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return output.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    # A spreadsheet must not take a text for a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "@", "\t", "\r"} else value
