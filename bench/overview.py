"""
The overview page of a plan with 40 projects, against the same queries and the same template in bare Django.

Ours is the whole product behind its WSGI application: every middleware, the municipality by host name, language, session,
refusals, menus and the shell's context. The yardstick is a WSGI application of Django with no middleware and one address: it
enters the scope of the municipality, calls the function that makes the context of the very same page (hence the same queries),
and renders the very same template without context processors. For the steering page both sides read the session and the
account; the yardstick with Django's own two middlewares. Both answer in this process, in turns, the order reversed each time.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import ask, in_turns, report_ratio, start_installation

BUDGET = 0.80
HOST = "minato.localhost"


def value(year: int, number: float, line: int) -> dict[str, Any]:
    return {"fiscal_year": year, "value": number, "text": f"{number:,.0f}件", "line": line}


def project(number: int) -> dict[str, Any]:
    years = range(2023, 2027)
    return {
        "code": f"{number}",
        "title": f"行政手続のオンライン化に関する事業その{number}",
        "line": 100 + number,
        "sections": [f"第{number % 9}課", "情報政策課"],
        "portfolio_class": "ABC"[number % 3],
        "is_priority": number % 2 == 0,
        "actions": [{"label": "導入", "line": 1, "words": [{"fiscal_year": y, "text": "拡大", "line": 1} for y in years]}],
        "relations": [{"kind": "sdg", "target": str(1 + number % 17), "line": 1}],
        "indicators": [
            {"label": f"利用件数その{number}", "unit": "件", "line": 1, "baseline": value(2022, 100 + number, 1),
             "targets": [value(y, 200 + number + 50 * (y - 2023), 1) for y in years]},
        ],
    }  # fmt: skip


def content() -> dict[str, Any]:
    goals = []
    for goal in range(4):
        measures = [
            {"code": f"{goal + 1}-{part + 1}", "title": f"施策{goal + 1}-{part + 1}", "line": 1,
             "indicators": [{"label": f"目標値{goal}-{part}", "level": "kgi", "unit": "%", "type": "ratio", "line": 1,
                             "targets": [value(2026, 80, 1)]}],
             "projects": [project(goal * 10 + part * 5 + number) for number in range(5)]}
            for part in range(2)
        ]  # fmt: skip
        goals.append({"code": str(goal + 1), "title": f"基本目標{goal + 1}", "line": 1, "measures": measures})
    plan = {
        "code": "dx-2023", "title": "デジタル化推進計画", "municipality": "minato", "start_fiscal_year": 2023,
        "end_fiscal_year": 2026, "philosophy": "だれも取り残さない", "line": 1, "goals": goals,
    }  # fmt: skip
    return {"reader": "isehara", "plans": [plan]}


def fill() -> tuple[Any, Any]:
    """Make a city with the plan, three years of approved values and an office worker; returns city and account."""
    from madoguchi.kit import clock
    from madoguchi.plan.api import import_data_file, link_sections, publish_draft
    from madoguchi.plan.models import Actual, Indicator, Project
    from madoguchi.trust.api import Account, acting_for, add_municipality, assign_duty
    from madoguchi.trust.enums import AccountKind, Role

    city = add_municipality(key="minato", code="131032", name="港市")
    with acting_for(city):
        plan = publish_draft(
            draft=import_data_file(name="plan.json", data=json.dumps(content()).encode()), actor=None, system=True
        )[0]
        link_sections(plan=plan)
        assert Project.objects.filter(plan=plan).count() == 40
        Actual.objects.bulk_create(
            Actual(
                municipality=city, indicator=item, fiscal_year=year, value=150 + 40 * (year - 2023) + item.pk, text="",
                status="approved", entered_at=clock.now(), approved_at=clock.now(),
            )
            for item in Indicator.objects.filter(plan=plan)
            for year in (2023, 2024, 2025)
        )  # fmt: skip
        account = Account.objects.create_account(
            login="jimukyoku", password="madoguchi-mihon", kind=AccountKind.STAFF, name="見本 職員"
        )
        assign_duty(account=account, role=Role.SECRETARIAT, from_date=date(2020, 4, 1))
    return city, account


def bare_pages(city: Any) -> ModuleType:
    """Return a urlconf with every address of the product and the two pages as bare Django would answer them."""
    from django.http import HttpResponse
    from django.template import engines
    from django.urls import path
    from django_scopes import scope

    from madoguchi.plan.permissions import plan_policy
    from madoguchi.plan.views.framing import find_plan
    from madoguchi.plan.views.public import plan_context
    from madoguchi.plan.views.steering import overview_context
    from madoguchi.site.urls import urlpatterns

    templates = engines["jinja2"].env

    def public(request: Any) -> HttpResponse:
        request.municipality = city
        with scope(municipality=city):
            context = plan_context(request, find_plan("dx-2023"))
            return HttpResponse(templates.get_template("plan/public/plan.html").render(context))

    def steering(request: Any) -> HttpResponse:
        request.municipality = city
        with scope(municipality=city):
            plan_policy.require(request.user, "view_internal")
            context = overview_context(request, find_plan("dx-2023"))
            return HttpResponse(templates.get_template("plan/steering/overview.html").render(context))

    module = ModuleType("bench_urls")
    module.urlpatterns = [path("bare/plan/", public), path("bare/steering/", steering), *urlpatterns]  # type: ignore[attr-defined]
    return module


DJANGO_ONLY = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


def handler(middleware: list[str] | None = None) -> Any:
    """Return Django's WSGI application with the product's middleware, or with these."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    with override_settings(MIDDLEWARE=settings.MIDDLEWARE if middleware is None else middleware):
        return WSGIHandler()


def signed_in(account: Any) -> str:
    """Return the cookie of a session of the account."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": HOST})
    client.force_login(account)
    client.get("/steering/")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def main() -> int:
    start_installation()
    from django.test import override_settings

    city, account = fill()
    sys.modules["bench_urls"] = bare_pages(city)
    passed = True
    with override_settings(ROOT_URLCONF="bench_urls", SECOND_FACTOR_REQUIRED=False):
        product, bare, bare_staff = handler(), handler([]), handler(DJANGO_ONLY)
        ours, yardstick = in_turns(
            lambda: ask(product, "/plan/dx-2023/", host=HOST), lambda: ask(bare, "/bare/plan/", host=HOST)
        )
        passed &= report_ratio("public page of a plan, 40 projects", ours_ms=ours, bare_ms=yardstick, at_least=BUDGET)
        cookie = signed_in(account)
        ours, yardstick = in_turns(
            lambda: ask(product, "/steering/", host=HOST, cookie=cookie),
            lambda: ask(bare_staff, "/bare/steering/", host=HOST, cookie=cookie),
        )
        passed &= report_ratio("overview of a plan, 40 projects", ours_ms=ours, bare_ms=yardstick, at_least=BUDGET)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
