"""Whatever a visitor types into an address: an answer that says so, never a fault of the program."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from madoguchi.plan.models import Indicator, Project
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for
from madoguchi.trust.enums import Role
from tests.plan.factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ODD = ["999999", "-1", "0", "abc", "１２", "²", "٣", "NaN", "1e309", "9" * 19, "9" * 5000, "2025-13-45", " ", "'\"><b>",
       "../../etc", "[]", "%00", "%ff%fe", "%ed%a0%80"]  # fmt: skip
PARAMETERS = ("page", "q", "fiscal_year", "year", "status", "unit", "mark", "mine", "plan", "goal", "class", "section",
              "sort", "limit", "offset", "whose", "path", "version", "order", "kind", "seal", "role", "state", "type",
              "before", "after", "from", "to", "subject", "actor")  # fmt: skip
PUBLIC = ["/", "/plan/", "/plan/{code}/", "/plan/{code}/projects/", "/plan/{code}/indicators/", "/plan/{code}/timeline/",
          "/plan/{code}/portfolio/", "/plan/{code}/history/", "/plan/search/", "/plan/compare/",
          "/plan/compare/online_applications/", "/api/", "/api/plan/plans", "/api/plan/projects", "/api/plan/indicators",
          "/accounts/login/", "/design/all/"]  # fmt: skip
STAFF = ["/steering/", "/steering/attention/", "/steering/tree/", "/steering/indicators/", "/steering/compare/",
         "/steering/actuals/", "/steering/actuals/approvals/", "/steering/owners/", "/steering/lint/",
         "/steering/drafts/", "/steering/reviews/", "/steering/reviews/orders/", "/steering/reviews/rules/",
         "/steering/reviews/open/{code}/", "/steering/portfolio/{code}/", "/steering/timeline/{code}/",
         "/steering/history/{code}/", "/steering/indicators/{indicator}/", "/steering/indicators/{indicator}/enter/",
         "/steering/indicators/{indicator}/binding/", "/steering/indicators/{indicator}/evidence/",
         "/steering/projects/{project}/revise/", "/me/activity/"]  # fmt: skip
ADMINISTRATOR = ["/organisation/", "/organisation/units/", "/organisation/units/add/", "/organisation/staff/",
                 "/organisation/staff/locks/", "/operations/status/", "/operations/events/",
                 "/operations/jobs/"]  # fmt: skip


@pytest.fixture
def places(settings) -> dict[str, str]:
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    city = make_city()
    with acting_for(city):
        plan = make_plan(city)
        make_staff(Role.SECRETARIAT, login="office")
        make_staff(Role.ADMINISTRATOR, login="admin")
        yield {
            "code": plan.code,
            "indicator": str(Indicator.objects.first().pk),
            "project": str(Project.objects.first().pk),
        }
    host_table.clear()


def visitor(login: str = "") -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    if login:
        client.force_login(Account.objects.get(login=login))
    return client


@pytest.mark.parametrize(("login", "pages"), [("", PUBLIC), ("office", STAFF), ("admin", ADMINISTRATOR)])
def test_odd_parameters_never_break_a_page(login: str, pages: list[str], places) -> None:
    client = visitor(login)
    broken = []
    for page in pages:
        for odd in ODD:
            value = odd if odd.startswith("%") else quote(odd)
            address = page.format(**places) + "?" + "&".join(f"{name}={value}" for name in PARAMETERS)
            status = client.get(address).status_code
            if status >= 500 or status == 403:
                broken.append((status, page, odd[:20]))
    assert broken == []
