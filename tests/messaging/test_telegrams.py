"""A telegram becomes an alert by the rules of each city, once, and says why where it does not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertState, AlertStatus, TelegramOutcome
from madoguchi.messaging.errors import ContentError, StatusError
from madoguchi.messaging.models import Alert, AlertPlace, AlertRule, Message, Telegram
from madoguchi.messaging.rules.telegram import TelegramError
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services import alerts, telegrams
from madoguchi.trust.api import RefusedError, acting_for
from madoguchi.trust.enums import Role
from tests.trust.people import make_account, make_staff

from .conftest import NOON
from .telegrams import coast, earthquake, samples, weather

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(city, settings, tmp_path):
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    live_table.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


@pytest.fixture
def officer(city):
    return make_staff("kiki", Role.CRISIS_MANAGER)


def take(data: bytes, **options):
    return telegrams.take_telegram(data=data, source="file", **options)


def done(taken) -> list[tuple[str, str]]:
    return [(action.what.value, action.event_key) for action in taken.actions]


def at(minutes: int) -> str:
    return (datetime.fromisoformat("2026-11-20T11:55:00+09:00") + timedelta(minutes=minutes)).isoformat()


def nothing_changed() -> bool:
    return not Alert.objects.exists() and not Message.objects.exists()


def test_a_strong_earthquake_is_told_to_everybody_by_itself():
    taken = take(earthquake("5+"))
    assert done(taken) == [("issue", "jma:earthquake:20261120115000")]
    alert = Alert.objects.get()
    assert (alert.state, alert.status, alert.is_automatic) == (AlertState.ISSUED, AlertStatus.ACTUAL, True)
    assert (alert.category, alert.severity, alert.certainty) == ("Geo", "Severe", "Observed")
    assert alert.contents["ja"]["headline"] == "小田原市で震度5強の地震がありました"
    assert alert.evacuation_level is None
    row = Telegram.objects.get()
    assert (row.kind, row.outcome, row.actions[0]["alert"]) == ("VXSE53", TelegramOutcome.ACTED, alert.key)
    assert row.data == earthquake("5+")
    assert AlertPlace.objects.get().code == "361"


def test_the_same_telegram_twice_is_taken_once():
    take(earthquake("5+"))
    taken = take(earthquake("5+"))
    assert done(taken) == [("none", "")]
    assert "受け取り済み" in taken.actions[0].why
    assert (Alert.objects.count(), Telegram.objects.count()) == (1, 1)


def test_a_repetition_in_other_bytes_does_nothing():
    take(earthquake("5+"))
    taken = take(earthquake("5+").replace(b"\n", b"\n "))
    assert "繰り返し" in taken.actions[0].why
    assert Alert.objects.count() == 1


def test_a_graver_report_updates_the_alert_and_an_older_one_is_set_aside():
    take(earthquake("5-", serial="2", reported=at(2)))
    assert done(take(earthquake("6-", serial="3", reported=at(4)))) == [("update", "jma:earthquake:20261120115000")]
    taken = take(earthquake("7", serial="1", reported=at(0)))
    assert "新しい電文" in taken.actions[0].why
    live = Alert.objects.get(state=AlertState.ISSUED)
    assert (live.event_name, live.msg_type) == ("震度６弱", "Update")


def test_the_same_intensity_again_tells_nobody_anything():
    take(earthquake("5-", serial="1"))
    taken = take(earthquake("5-", serial="2", reported=at(2)))
    assert done(taken) == [("none", "jma:earthquake:20261120115000")]
    assert Message.objects.count() == 1


def test_a_correction_is_told():
    take(earthquake("5-"))
    assert done(take(earthquake("5-", info_type="訂正", reported=at(1)))) == [
        ("update", "jma:earthquake:20261120115000")
    ]


def test_a_cancelled_telegram_takes_its_alert_back():
    take(earthquake("5-"))
    cancelled = earthquake("5-", info_type="取消", serial="2", reported=at(2))
    assert done(take(cancelled)) == [("cancel", "jma:earthquake:20261120115000")]
    assert not Alert.objects.filter(state=AlertState.ISSUED).exists()
    assert "取り消しの電文" in take(earthquake(event_id="other", info_type="取消")).actions[0].why


@pytest.mark.parametrize("status", ["訓練", "試験"])
def test_a_drill_or_a_test_never_alerts_anybody(status):
    taken = take(earthquake("7", status=status))
    assert "だれにも知らせません" in taken.refusal
    assert nothing_changed()
    assert Telegram.objects.get().outcome == TelegramOutcome.REFUSED


@pytest.mark.shared
@pytest.mark.parametrize("status", ["訓練", "試験"])
def test_no_sample_alerts_a_city_it_names_when_it_is_not_meant(city, status):
    """Every sample that warns somebody, as a drill in the city it names, in time."""
    for name, data in samples().items():
        match = re.search(rb"<Code>([0-9]{5})[0-9]{2}</Code>", data)
        if match is None or b"<ReportDateTime>" not in data:
            continue
        moment = datetime.fromisoformat(re.search(rb"<ReportDateTime>([^<]+)<", data)[1].decode())
        city.code = match[1].decode() + "0"
        changed = re.sub(rb"<Status>[^<]*</Status>", f"<Status>{status}</Status>".encode(), data, count=1)
        with clock.frozen(moment):
            taken = take(changed, name=name, municipalities=[city], dry_run=True)
        assert {action.what.value for action in taken.actions} == {"none"}, name
    assert nothing_changed()


def test_an_old_telegram_and_one_from_the_future_do_nothing():
    assert "古い電文" in take(earthquake(reported="2026-11-20T08:00:00+09:00")).refusal
    assert "先の時刻" in take(earthquake(reported="2026-11-20T13:00:00+09:00")).refusal
    assert "過ぎて" in take(earthquake(valid="2026-11-20T11:59:00+09:00")).refusal
    assert nothing_changed()


def test_a_rehearsal_judges_an_old_telegram_at_its_own_time_and_can_be_a_drill():
    data = earthquake(reported="2021-02-13T23:15:00+09:00")
    then = datetime.fromisoformat("2021-02-13T23:16:00+09:00")
    taken = take(data, as_of=then, as_drill=True)
    assert [action.what.value for action in taken.actions] == ["issue"]
    assert Alert.objects.get().status == AlertStatus.EXERCISE
    assert Telegram.objects.get().is_rehearsal


def test_a_telegram_for_another_city_is_not_kept():
    taken = take(earthquake("7", city="1420500", name="藤沢市"))
    assert done(taken) == [("none", "")]
    assert "入っていません" in taken.actions[0].why
    assert not Telegram.objects.exists()


def test_each_city_of_the_installation_judges_by_itself(oyama):
    oyama.code = "092088"
    data = earthquake("5+").replace(
        b"</Area></Pref>",
        "<City><Name>小山市</Name><Code>0920800</Code><MaxInt>3</MaxInt></City></Area></Pref>".encode(),
    )
    taken = take(data)
    assert {action.municipality.code: action.what.value for action in taken.actions} == {
        "142069": "issue",
        "092088": "none",
    }
    with acting_for(oyama):
        assert not Alert.objects.exists()
        assert Telegram.objects.get().outcome == TelegramOutcome.NOTHING


def test_rain_goes_from_draft_to_issue_to_end():
    assert done(take(weather(("大雨警報", "03", "発表"))))[0] == ("draft", "jma:rain")
    draft = Alert.objects.get()
    assert (draft.state, draft.evacuation_level) == (AlertState.DRAFT, 3)
    assert done(take(weather(("大雨警報", "03", "継続"), reported=at(1))))[0] == ("none", "jma:rain")
    assert done(take(weather(("大雨特別警報", "33", "発表"), reported=at(2))))[0] == ("issue", "jma:rain")
    draft.refresh_from_db()
    assert draft.state == AlertState.DISCARDED
    assert done(take(weather(("大雨警報", "03", "特別警報から警報"), reported=at(3))))[0] == ("update", "jma:rain")
    assert done(take(weather(("大雨警報", "03", "解除"), reported=at(4))))[0] == ("cancel", "jma:rain")
    assert not Alert.objects.filter(state=AlertState.ISSUED).exists()


def test_a_warning_that_a_full_list_no_longer_holds_is_over():
    take(weather(("大雨特別警報", "33", "発表")))
    assert done(take(weather(reported=at(9)))) == [("cancel", "jma:rain")]


def test_a_coast_that_is_not_registered_makes_a_draft_and_a_registered_one_an_alert(officer):
    assert done(take(coast("津波警報", "51"))) == [("draft", "jma:tsunami")]
    assert Alert.objects.get().evacuation_level == 4
    telegrams.register_place(actor=officer, layer="coast", code="330", name="相模湾・三浦半島")
    assert done(take(coast("津波警報", "51", reported=at(2)))) == [("issue", "jma:tsunami")]
    assert done(take(coast("大津波警報：発表", "53", reported=at(3)))) == [("update", "jma:tsunami")]
    assert Alert.objects.get(state=AlertState.ISSUED).severity == "Extreme"


def test_what_staff_issued_is_ended_by_staff(officer):
    take(weather(("大雨警報", "03", "発表")))
    alerts.issue_alert(alert=Alert.objects.get(), actor=officer)
    taken = take(weather(reported=at(5)))
    assert done(taken) == [("none", "jma:rain")]
    assert "職員" in taken.actions[0].why
    assert Alert.objects.get().state == AlertState.ISSUED


def test_what_staff_ended_is_not_said_again_while_it_only_goes_on(officer):
    take(weather(("大雨特別警報", "33", "発表")))
    alerts.cancel_alert(alert=Alert.objects.get(), actor=officer)
    assert done(take(weather(("大雨特別警報", "33", "継続"), reported=at(5))))[0] == ("none", "jma:rain")
    assert done(take(weather(("大雨特別警報", "33", "発表"), reported=at(9))))[0] == ("issue", "jma:rain")


def test_trying_changes_nothing():
    taken = take(earthquake("6+"), dry_run=True)
    assert done(taken) == [("issue", "jma:earthquake:20261120115000")]
    assert taken.actions[0].contents["en"]["headline"] == "Earthquake: seismic intensity 6 Upper"
    assert nothing_changed()
    assert not Telegram.objects.exists()


def test_a_rule_of_its_own_lets_a_city_say_more_with_its_own_words(officer):
    rule = telegrams.change_rule(
        actor=officer, name="震度3", action="automatic", hazard="earthquake", kind="震度３", intensity=30,
        level="none", contents={"ja": {"headline": "{{city}}で{{warning}}"}},
    )  # fmt: skip
    assert AlertRule.objects.count() > 10
    taken = take(earthquake("3"))
    assert (taken.actions[0].what.value, taken.actions[0].rule) == ("issue", f"own-{rule.pk}")
    assert Alert.objects.get().contents["ja"]["headline"] == "小田原市で震度３"


def test_rules_refuse_unknown_placeholders_and_people_who_may_not(officer):
    with pytest.raises(ContentError):
        telegrams.change_rule(actor=officer, name="x", action="draft", contents={"ja": {"headline": "{{name}}"}})
    with pytest.raises(RefusedError):
        telegrams.change_rule(actor=make_account("somebody"), name="x", action="draft")
    with pytest.raises(RefusedError):
        take(earthquake("7"), actor=make_account("other"))
    assert not AlertRule.objects.exists()
    assert nothing_changed()


def test_the_last_rule_stays(officer):
    telegrams.copy_shipped_rules(actor=officer)
    rules = list(AlertRule.objects.all())
    for rule in rules[1:]:
        telegrams.delete_rule(actor=officer, rule=rule)
    with pytest.raises(StatusError):
        telegrams.delete_rule(actor=officer, rule=rules[0])


def test_what_cannot_be_read_changes_nothing():
    with pytest.raises(TelegramError):
        take(b"<html></html>")
    assert nothing_changed()
