"""The pages of payers and staff answer, in every state, and refuse whom they must."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.ledger.models import Discrepancy, Receivable, Refund, Settlement, Waiver
from madoguchi.ledger.services import (
    ask_session,
    cancel_receivable,
    compare_settlement,
    expire_receivable,
    refund_receivable,
    take_cash,
    waive_receivable,
)
from madoguchi.trust.api import AccessRecord
from madoguchi.trust.enums import Role
from tests.trust.people import make_staff

from .books import balances

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def visitor(city) -> Client:
    return Client(headers={"host": "odawara.localhost"})


def signed_in(account) -> Client:
    client = Client(headers={"host": "odawara.localhost"})
    client.force_login(account)
    return client


class TestPayers:
    @pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
    def test_whoever_has_the_address_sees_what_is_to_be_paid(self, owe, visitor, language):
        receivable = owe(300)
        answer = visitor.get(f"/pay/{receivable.token}/?lang={language}")
        assert answer.status_code == 200
        assert receivable.number in answer.content.decode()

    def test_a_wrong_address_leads_nowhere(self, city, visitor):
        assert visitor.get("/pay/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404

    def test_another_city_does_not_show_it(self, owe, oyama):
        from madoguchi.trust.models import MunicipalityHost

        MunicipalityHost.objects.get_or_create(municipality=oyama, host="oyama.localhost")
        token = owe(300).token
        assert Client(headers={"host": "oyama.localhost"}).get(f"/pay/{token}/").status_code == 404

    def test_the_subject_decides_who_may_see_it(self, owe, visitor, listener):
        listener.lets_pay = False
        assert visitor.get(f"/pay/{owe(300).token}/").status_code == 404

    def test_every_end_is_told(self, owe, visitor, cashier):
        paid = take_cash(receivable=owe(300), actor=cashier)
        cancelled = cancel_receivable(receivable=owe(300), reason="誤り", actor=cashier)
        expired = owe(300, due_on=clock.today() - timedelta(days=1))
        expire_receivable(receivable=expired)
        words = {paid: "お支払いが済んでいます", cancelled: "取り消されました", expired: "納期限が過ぎました"}
        for receivable, sentence in words.items():
            text = visitor.get(f"/pay/{receivable.token}/").content.decode().replace("<wbr>", "")
            assert sentence in text
            assert "/start/" not in text

    def test_the_receipt_comes_with_the_money(self, owe, visitor, cashier):
        receivable = owe(300)
        assert visitor.get(f"/pay/{receivable.token}/receipt/").status_code == 404
        take_cash(receivable=receivable, actor=cashier)
        assert "小田原 花子" in visitor.get(f"/pay/{receivable.token}/receipt/").content.decode()

    def test_without_a_provider_the_payer_is_sent_to_the_counter(self, owe, visitor):
        receivable = owe(300)
        answer = visitor.post(f"/pay/{receivable.token}/start/", follow=True)
        assert "窓口でお支払いください" in answer.content.decode()

    def test_paying_leads_to_the_provider(self, owe, visitor, provider, simulator_address):
        receivable = owe(300)
        answer = visitor.post(f"/pay/{receivable.token}/start/")
        assert answer["Location"].startswith(simulator_address)
        session = receivable.sessions.get()
        assert session.origin == "http://odawara.localhost"

    def test_a_get_starts_nothing(self, owe, visitor, provider):
        receivable = owe(300)
        assert visitor.get(f"/pay/{receivable.token}/start/").status_code == 405
        assert not receivable.sessions.exists()


class TestStaff:
    @pytest.fixture
    def busy(self, owe, begin, desk_of_provider, postbox, cashier) -> Receivable:
        """A city where something of everything has happened."""
        take_cash(receivable=owe(500), actor=cashier)
        waive_receivable(receivable=owe(200), reason="生活保護", actor=cashier)
        owe(100, due_on=clock.today() - timedelta(days=3))
        session = begin(owe(20_000))
        desk_of_provider.pay(session.provider_session_id)
        ask_session(session=session)
        refund_receivable(receivable=session.receivable, amount=15_000, reason="取下げ", actor=cashier)
        wrong = begin(owe(300))
        desk_of_provider.pay(wrong.provider_session_id, amount=500)
        ask_session(session=wrong)
        compare_settlement(provider="simulator", day=clock.today())
        return Receivable.objects.get(pk=session.receivable_id)

    def test_every_page_answers(self, busy, staff_client):
        entry = busy.entries.first()
        for path in (
            "/ledger/",
            "/ledger/?q=おだわら",
            "/ledger/?state=overdue&year=2026&method=card",
            "/ledger/?q=nothing",
            "/ledger/new/",
            "/ledger/approvals/",
            f"/ledger/receivables/{busy.number}/",
            "/ledger/till/",
            "/ledger/books/",
            "/ledger/books/?year=2026",
            "/ledger/books/accounts/1010/",
            "/ledger/books/accounts/1210/",
            f"/ledger/books/entries/{entry.pk}/",
            "/ledger/reconciliation/",
            f"/ledger/reconciliation/days/{Settlement.objects.get().pk}/",
            *(f"/ledger/reconciliation/items/{item.pk}/" for item in Discrepancy.objects.all()),
        ):
            assert staff_client.get(path).status_code == 200, path

    def test_nobody_without_the_duty_sees_them(self, owe, clerk):
        number = owe(300).number
        client = signed_in(clerk)
        for path in (
            "/ledger/",
            "/ledger/export.csv",
            f"/ledger/receivables/{number}/",
            "/ledger/books/",
            "/ledger/till/",
        ):
            assert client.get(path).status_code == 403, path
        assert client.post(f"/ledger/receivables/{number}/cash/").status_code == 403
        assert Receivable.objects.get().status == "open"

    def test_every_look_is_written_down(self, owe, staff_client):
        receivable = owe(300)
        staff_client.get(f"/ledger/receivables/{receivable.number}/")
        staff_client.get("/ledger/export.csv")
        assert list(AccessRecord.objects.order_by("pk").values_list("subject_type", "action")) == [
            ("ledger.receivable", "view"),
            ("trust.municipality", "export"),
        ]

    def test_the_list_is_found_by_any_way_of_writing_and_handed_out(self, owe, staff_client):
        number = owe(300, payer_name="髙橋　一郎").number
        owe(500, payer_name="小山 次郎")
        answer = staff_client.get("/ledger/export.csv", {"q": "高橋一郎"})
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [(row["納付番号"], row["金額"]) for row in rows] == [(number, "300")]

    def test_cash_is_taken_once_however_often_the_button_is_pressed(self, owe, staff_client):
        receivable = owe(300)
        for _press in range(2):
            staff_client.post(f"/ledger/receivables/{receivable.number}/cash/")
        assert balances() == {"cash": 300, "fees": -300}

    def test_a_refund_above_what_is_left_keeps_what_was_typed(self, owe, staff_client, cashier):
        receivable = take_cash(receivable=owe(300), actor=cashier)
        answer = staff_client.post(
            f"/ledger/receivables/{receivable.number}/refund/", {"refund-amount": "９００円", "refund-reason": "誤り"}
        )
        assert answer.status_code == 422
        assert "９００円" in answer.content.decode()
        assert not Refund.objects.exists()

    def test_a_head_of_section_approves_what_a_cashier_asked_for(self, busy, city):
        chief = signed_in(make_staff("chief", Role.SECTION_CHIEF))
        assert chief.get("/ledger/").status_code == 403
        assert chief.get("/ledger/approvals/").status_code == 200
        chief.post(f"/ledger/waivers/{Waiver.objects.get().pk}/", {"decision": "approve"})
        assert Waiver.objects.get().status == "approved"
        chief.post(f"/ledger/refunds/{Refund.objects.get(status='requested').pk}/", {"decision": "reject"})
        assert Refund.objects.filter(status="rejected").count() == 1

    def test_a_claim_can_be_raised_by_hand(self, city, staff_client):
        form = {"title": "コピー代", "amount": "１０円", "payer_name": "小山 次郎", "due_on": "", "fiscal_year": "2026"}
        answer = staff_client.post("/ledger/new/", form, follow=True)
        receivable = Receivable.objects.get()
        assert receivable.amount == 10
        assert f"/pay/{receivable.token}/" in answer.content.decode()

    def test_limits_are_changed_by_an_administrator_only(self, city, staff_client):
        form = {"refund_limit": "5000", "session_minutes": "30", "ask_after_minutes": "3"}
        assert staff_client.post("/ledger/settings/", form).status_code == 403
        administrator = signed_in(make_staff("admin", Role.ADMINISTRATOR))
        assert administrator.post("/ledger/settings/", form).status_code == 302
        from madoguchi.ledger.services import ledger_settings

        assert ledger_settings().refund_limit == 5000


class TestTill:
    def form(self, expected: int, **changes: str) -> dict[str, str]:
        return {"expected": str(expected), "note": "", **changes}

    def test_what_was_counted_goes_to_the_bank(self, owe, staff_client, cashier):
        take_cash(receivable=owe(750), actor=cashier)
        staff_client.post("/ledger/till/", self.form(750, n500="1", n50="５"))
        assert balances() == {"bank": 750, "fees": -750}

    def test_a_difference_needs_a_word_and_is_booked(self, owe, staff_client, cashier):
        take_cash(receivable=owe(750), actor=cashier)
        assert staff_client.post("/ledger/till/", self.form(750, n500="1")).status_code == 200
        assert balances() == {"cash": 750, "fees": -750}
        staff_client.post("/ledger/till/", self.form(750, n500="1", note="つり銭の誤りか"))
        assert balances() == {"bank": 500, "cash_short": 250, "fees": -750}
        assert Discrepancy.objects.get().kind == "cash_differs"

    def test_money_that_comes_while_counting_stops_the_close(self, owe, staff_client, cashier):
        take_cash(receivable=owe(500), actor=cashier)
        staff_client.post("/ledger/till/", self.form(0, n500="1"))
        assert balances() == {"cash": 500, "fees": -500}

    def test_each_cashier_has_a_till_of_his_own(self, owe, staff_client, cashier, second_cashier):
        take_cash(receivable=owe(500), actor=second_cashier)
        take_cash(receivable=owe(100), actor=cashier)
        staff_client.post("/ledger/till/", self.form(100, n100="1"))
        assert balances() == {"bank": 100, "cash": 500, "fees": -600}
