"""Whatever a visitor types into an address: an answer that says so, never a fault of the program."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from madoguchi.plan.models import Indicator, Project
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for
from madoguchi.trust.enums import AccountKind, Role
from tests.plan.factories import make_city, make_plan, make_staff
from tests.procedures.residents import publish
from tests.trust.people import make_account, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ODD = ["999999", "-1", "0", "abc", "１２", "²", "٣", "NaN", "1e309", "9" * 19, "9" * 5000, "2025-13-45", " ", "'\"><b>",
       "../../etc", "[]", "%00", "%ff%fe", "%ed%a0%80"]  # fmt: skip
FEW = ["-1", "²", "9" * 5000, "'\"><b>", "%00", "%ed%a0%80"]
"""For the pages whose parameters are read by the same functions."""
PARAMETERS = ("page", "q", "fiscal_year", "year", "status", "unit", "mark", "mine", "plan", "goal", "class", "section",
              "sort", "limit", "offset", "whose", "path", "version", "order", "kind", "seal", "role", "state", "type",
              "before", "after", "from", "to", "subject", "actor", "due", "who", "number", "code", "event", "answers",
              "copy", "against", "step", "field", "language", "width", "postal", "bank", "branch", "view", "row",
              "column")  # fmt: skip
PUBLIC = ["/", "/plan/", "/plan/{code}/", "/plan/{code}/projects/", "/plan/{code}/indicators/", "/plan/{code}/timeline/",
          "/plan/{code}/portfolio/", "/plan/{code}/history/", "/plan/search/", "/plan/compare/",
          "/plan/compare/online_applications/", "/api/", "/api/plan/plans", "/api/plan/projects", "/api/plan/indicators",
          "/accounts/login/", "/design/all/"]  # fmt: skip
VISITOR = ["/procedures/", "/procedures/find/", "/procedures/checklists/",
          "/procedures/lookup/postal/", "/procedures/lookup/bank/", "/procedures/{procedure}/",
          "/procedures/{procedure}/apply/", "/procedures/{procedure}/procedure.json", "/procedures/events/birth/",
          "/procedures/apply/resume/", "/mine/follow/", "/surveys/", "/verify/", "/api/procedures"]  # fmt: skip
RESIDENT = ["/mine/", "/mine/calendar/", "/documents/", "/me/", "/me/information/", "/me/identity/", "/me/delegations/",
            "/me/activity/", "/me/sessions/", "/procedures/", "/procedures/{procedure}/apply/"]  # fmt: skip
STAFF = ["/steering/", "/steering/attention/", "/steering/tree/", "/steering/indicators/", "/steering/compare/",
         "/steering/actuals/", "/steering/actuals/approvals/", "/steering/owners/", "/steering/lint/",
         "/steering/drafts/", "/steering/reviews/", "/steering/reviews/orders/", "/steering/reviews/rules/",
         "/steering/reviews/open/{code}/", "/steering/portfolio/{code}/", "/steering/timeline/{code}/",
         "/steering/history/{code}/", "/steering/indicators/{indicator}/", "/steering/indicators/{indicator}/enter/",
         "/steering/indicators/{indicator}/binding/", "/steering/indicators/{indicator}/evidence/",
         "/steering/projects/{project}/revise/", "/me/activity/"]  # fmt: skip
ADMINISTRATOR = ["/organisation/", "/organisation/units/", "/organisation/units/add/", "/organisation/staff/",
                 "/organisation/staff/locks/", "/operations/status/", "/operations/events/",
                 "/operations/jobs/", "/operations/machines/", "/ledger/settings/"]  # fmt: skip
CLERK = ["/work/", "/work/export.csv", "/work/workflows/", "/records/", "/records/export/"]  # fmt: skip
DESIGNER = ["/builder/", "/builder/new/", "/builder/new/library/", "/builder/coverage/", "/builder/{procedure}/",
            "/builder/{procedure}/check/", "/builder/{procedure}/compare/", "/builder/{procedure}/preview/",
            "/builder/{procedure}/versions/", "/builder/{procedure}/diagram/", "/builder/{procedure}/form/",
            "/office/surveys/", "/work/workflows/new/", "/records/templates/", "/records/templates/new/"]  # fmt: skip
CASHIER = ["/ledger/", "/ledger/export.csv", "/ledger/new/", "/ledger/approvals/", "/ledger/till/", "/ledger/books/",
           "/ledger/reconciliation/"]  # fmt: skip
REGISTRAR = ["/organisation/registry/", "/organisation/registry/doubts/", "/office/identity/",
             "/office/identity/matches/", "/office/identity/delegations/"]  # fmt: skip
PEOPLE = [("", PUBLIC), ("", VISITOR), ("hanako", RESIDENT), ("office", STAFF), ("admin", ADMINISTRATOR), ("clerk", CLERK),
          ("designer", DESIGNER), ("cashier", CASHIER), ("registrar", REGISTRAR)]  # fmt: skip

NAMES = ["public", "visitor", *[login for login, _pages in PEOPLE[2:]]]


@pytest.fixture
def places(settings) -> dict[str, str]:
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    city = make_city("odawara")
    with acting_for(city):
        plan = make_plan(city)
        make_staff(Role.SECRETARIAT, login="office")
        make_staff(Role.ADMINISTRATOR, login="admin")
        make_staff(Role.SECTION_CHIEF, login="clerk")
        for role in (Role.DESIGNER, Role.CASHIER, Role.REGISTRAR):
            make_staff(role, login=role.value)
        make_account("hanako", kind=AccountKind.RESIDENT)
        publish(make_unit("窓口課"))
        yield {
            "code": plan.code,
            "indicator": str(Indicator.objects.first().pk),
            "project": str(Project.objects.first().pk),
            "procedure": "sample-grant",
        }
    host_table.clear()


def visitor(login: str = "") -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    if login:
        client.force_login(Account.objects.get(login=login))
    return client


@pytest.mark.parametrize(("login", "pages"), PEOPLE, ids=NAMES)
def test_odd_parameters_never_break_a_page(login: str, pages: list[str], places) -> None:
    client = visitor(login)
    broken = []
    for page in pages:
        for odd in ODD if pages in (PUBLIC, STAFF, ADMINISTRATOR) else FEW:
            value = odd if odd.startswith("%") else quote(odd)
            address = page.format(**places) + "?" + "&".join(f"{name}={value}" for name in PARAMETERS)
            status = client.get(address).status_code
            if status >= 500 or status == 403:
                broken.append((status, page, odd[:20]))
    assert broken == []
