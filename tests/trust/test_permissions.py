"""Policies: who is let, who is refused, and that a refusal changes nothing and is written down."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.trust.api import (
    Account,
    Policy,
    Unit,
    acting_for,
    all_of,
    any_of,
    anybody,
    has_role,
    in_unit_of,
    is_self,
    is_staff,
    merge_units,
    nobody,
    permission_required,
    rename_unit,
    signed_in,
)
from madoguchi.trust.enums import AccountKind, Role, UnitKind
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import Duty, Event, Invitation, SignInFailure
from madoguchi.trust.permissions import roles_of
from madoguchi.trust.registry import policies

from .people import PASSWORD, events_of, make_account, make_staff, make_unit

pytestmark = pytest.mark.database

CHIEF_HERE = in_unit_of(Role.SECTION_CHIEF)


class DocumentPolicy(Policy):
    noun = "文書"
    rules: ClassVar = {"view": is_staff, "change": CHIEF_HERE, "shred": nobody}
    labels: ClassVar = {"shred": "廃棄する"}
    reasons: ClassVar = {"change": "文書を変更できるのは、担当課の所属長だけです。"}


policy = DocumentPolicy()


def of(unit: Unit | None) -> SimpleNamespace:
    return SimpleNamespace(unit_id=unit and unit.pk)


def test_nobody_in_particular_is_let_only_where_anybody_is(odawara):
    from django.contrib.auth.models import AnonymousUser

    for actor in (None, AnonymousUser(), make_account("moto", is_active=False)):
        assert [rule(actor, None) for rule in (anybody, signed_in, is_staff, is_self, has_role(*Role), CHIEF_HERE)] == [
            True, False, False, False, False, False,
        ]  # fmt: skip


def test_residents_hold_no_role_even_if_a_row_says_so(odawara):
    resident = make_account("shimin", kind=AccountKind.RESIDENT)
    Duty.objects.create(municipality=odawara, account=resident, role=Role.ADMINISTRATOR, from_date=date(2024, 4, 1))
    assert not has_role(Role.ADMINISTRATOR)(resident, None)


def test_an_action_without_a_rule_is_refused(odawara):
    with pytest.raises(RefusedError, match="文書に対するこの操作（publish）"):
        policy.require(make_staff("kanri", *Role), "publish")


def test_the_reason_names_what_and_what_to_do(odawara):
    with pytest.raises(RefusedError, match=r"廃棄する.*管理者にお問い合わせ"):
        policy.require(make_staff("kanri", *Role), "shred")
    with pytest.raises(PermissionDenied, match="担当課の所属長だけ"):
        policy.require(None, "change")


def test_a_chief_acts_for_the_own_unit_and_those_below_alone(odawara):
    department = make_unit("企画部", kind=UnitKind.DEPARTMENT)
    section, other = make_unit("政策課", department), make_unit("広報課", department)
    team = make_unit("調整係", section, UnitKind.TEAM)
    chief, head = (
        make_staff("kacho", Role.SECTION_CHIEF, unit=section),
        make_staff("bucho", Role.SECTION_CHIEF, unit=department),
    )
    assert [CHIEF_HERE(chief, of(unit)) for unit in (department, section, team, other)] == [False, True, True, False]
    assert all(CHIEF_HERE(head, of(unit)) for unit in (department, section, team, other))
    assert not CHIEF_HERE(make_staff("tanto", Role.SECTION_STAFF, unit=section), of(section))
    assert in_unit_of()(make_account("ippan"), of(section)) is False


def test_after_a_reorganisation_the_successor_acts(odawara):
    old, absorbed = make_unit("情報課"), make_unit("統計課")
    chief = make_staff("kacho", Role.SECTION_CHIEF, unit=old)
    new = rename_unit(unit=old, name="デジタル課", fiscal_year=2025)
    merge_units(units=[absorbed], into=new, fiscal_year=2025)
    assert [CHIEF_HERE(chief, of(unit)) for unit in (old, absorbed, new)] == [True, True, True]


def test_a_duty_for_the_whole_city_covers_all_and_nothing_belongs_to_nobody(odawara):
    section = make_unit("政策課")
    everywhere, here = make_staff("shicho", Role.SECTION_CHIEF), make_staff("kacho", Role.SECTION_CHIEF, unit=section)
    assert CHIEF_HERE(everywhere, of(section))
    assert CHIEF_HERE(everywhere, of(None))
    assert not CHIEF_HERE(here, of(None))
    assert CHIEF_HERE(here, section)
    assert in_unit_of(Role.SECTION_CHIEF, of=lambda subject: [subject["unit"]])(here, {"unit": section})


def test_a_role_held_in_another_city_counts_for_nothing_here(odawara, oyama):
    with acting_for(oyama):
        stranger = make_staff("kanri", Role.ADMINISTRATOR)
    assert not has_role(Role.ADMINISTRATOR)(stranger, None)


def test_is_self_knows_the_account_and_what_belongs_to_it(odawara):
    mine, other = make_account("sato"), make_account("suzuki")
    assert is_self(mine, mine)
    assert is_self(mine, SimpleNamespace(account=mine))
    assert not any(is_self(mine, subject) for subject in (other, SimpleNamespace(account=other), None, "sato"))


@given(st.lists(st.booleans(), max_size=5))
def test_rules_are_joined_like_conditions(answers):
    rules = [anybody if answer else nobody for answer in answers]
    assert all_of(*rules)(None, None) is all(answers)
    assert any_of(*rules)(None, None) is any(answers)


def test_rules_tell_which_roles_they_let():
    city, here = has_role(Role.ADMINISTRATOR, Role.AUDITOR), in_unit_of(Role.SECTION_CHIEF)
    assert roles_of(city) == {Role.ADMINISTRATOR: False, Role.AUDITOR: False}
    assert roles_of(any_of(city, here, is_self)) == dict(roles_of(city)) | {Role.SECTION_CHIEF: True}
    assert roles_of(all_of(city, in_unit_of(Role.AUDITOR))) == {Role.AUDITOR: True}
    assert roles_of(is_self) == roles_of(nobody) == {}


def test_every_registered_policy_names_its_actions_for_people():
    for registered in policies:
        assert registered.noun
        assert set(registered.labels) == set(registered.rules), registered.noun
        assert set(registered.reasons) <= set(registered.rules), registered.noun


def test_a_guarded_view_is_opened_with_its_subject(odawara):
    section = make_unit("政策課")
    chief, other = (
        make_staff("kacho", Role.SECTION_CHIEF, unit=section),
        make_staff("tanin", Role.SECTION_CHIEF, unit=make_unit("広報課")),
    )

    @permission_required(policy, "change", subject=lambda pk: of(Unit.objects.get(pk=pk)))
    def view(request, pk):
        return HttpResponse("opened")

    def ask(user):
        request = RequestFactory().get("/documents/7/?page=2")
        request.user = user
        return view(request, pk=section.pk)

    assert ask(chief).content == b"opened"
    with pytest.raises(RefusedError):
        ask(other)
    from django.contrib.auth.models import AnonymousUser

    assert ask(AnonymousUser())["Location"] == "/accounts/login/?next=/documents/7/%3Fpage%3D2"


def client_of(account: Account) -> Client:
    browser = Client(headers={"host": "odawara.localhost"})
    browser.post("/accounts/login/", {"login": account.login, "password": PASSWORD})
    return browser


@pytest.fixture
def chief(odawara) -> Account:
    return make_staff("kacho", Role.SECTION_CHIEF, unit=make_unit("政策課"))


DOORS = [
    ("get", "/organisation/staff/"),
    ("get", "/organisation/staff/{person}/"),
    ("post", "/organisation/staff/invite/"),
    ("post", "/organisation/staff/{person}/change/"),
    ("post", "/organisation/staff/{person}/duties/add/"),
    ("post", "/organisation/staff/{person}/link/"),
    ("post", "/organisation/staff/{person}/deactivate/"),
    ("post", "/organisation/staff/{person}/reactivate/"),
    ("post", "/organisation/staff/{person}/second-factor/"),
    ("post", "/organisation/staff/{person}/sessions/"),
    ("post", "/organisation/staff/{person}/unlock/"),
    ("post", "/organisation/staff/{person}/withdraw/"),
    ("post", "/organisation/staff/locks/"),
    ("post", "/organisation/duties/{duty}/end/"),
    ("post", "/organisation/units/add/"),
    ("post", "/organisation/units/{unit}/change/"),
    ("post", "/organisation/units/{unit}/rename/"),
    ("post", "/organisation/units/{unit}/merge/"),
    ("post", "/organisation/units/{unit}/abolish/"),
    ("get", "/organisation/permissions/"),
]
BODY = {
    "login": "neu", "name": "新しい名前", "role": "administrator", "kind": "section", "from_date": "2026-04-01",
    "to_date": "2026-04-30", "fiscal_year": "2026", "address": "127.0.0.1", "email": "x@example.jp",
}  # fmt: skip


def state() -> list[list[dict]]:
    models = (Account, Duty, Unit, Invitation, SignInFailure)
    kept = ("last_login", "session_epoch")
    return [
        [{k: v for k, v in row.items() if k not in kept} for row in model.objects.order_by("pk").values()]
        for model in models
    ]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_a_door_of_administrators_is_shut_to_a_chief_and_nothing_changes(chief, method, path):
    other = make_staff("kanri", Role.ADMINISTRATOR)
    browser = client_of(chief)
    path = path.format(person=other.pk, duty=other.duties.get().pk, unit=Unit.objects.get().pk)
    before, written = state(), Event.objects.count()
    answer = getattr(browser, method)(path, BODY if method == "post" else None)
    assert answer.status_code == 403
    assert state() == before
    assert Event.objects.count() == written + 1
    [event] = events_of("trust.permission.refused")
    assert event.actor == chief
    assert event.data["action"]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_the_same_doors_lead_a_visitor_to_the_sign_in(chief, method, path):
    path = path.format(person=chief.pk, duty=chief.duties.get().pk, unit=Unit.objects.get().pk)
    before = state()
    answer = getattr(Client(headers={"host": "odawara.localhost"}), method)(path, BODY if method == "post" else None)
    assert answer["Location"].startswith("/accounts/login/?next=/organisation/")
    assert state() == before


def test_the_event_of_a_refusal_stays_though_the_change_is_rolled_back(chief):
    browser = client_of(chief)
    browser.post(f"/organisation/units/{Unit.objects.get().pk}/abolish/", BODY)
    [event] = events_of("trust.permission.refused")
    assert event.data == {"action": "change"}
    assert Unit.objects.get().valid_to_fiscal_year is None
