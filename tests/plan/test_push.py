"""Values pushed by outside systems: the token decides, the unit must fit, and sending twice is sending once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualSource, ActualStatus, BindingKind, RoundPeriod, RoundStatus
from madoguchi.plan.errors import PlanError
from madoguchi.plan.models import Actual, Indicator, PushReceipt, PushToken, ReviewRound, ScoringRule
from madoguchi.plan.services import push
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Event, acting_for
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def city() -> Iterator[Any]:
    host_table.clear()
    cache.clear()
    municipality = make_city()
    with clock.frozen(NOW), acting_for(municipality):
        make_plan(municipality)
        yield municipality
    host_table.clear()
    cache.clear()


@pytest.fixture
def office() -> Account:
    return make_staff(Role.SECRETARIAT)


@pytest.fixture
def indicator() -> Indicator:
    found = Indicator.objects.get(label="オンライン申請の件数")
    found.binding_kind, found.binding = BindingKind.PUSH, {"trusted": True}
    found.save()
    return found


@pytest.fixture
def secret(indicator: Indicator, office: Account) -> str:
    return push.issue_token(indicator=indicator, name="電子申請システム", days=90, actor=office)[1]


def send(indicator: Indicator | int, secret: str | None, key: str = "", query: str = "", **changes: Any) -> Any:
    body = {"fiscal_year": 2025, "value": 2100, "unit": "件", "as_of": "2026-03-31"} | changes
    headers = {"Idempotency-Key": key} if key else {}
    if secret is not None:
        headers["Authorization"] = f"Bearer {secret}"
    pk = indicator if isinstance(indicator, int) else indicator.pk
    return Client(SERVER_NAME="localhost").post(
        f"/api/plan/indicators/{pk}/actuals{query}",
        json.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def refusals() -> list[dict[str, Any]]:
    return list(Event.objects.filter(key="plan.push.refused").order_by("id").values_list("data", flat=True))


def test_a_value_of_a_trusted_sender_counts_at_once(indicator: Indicator, secret: str) -> None:
    answer = send(indicator, secret)
    assert answer.status_code == 201
    assert answer.json() | {"id": 0} == {
        "id": 0, "indicator": indicator.pk, "fiscal_year": 2025, "value": 2100, "unit": "件", "text": "2,100件",
        "as_of": "2026-03-31", "status": "approved", "doubts": [],
    }  # fmt: skip
    actual = Actual.objects.get()
    assert (actual.source, actual.as_of, actual.entered_by) == (ActualSource.PUSH, date(2026, 3, 31), None)
    items = Client(SERVER_NAME="localhost").get("/api/plan/indicators").json()["items"]
    assert [item["value"] for row in items if row["id"] == indicator.pk for item in row["actuals"]] == [2100]


def test_a_value_waits_for_approval_unless_the_sender_is_trusted(indicator: Indicator, secret: str) -> None:
    indicator.binding = {}
    indicator.save()
    assert send(indicator, secret).json()["status"] == "submitted"


def test_a_doubtful_value_waits_though_the_sender_is_trusted(indicator: Indicator, secret: str) -> None:
    body = send(indicator, secret, value=2_100_000).json()
    assert (body["status"], body["doubts"]) == ("submitted", ["jump"])


def test_the_same_key_gets_the_same_answer_and_no_second_row(indicator: Indicator, secret: str) -> None:
    first = send(indicator, secret, key="run-42")
    again = send(indicator, secret, key="run-42")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Actual.objects.count() == 1
    other = send(indicator, secret, key="run-42", value=2200)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    assert Actual.objects.count() == 1


def test_a_newer_value_replaces_the_one_before(indicator: Indicator, secret: str) -> None:
    send(indicator, secret)
    send(indicator, secret, value=2150)
    newest = Actual.objects.order_by("-id")[0]
    assert newest.replaces is not None
    assert newest.replaces.value == 2100


@pytest.mark.parametrize("unit", ["人", "時間", "千件", ""])
def test_a_wrong_unit_is_refused_naming_the_right_one(indicator: Indicator, secret: str, unit: str) -> None:
    answer = send(indicator, secret, unit=unit)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert "「件」" in answer.json()["detail"]
    assert Actual.objects.count() == 0
    assert refusals() == [{"reason": "wrong_unit", "status": 422}]


@pytest.mark.parametrize(
    "changes",
    [
        {"fiscal_year": 2019}, {"fiscal_year": "来年"}, {"value": -1}, {"value": None}, {"as_of": "2027-01-01"},
        {"as_of": "昨日"}, {"value": 1e300}, {"unit": "件\x00"}, {"note": "x" * 2001},
    ],
)  # fmt: skip
def test_what_cannot_be_a_value_is_refused(indicator: Indicator, secret: str, changes: dict[str, Any]) -> None:
    answer = send(indicator, secret, **changes)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert Actual.objects.count() == 0


def test_a_revoked_an_expired_a_foreign_and_an_unknown_token_are_told_what_to_do(
    indicator: Indicator, secret: str, office: Account
) -> None:
    other = Indicator.objects.get(label="平均の待ち時間")
    assert "この指標には使えません" in send(other, secret).json()["detail"]
    assert "正しくありません" in send(indicator, "mdg_x").json()["detail"]
    assert "Bearer" in send(indicator, None).json()["detail"]
    with clock.frozen(NOW + timedelta(days=90)):
        expired = send(indicator, secret)
    assert "有効期限" in expired.json()["detail"]
    push.revoke_token(token=PushToken.objects.get(), actor=office)
    revoked = send(indicator, secret)
    assert "失効" in revoked.json()["detail"]
    assert (expired.status_code, revoked.status_code, revoked["WWW-Authenticate"]) == (401, 401, "Bearer")
    assert Actual.objects.count() == 0
    assert [item["reason"] for item in refusals()] == [
        "foreign_token", "unknown_token", "expired_token", "revoked_token"
    ]  # fmt: skip


def test_a_token_works_only_in_its_own_municipality(indicator: Indicator, secret: str, city: Any) -> None:
    make_city("aoba", order=9)
    assert send(indicator, secret, query="?municipality=aoba").status_code == 401
    assert send(indicator, secret, query="?municipality=nowhere").status_code == 404
    assert send(indicator, secret, query=f"?municipality={city.key}").status_code == 201


def test_a_frozen_period_answers_conflict(indicator: Indicator, secret: str) -> None:
    owner = {"municipality": indicator.municipality}
    rule = ScoringRule.objects.create(key="r", name="規則", xml="<x/>", created_at=NOW, **owner)
    ReviewRound.objects.create(
        plan=indicator.plan, fiscal_year=2025, period=RoundPeriod.FULL_YEAR, status=RoundStatus.CLOSED,
        scoring_rule=rule, self_evaluation_due=date(2026, 6, 30), opened_at=NOW, closed_at=NOW, digest="cd" * 32, **owner,
    )  # fmt: skip
    answer = send(indicator, secret)
    assert answer.status_code == 409
    assert "cdcdcdcd" in answer.json()["detail"]
    assert Actual.objects.count() == 0
    assert send(indicator, secret, fiscal_year=2024, as_of="2025-03-31").status_code == 201


def test_an_indicator_that_takes_no_pushes_answers_conflict(indicator: Indicator, secret: str) -> None:
    indicator.binding_kind = BindingKind.MANUAL
    indicator.save()
    assert send(indicator, secret).status_code == 409


def test_more_than_sixty_a_minute_are_too_many(indicator: Indicator, secret: str) -> None:
    token = PushToken.objects.get()
    PushReceipt.objects.bulk_create(
        PushReceipt(
            municipality=indicator.municipality, token=token, key=f"k{number}", body_digest="", answer={}, at=NOW
        )
        for number in range(60)
    )
    answer = send(indicator, secret)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    with clock.frozen(NOW + timedelta(minutes=2)):
        assert send(indicator, secret).status_code == 201


def test_who_guesses_tokens_is_slowed_down_and_cannot_flood_the_log(indicator: Indicator) -> None:
    statuses = [send(indicator, f"mdg_{number}").status_code for number in range(31)]
    assert statuses[:30] == [401] * 30
    assert statuses[30] == 429
    assert len(refusals()) == 1


def test_only_the_digest_of_a_token_is_kept_and_only_the_secretariat_issues_one(
    indicator: Indicator, secret: str
) -> None:
    token = PushToken.objects.get()
    assert secret not in json.dumps([token.name, token.digest])
    assert token.digest == push.digest_of(secret)
    chief = make_staff(Role.SECTION_CHIEF)
    with pytest.raises(RefusedError):
        push.issue_token(indicator=indicator, name="x", days=1, actor=chief)
    with pytest.raises(RefusedError):
        push.revoke_token(token=token, actor=chief)
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize(("name", "days"), [("", 10), ("x", 0), ("x", 401)])
def test_a_token_needs_a_name_and_an_end(indicator: Indicator, office: Account, name: str, days: int) -> None:
    with pytest.raises(PlanError):
        push.issue_token(indicator=indicator, name=name, days=days, actor=office)


def test_revoking_twice_writes_one_event(indicator: Indicator, secret: str, office: Account) -> None:
    token = PushToken.objects.get()
    push.revoke_token(token=token, actor=office)
    push.revoke_token(token=token, actor=office)
    assert Event.objects.filter(key="plan.token.revoked").count() == 1


def test_a_milestone_is_pushed_as_its_state(indicator: Indicator, secret: str) -> None:
    indicator.type, indicator.unit = "milestone", ""
    indicator.save()
    assert send(indicator, secret, value=None, unit="", text="だいたい").status_code == 422
    assert send(indicator, secret, value=None, unit="", text="完了").json()["text"] == "完了"
    assert Actual.objects.get().status == ActualStatus.APPROVED
