from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from madoguchi.kit import clock
from madoguchi.kit.registry import UnknownKeyError
from madoguchi.trust import events, services
from madoguchi.trust.api import acting_for, enqueue, record_event
from madoguchi.trust.enums import MeterKind, Role
from madoguchi.trust.models import MeterReading
from madoguchi.trust.registry import Meter, Share, count_events, meters, sum_events
from madoguchi.trust.selectors.meters import dimensions_of, drill_down, live_value, meter_series, read_meter
from madoguchi.trust.services.sealing import seal_everything

from .people import PASSWORD, make_account, make_staff

# Events are sealed once their transaction is over, which on PostgreSQL a test's own transaction never is.
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=connection.vendor == "postgresql")]

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


def happen(city, *, days_ago: int = 0, hour: int = 12, quantity: int | None = None, **data) -> None:
    moment = NOON.replace(hour=hour) - timedelta(days=days_ago)
    with clock.frozen(moment):
        record_event(kind=events.FILE_STORED, subject=city, quantity=quantity, data=data)


def roll_up() -> int:
    seal_everything()
    return services.roll_up_meters()


@pytest.fixture
def counted():
    """Meters over the events the tests write: files, their bytes, and those of one purpose by type."""
    made = (
        Meter("test.files", "件", MeterKind.FLOW, "件数", "", count_events(events.FILE_STORED.key)),
        Meter("test.bytes", "バイト", MeterKind.FLOW, "量", "", sum_events(events.FILE_STORED.key)),
        Meter(
            "test.evidence",
            "件",
            MeterKind.FLOW,
            "証拠",
            "",
            count_events(events.FILE_STORED.key, where={"purpose": "evidence"}, by="kind"),
        ),
        Meter(
            "test.share",
            "%",
            MeterKind.RATIO,
            "証拠の割合",
            "",
            Share(
                count_events(events.FILE_STORED.key, where={"purpose": ("evidence",)}),
                count_events(events.FILE_STORED.key),
            ),
        ),
    )
    before = dict(meters._items)
    for meter in made:
        meters.register(meter.key, meter)
    yield
    meters._items = before


@pytest.mark.usefixtures("counted")
class TestFlows:
    def test_events_are_counted_by_the_day_in_japan(self, odawara):
        happen(odawara, days_ago=1, hour=0)
        happen(odawara, days_ago=1, hour=23)
        happen(odawara, days_ago=2, hour=23)
        roll_up()
        assert read_meter("test.files", YESTERDAY, YESTERDAY) == 2
        assert read_meter("test.files", YESTERDAY - timedelta(days=1), YESTERDAY) == 3

    def test_quantities_are_added_up(self, odawara):
        happen(odawara, days_ago=1, quantity=30)
        happen(odawara, days_ago=3, quantity=12)
        roll_up()
        assert read_meter("test.bytes", date(2026, 11, 1), TODAY) == 42

    def test_only_events_with_the_wanted_data_count(self, odawara):
        happen(odawara, days_ago=1, purpose="evidence", kind="pdf")
        happen(odawara, days_ago=1, purpose="evidence", kind="csv")
        happen(odawara, days_ago=1, purpose="evidence", kind="pdf")
        happen(odawara, days_ago=1, purpose="photo", kind="pdf")
        roll_up()
        assert read_meter("test.evidence", YESTERDAY, YESTERDAY) == 3
        assert read_meter("test.evidence", YESTERDAY, YESTERDAY, dimension="pdf") == 2
        assert dimensions_of("test.evidence", YESTERDAY, TODAY) == ["csv", "pdf"]

    def test_rolling_up_twice_changes_nothing(self, odawara):
        happen(odawara, days_ago=1)
        roll_up()
        before = list(MeterReading.objects.values_list("meter", "day", "dimension", "value"))
        roll_up()
        assert list(MeterReading.objects.values_list("meter", "day", "dimension", "value")) == before

    def test_an_event_that_comes_late_is_counted_on_its_day(self, odawara):
        happen(odawara, days_ago=30)
        roll_up()
        happen(odawara, days_ago=30)
        happen(odawara, days_ago=400)
        roll_up()
        assert read_meter("test.files", TODAY - timedelta(days=30), TODAY - timedelta(days=30)) == 2
        assert read_meter("test.files", TODAY - timedelta(days=400), TODAY - timedelta(days=400)) == 1

    def test_today_is_live_without_any_roll_up(self, odawara):
        assert live_value("test.files") == 0
        happen(odawara)
        assert live_value("test.files") == 1
        assert read_meter("test.files", TODAY, TODAY) == 1

    def test_today_is_not_counted_twice_after_a_roll_up(self, odawara):
        happen(odawara)
        roll_up()
        happen(odawara)
        assert read_meter("test.files", YESTERDAY, TODAY) == 2

    def test_a_period_in_which_nothing_happened_is_zero(self, odawara):
        assert read_meter("test.files", date(2026, 4, 1), date(2026, 4, 30)) == 0

    def test_a_meter_registered_later_reads_the_whole_past(self, odawara):
        happen(odawara, days_ago=5)
        roll_up()
        later = Meter("test.later", "件", MeterKind.FLOW, "あとから", "", count_events(events.FILE_STORED.key))
        meters.register(later.key, later)
        roll_up()
        assert read_meter("test.later", date(2026, 11, 1), TODAY) == 1

    def test_each_city_reads_its_own(self, odawara, oyama):
        happen(odawara, days_ago=1)
        with acting_for(oyama):
            happen(oyama, days_ago=1)
            happen(oyama, days_ago=1)
            roll_up()
        roll_up()
        assert read_meter("test.files", YESTERDAY, YESTERDAY) == 1
        with acting_for(oyama):
            assert read_meter("test.files", YESTERDAY, YESTERDAY) == 2

    def test_the_evidence_is_the_events_that_were_counted(self, odawara):
        happen(odawara, days_ago=1, purpose="evidence")
        happen(odawara, days_ago=1, purpose="photo")
        happen(odawara, days_ago=2, purpose="evidence")
        found = drill_down("test.evidence", YESTERDAY, TODAY)
        assert [event.data["purpose"] for event in found] == ["evidence"]
        assert drill_down("test.evidence", date(2026, 11, 1), TODAY).count() == 2

    def test_days_done_again_by_hand_are_right_again(self, odawara):
        happen(odawara, days_ago=1)
        roll_up()
        MeterReading.objects.update(value=99)
        services.roll_up_days(key="test.files", days=[YESTERDAY])
        assert read_meter("test.files", YESTERDAY, YESTERDAY) == 1

    def test_many_seals_are_read_in_turn(self, odawara, monkeypatch):
        monkeypatch.setattr("madoguchi.trust.services.meters.SEALS_AT_ONCE", 2)
        for days in range(5):
            happen(odawara, days_ago=days)
            seal_everything()
        services.roll_up_meters()
        assert [found.value for found in meter_series("test.files", date(2026, 11, 1), TODAY)] == [1] * 5


@pytest.mark.usefixtures("counted")
class TestRatios:
    def test_a_ratio_of_a_period_weighs_the_days(self, odawara):
        for _ in range(9):
            happen(odawara, days_ago=1, purpose="evidence")
        happen(odawara, days_ago=1, purpose="photo")
        happen(odawara, days_ago=2, purpose="photo")
        happen(odawara, days_ago=2, purpose="photo")
        roll_up()
        assert read_meter("test.share", YESTERDAY, YESTERDAY) == 90
        assert read_meter("test.share", date(2026, 11, 1), TODAY) == 75
        assert read_meter("test.share", date(2026, 11, 1), TODAY, how="average") == 45

    def test_a_day_without_a_denominator_is_a_gap(self, odawara):
        assert live_value("test.share") is None
        assert read_meter("test.share", TODAY, TODAY) is None


class TestOwnMeters:
    """Each number moves when the real thing happens."""

    def test_signing_in_moves_the_number_of_sign_ins(self, odawara):
        make_account("sato")
        before = live_value("trust.sign_ins")
        client = Client(headers={"host": "odawara.localhost"})
        client.post("/accounts/login/", {"login": "sato", "password": PASSWORD})
        assert live_value("trust.sign_ins") == before + 1
        assert drill_down("trust.sign_ins", TODAY, TODAY).count() == before + 1

    def test_inviting_and_stopping_staff_moves_the_number_of_active_staff(self, odawara):
        chief = make_staff("kanri", Role.ADMINISTRATOR)
        assert live_value("trust.active_staff") == 1
        invitation, _ = services.invite_staff(actor=chief, login="suzuki", name="鈴木")
        assert live_value("trust.active_staff") == 2
        services.deactivate_account(account=invitation.account, actor=chief)
        assert live_value("trust.active_staff") == 1
        assert [account.login for account in drill_down("trust.active_staff", TODAY, TODAY)] == ["kanri"]

    def test_a_stock_keeps_the_state_of_each_day_and_invents_no_past(self, odawara):
        make_staff("kanri", Role.ADMINISTRATOR)
        roll_up()
        with clock.frozen(NOON + timedelta(days=1)):
            make_staff("sato", Role.SECTION_STAFF)
            roll_up()
            days = meter_series("trust.active_staff", YESTERDAY, TODAY + timedelta(days=1))
            assert [(found.day.day, found.value) for found in days] == [(20, 1), (21, 2)]
            assert read_meter("trust.active_staff", YESTERDAY, TODAY + timedelta(days=1)) == 2
            assert read_meter("trust.active_staff", YESTERDAY, YESTERDAY) is None

    def test_registering_an_authenticator_moves_the_share_of_protected_staff(self, odawara):
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        sato = make_staff("sato", Role.SECTION_STAFF)
        make_staff("suzuki", Role.SECTION_STAFF)
        assert live_value("trust.staff_with_second_factor") == 0
        TOTP.activate(sato, generate_totp_secret())
        assert live_value("trust.staff_with_second_factor") == Decimal(50)
        roll_up()
        reading = MeterReading.objects.get(meter="trust.staff_with_second_factor")
        assert (reading.numerator, reading.denominator) == (1, 2)

    def test_a_job_that_fails_for_good_moves_the_number_of_failed_jobs(self, odawara, monkeypatch):
        from madoguchi.trust import tasks
        from madoguchi.trust.registry import job_types

        def break_down() -> None:
            raise RuntimeError

        break_down.__module__, break_down.__qualname__ = "madoguchi.trust.tasks", "break_down"
        before = dict(job_types._items)
        monkeypatch.setattr(tasks, "break_down", services.job(label="壊れる", attempts=1)(break_down), raising=False)
        enqueue("trust.tasks.break_down")
        assert live_value("trust.jobs_failed") == 0
        call_command("db_worker", batch=True, verbosity=0, startup_delay=False)
        job_types._items = before
        assert live_value("trust.jobs_failed") == 1


def test_an_unknown_meter_is_named(odawara):
    with pytest.raises(UnknownKeyError, match=r"no\.such"):
        read_meter("no.such", TODAY, TODAY)


def test_an_unknown_way_of_reading_is_refused(odawara):
    with pytest.raises(ValueError, match="median"):
        read_meter("trust.sign_ins", TODAY, TODAY, how="median")


def test_a_meter_over_events_nobody_declares_is_a_configuration_problem():
    meter = Meter("test.wrong", "件", MeterKind.RATIO, "誤り", "", count_events("no.such.event"))
    assert [problem.severity for problem in meter.check_config()] == ["error", "error"]


def test_every_meter_of_the_house_is_well_configured():
    assert meters.check_all() == []
    assert all(meter.label and meter.unit and meter.description for meter in meters)
