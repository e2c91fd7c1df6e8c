"""
What every open page asks every five seconds: ``/now/`` with one live alert, against a view of bare Django with the same bytes.

Ours is the whole product behind its WSGI application, which asks the database once a second; the yardstick is Django with no
middleware, one address, and a constant answer. Both answer in this process, in turns.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import ask, in_turns, report_ratio, start_installation

BUDGET = 0.80
HOST = "minato.localhost"


def fill() -> None:
    """Make a city with one live alert in three languages."""
    from madoguchi.messaging.rules.alert_texts import fill, templates
    from madoguchi.messaging.services import alerts
    from madoguchi.trust.api import acting_for, add_municipality

    with acting_for(add_municipality(key="minato", code="131032", name="港市")):
        contents = {one: fill("flood", "4", language=one, city="港市", areas=[]) for one in templates()}
        draft = alerts.draft_alert(
            actor=None, event_code="flood", event_name="川のはんらん", contents=contents, evacuation_level=4
        )
        alerts.issue_alert(alert=draft, actor=None, automatic=True)


def bare(body: bytes) -> Any:
    """Return a WSGI application of Django without middleware that answers these bytes at ``/bare/``."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.test.utils import override_settings
    from django.urls import path

    module = ModuleType("bench_now_urls")
    module.urlpatterns = [path("bare/", lambda request: HttpResponse(body, content_type="application/json"))]  # type: ignore[attr-defined]
    sys.modules["bench_now_urls"] = module
    settings.ROOT_URLCONF = "bench_now_urls"
    with override_settings(MIDDLEWARE=[]):
        return WSGIHandler()


def main() -> int:
    start_installation()
    fill()
    from django.core.handlers.wsgi import WSGIHandler

    ours = WSGIHandler()
    body = ask(ours, "/now/", host=HOST)
    assert b"evacuation_level" in body
    constant = bare(body)
    ours_ms, bare_ms = in_turns(
        lambda: ask(ours, "/now/", host=HOST), lambda: ask(constant, "/bare/", host=HOST), rounds=400
    )
    return 0 if report_ratio("now", ours_ms=ours_ms, bare_ms=bare_ms, at_least=BUDGET) else 1


if __name__ == "__main__":
    sys.exit(main())
