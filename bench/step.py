"""
A step with 200 fields: how long the product's page takes, from the request to the last byte.

Every kind of field is among them, conditions and hints too. All of them in one step, drawn for a signed-in resident
through the whole WSGI application in this process; one JSON line for processor time and one for the clock.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import ask, percentile, start_installation

FIELDS, STEPS, ROUNDS, AT_MOST_MS = 200, 1, 50, 50.0
KINDS = (
    "text", "textarea", "integer", "date", "choice", "choices", "yes_no", "person_name", "address", "phone", "email", "money",
    "time", "consent", "birth_date", "number",
)  # fmt: skip


def definition() -> dict[str, Any]:
    """Return a procedure of 200 fields, every third shown under a condition."""
    options = [{"code": f"o{n}", "label": {"ja": f"選択肢{n}", "en": f"Option {n}"}} for n in range(6)]

    def field(number: int) -> dict[str, Any]:
        kind = KINDS[number % len(KINDS)]
        made: dict[str, Any] = {
            "code": f"f{number}",
            "component": kind,
            "label": {"ja": f"項目{number}", "ja-easy": f"こうもく{number}", "en": f"Field {number}"},
            "hint": {"ja": "わかる範囲で入力してください。", "en": "As far as you know."},
        }
        if kind in {"choice", "choices"}:
            made["options"] = options
        if number % 3 == 2:
            made["visible_if"] = f"f{number - number % len(KINDS)} = null"
        return made

    each = FIELDS // STEPS
    steps = [
        {"code": f"s{n}", "title": {"ja": f"段階{n}"}, "fields": [field(n * each + m) for m in range(each)]}
        for n in range(STEPS)
    ]
    return {"format": "madoguchi.procedure/1", "code": "large", "name": {"ja": "大きな手続"}, "form": {"steps": steps}}


def main() -> int:
    """Draw the steps and print."""
    start_installation()
    from bench import submit
    from django.test import override_settings

    submit.definition = definition  # the same city, procedure and resident around another form
    city, version, account = submit.fill()
    from madoguchi.trust.api import acting_for

    with override_settings(SECOND_FACTOR_REQUIRED=False), acting_for(city):
        key = submit.drafts(city, version, account, 1)[0]
        cookie, handler = submit.session_of(account), submit.handler()
        addresses = [f"/procedures/apply/{key}/s{number}/" for number in range(STEPS)]
        sizes = [len(ask(handler, address, host=submit.HOST, cookie=cookie)) for address in addresses]
        used, waited = [], []
        for _ in range(ROUNDS):
            for address in addresses:
                began, clock = time.process_time(), time.perf_counter()
                ask(handler, address, host=submit.HOST, cookie=cookie)
                used.append((time.process_time() - began) * 1000)
                waited.append((time.perf_counter() - clock) * 1000)
    p95 = percentile(used, 0.95)
    line = {
        "bench": f"step with {FIELDS} fields",
        "processor_p95_ms": round(p95, 1),
        "at_most": AT_MOST_MS,
        "processor_median_ms": round(percentile(used, 0.5), 1),
        "clock_median_ms": round(percentile(waited, 0.5), 1),
        "bytes": max(sizes),
        "passed": p95 < AT_MOST_MS,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return 0 if p95 < AT_MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
