"""A city, its staff and its surveys in several states, for the tests of pages of surveys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.procedures.api import load_demonstration_surveys
from madoguchi.procedures.models import Survey
from madoguchi.procedures.services import surveys
from madoguchi.procedures.services.survey_samples import sample_surveys
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, acting_for, add_municipality
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Resident
from tests.trust.people import make_staff

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
PEOPLE = 40


@pytest.fixture
def city(db, settings) -> Iterator[Municipality]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    municipality = add_municipality(key="hiratsuka", code="142034", name="平塚市", order=1)
    with acting_for(municipality), clock.frozen(NOON):
        Resident.objects.bulk_create(
            Resident(
                municipality=municipality,
                name=f"見本 {n}",
                name_key=f"見本{n}",
                name_print=f"見本 {n}",
                address=f"浅間町{n}",
                birth_date=date(1940 + 2 * n, 6, 1),
                ended_on=date(2026, 1, 1) if n == PEOPLE - 1 else None,
            )
            for n in range(PEOPLE)
        )
        yield municipality
    host_table.clear()


@pytest.fixture
def staff(city) -> dict[str, Account]:
    return {
        "clerk": make_staff("tanto", Role.SECTION_STAFF),
        "second": make_staff("tanto2", Role.SECTION_STAFF),
        "registrar": make_staff("jumin", Role.REGISTRAR),
        "chief": make_staff("kacho", Role.SECTION_CHIEF),
    }


def signed_in(account: Account | None) -> Client:
    client = Client(HTTP_HOST="hiratsuka.localhost")
    if account is not None:
        client.force_login(account)
    return client


@pytest.fixture
def clerk(staff) -> Client:
    return signed_in(staff["clerk"])


@pytest.fixture
def visitor(city) -> Client:
    return signed_in(None)


@pytest.fixture
def survey(city, staff) -> Survey:
    document = next(document for _kind, document in sample_surveys(city) if document["code"] == "digital-needs")
    made = surveys.create_survey(
        code="needs", kind="survey", document={**document, "code": "needs"}, actor=staff["clerk"]
    )
    fields = {"closes_on": date(2026, 12, 11), "minimum_age": 16, "weight_by": "age", "check_share": 100}
    return surveys.save_survey(survey=made, seen_revision=0, actor=staff["clerk"], **fields)


@pytest.fixture
def running(survey, staff) -> Survey:
    surveys.draw_survey(survey=survey, size=20, seed="種", actor=staff["registrar"])
    return surveys.open_survey(survey=survey, actor=staff["clerk"])


@pytest.fixture
def comment(city, staff) -> Survey:
    load_demonstration_surveys()
    return Survey.objects.get(code="digital-plan-opinions")


def text_of(response: Any) -> str:
    return re.sub(r"<wbr/?>", "", response.content.decode())
