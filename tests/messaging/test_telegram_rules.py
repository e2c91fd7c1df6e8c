"""Telegrams are read by their structure, taken at their word, matched to cities with care, and told in plain words."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from madoguchi.messaging.rules.alerts import LIMITS
from madoguchi.messaging.rules.jma import TelegramError, read_telegram
from madoguchi.messaging.rules.jma.assess import assess
from madoguchi.messaging.rules.jma.codes import municipality_of, with_check_digit
from madoguchi.messaging.rules.telegram import Change, Layer, Level, Status
from madoguchi.messaging.rules.telegram_defaults import SHIPPED_RULES
from madoguchi.messaging.rules.telegram_events import view_events
from madoguchi.messaging.rules.telegram_rules import Home, Reach, Rule, RuleAction, choose_rule, match_warnings
from madoguchi.messaging.rules.telegram_texts import compose_contents
from madoguchi.messaging.rules.telegram_texts.compose import Place
from madoguchi.messaging.rules.telegram_times import refuse_time
from tests.shared import shared_path

from .telegrams import coast, earthquake, samples, telegram, weather

ODAWARA = Home("14206", "小田原市")

KINDS = {
    "VFVO50": 2, "VFVO51": 2, "VFVO52": 2, "VFVO53": 1, "VFVO54": 1, "VFVO55": 1, "VFVO56": 2, "VFVO60": 1, "VGSK50": 2,
    "VGSK55": 3, "VGSK60": 2, "VPBS50": 4, "VPFD51": 3, "VPHW50": 4, "VPHW51": 4, "VPOA50": 2, "VPTW40": 6, "VPTW41": 6,
    "VPTW50": 3, "VPTW51": 1, "VPTW60": 6, "VPTW61": 1, "VPTW62": 1, "VPWW50": 6, "VPWW53": 6, "VPWW54": 1, "VPWW55": 2,
    "VPWW56": 2, "VPWW57": 2, "VPWW58": 1, "VPWW59": 1, "VPWW60": 1, "VPWW61": 1, "VTSE41": 10, "VTSE51": 6, "VTSE52": 2,
    "VXKOii": 4, "VXSE42": 1, "VXSE43": 3, "VXSE44": 6, "VXSE45": 6, "VXSE51": 8, "VXSE52": 7, "VXSE53": 31, "VXSE56": 6,
    "VXSE60": 1, "VXSE61": 2, "VXSE62": 1, "VXWW50": 6, "VYSE50": 4, "VYSE51": 2, "VYSE52": 1, "VYSE60": 1,
}  # fmt: skip


@pytest.mark.shared
def test_every_sample_is_read_as_the_kind_it_is():
    read = {name: read_telegram(data, name=name) for name, data in samples().items()}
    assert dict(sorted(Counter(one.kind for one in read.values()).items())) == KINDS
    assert all(one.kind in name for name, one in read.items())


@pytest.mark.shared
def test_the_title_alone_tells_the_family_of_every_sample():
    for name, data in samples().items():
        assert read_telegram(data).kind[:4] in name, name


@pytest.mark.shared
def test_samples_hold_to_the_agencys_schema_so_that_what_we_read_is_what_is_published():
    schema = etree.XMLSchema(etree.parse(str(shared_path("data", "jma_xml", "schema", "jmx.xsd"))))
    valid = sum(schema.validate(etree.fromstring(data)) for data in samples().values())
    assert valid >= 0.9 * len(samples())


@pytest.mark.shared
def test_no_sample_warns_anybody_when_it_is_a_drill_or_a_test():
    for word, status in (("訓練", Status.DRILL), ("試験", Status.TEST)):
        for name, data in samples().items():
            changed = re.sub(rb"<Status>[^<]*</Status>", f"<Status>{word}</Status>".encode(), data, count=1)
            assert read_telegram(changed).status is status, name


@pytest.mark.shared
def test_what_warns_in_every_sample_is_told_in_three_languages_without_gaps_or_codes():
    told = 0
    for name, data in samples().items():
        said = read_telegram(data, name=name)
        for warning in said.warnings:
            if not warning.is_live:
                continue
            contents = compose_contents(said, warning, warning.areas, Place("小田原市", "Odawara City"))
            told += 1
            assert list(contents) == ["ja", "ja-easy", "en"]
            for language, texts in contents.items():
                for part, text in texts.items():
                    where = f"{name} {warning.name} {language} {part}"
                    assert text.strip(), where
                    assert len(text) <= LIMITS[part], where
                    assert not re.search(r"[{}<>]|%\(|None|V[A-Z]{3}[0-9]{2}|\bNaN\b|[0-9]{6,}", text), where
            assert not re.search(r"[ぁ-んァ-ン一-龥]", contents["en"]["headline"] + contents["en"]["instruction"]), name
    assert told > 300


@pytest.mark.shared
def test_every_warning_of_the_samples_falls_under_a_shipped_rule_and_a_known_hazard():
    for name, data in samples().items():
        said = read_telegram(data, name=name)
        codes = {code for one in said.warnings for area in one.areas for code in area.municipality_codes}
        for code in sorted(codes)[:4]:
            for match in match_warnings(said, Home(code, "町")):
                if match.warning.is_live:
                    assert match.warning.hazard != "other", (name, match.warning.name)
                    assert choose_rule(SHIPPED_RULES, match) is not None, (name, match.warning.name)


@pytest.mark.shared
def test_the_rain_of_nara_is_an_emergency_in_one_city_and_an_advisory_in_the_next():
    said = read_telegram(samples()["15_08_01_130412_VPWW53.xml"])
    rain = {
        code: view.standing.warning.level
        for code in ("29201", "29203", "29207")
        for view in view_events(said, match_warnings(said, Home(code, "市")))
        if view.key == "jma:rain"
    }
    assert rain == {"29201": Level.EMERGENCY, "29203": Level.ADVISORY, "29207": Level.EMERGENCY}


@pytest.mark.shared
def test_a_city_that_a_list_of_cities_leaves_out_is_not_meant_by_the_prefecture_above_it():
    said = read_telegram(samples()["17_03_01_190529_VXWW50.xml"])
    assert [
        match.areas[0].name for match in match_warnings(said, Home("33209", "高梁市")) if match.warning.is_live
    ] == ["高梁市"]
    assert not [match for match in match_warnings(said, Home("33202", "倉敷市")) if match.warning.is_live]


@pytest.mark.shared
def test_the_codes_of_wards_lead_to_their_city_as_in_the_list_of_municipalities():
    import gzip
    import json

    rows = json.loads(gzip.decompress(shared_path("data", "codes", "cities.json.gz").read_bytes()))
    for row in rows:
        assert with_check_digit(row["code"][:5]) == row["code"]
        if row["type"] == "city":
            assert municipality_of(f"{row['code'][:5]}00")[0] == row["code"][:5]
    table = shared_path("data", "codes", "localgovjp-utf8.csv").read_text("utf-8-sig").splitlines()[1:]
    for line in table:
        columns = line.split(",")
        parts, code = columns[3].split(" "), f"{int(columns[2]):05}"
        if len(parts) == 2 and parts[0].endswith("市") and parts[1].endswith("区"):
            city = next(f"{int(one.split(',')[2]):05}" for one in table if one.split(",")[3] == parts[0])
            assert municipality_of(f"{code}00") == (code, city)


def test_an_observed_intensity_is_told_for_the_city_and_graver_steps_are_graver():
    levels = [
        match_warnings(read_telegram(earthquake(step)), ODAWARA)[0].warning.level
        for step in ("3", "4", "5-", "5+", "6-", "7")
    ]
    assert levels == [Level.NONE, Level.ADVISORY, Level.WARNING, Level.WARNING, Level.EMERGENCY, Level.EMERGENCY]


def test_a_shaking_prefecture_says_nothing_of_a_city_that_is_not_in_the_list():
    assert match_warnings(read_telegram(earthquake("6+")), Home("14205", "藤沢市")) == []


def test_a_coast_is_certain_only_for_a_city_that_registered_it():
    said = read_telegram(coast("大津波警報：発表", "53"))
    assert match_warnings(said, ODAWARA)[0].reach is Reach.POSSIBLE
    registered = Home("14206", "小田原市", frozenset({("coast", "330")}))
    assert match_warnings(said, registered)[0].reach is Reach.CERTAIN
    elsewhere = Home("14206", "小田原市", frozenset({("coast", "312")}))
    assert match_warnings(said, elsewhere) == []


def test_unknown_areas_reach_nobody():
    said = read_telegram(coast("津波警報", "51", area="999", name="どこかの海"))
    assert match_warnings(said, ODAWARA) == []


@pytest.mark.parametrize(
    ("name", "hazard", "level", "alert_level"),
    [
        ("大雨特別警報", "rain", Level.EMERGENCY, 5),
        ("レベル５氾濫特別警報", "river", Level.EMERGENCY, 5),
        ("レベル４土砂災害危険警報", "landslide", Level.WARNING, 4),
        ("レベル３大雨警報", "rain", Level.WARNING, 3),
        ("レベル２高潮注意報", "surge", Level.ADVISORY, 2),
        ("洪水警報", "flood", Level.WARNING, 3),
        ("暴風特別警報", "storm", Level.EMERGENCY, 0),
        ("氾濫危険情報", "river", Level.WARNING, 4),
        ("氾濫注意情報（警戒情報解除）", "river", Level.NONE, 0),
        ("大津波警報", "tsunami", Level.EMERGENCY, 0),
        ("津波予報（若干の海面変動）", "tsunami", Level.NONE, 0),
        ("レベル５（避難）", "volcano", Level.EMERGENCY, 0),
        ("レベル２（火口周辺規制）", "volcano", Level.WARNING, 0),
        ("火星人襲来警報", "other", Level.WARNING, 0),
    ],
)
def test_a_name_says_how_grave_a_warning_is(name, hazard, level, alert_level):
    found = assess(name)
    assert (found.hazard, found.level, found.alert_level) == (hazard, level, alert_level)


def test_the_most_specific_rule_decides_and_of_two_alike_the_careful_one():
    match = match_warnings(read_telegram(earthquake("5-")), ODAWARA)[0]
    wide = Rule("a", "", RuleAction.AUTOMATIC, "", level=Level.WARNING)
    narrow = Rule("b", "", RuleAction.DRAFT, "", hazard="earthquake", intensity=50)
    place = Rule("c", "", RuleAction.NONE, "", area="小田原市")
    twin = Rule("d", "", RuleAction.AUTOMATIC, "", area="小田原市")
    assert choose_rule([wide, narrow], match) is narrow
    assert choose_rule([twin, wide, narrow, place], match) is place
    assert choose_rule([Rule("e", "", RuleAction.DRAFT, "", intensity=55)], match) is None


def test_warnings_left_out_of_a_full_list_are_over():
    said = read_telegram(weather(("雷注意報", "14", "継続")))
    views = {view.key: view for view in view_events(said, match_warnings(said, ODAWARA))}
    assert views["jma:rain"].is_over
    assert not views["jma:thunder"].is_over
    assert "jma:landslide" not in views


def test_a_lifted_warning_does_not_stand():
    said = read_telegram(weather(("大雨警報", "03", "解除")))
    assert said.warnings[0].change is Change.LIFTED
    assert said.top is Level.NONE


def test_own_texts_are_filled_from_the_telegram_and_unknown_placeholders_are_not_shown():
    said = read_telegram(earthquake("5+"))
    warning = match_warnings(said, ODAWARA)[0].warning
    own = {
        "ja": {"headline": "{{city}}: {{ warning }}{{nobody}}"},
        "zh": {"headline": "地震 {{city}}", "instruction": "请注意"},
    }
    contents = compose_contents(said, warning, warning.areas, Place("小田原市", "Odawara City"), own=own)
    assert contents["ja"]["headline"] == "小田原市: 震度５強"
    assert contents["zh"]["headline"] == "地震 Odawara City"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"hello",
        b"<a>",
        b"<Report/>",
        b'<Report xmlns="http://xml.kishou.go.jp/jmaxml1/"/>',
        earthquake().replace(b"jmaxml1/body/seismology1", b"jmaxml1/body/martian"),
        earthquake().replace("通常".encode(), "平常".encode()),
        earthquake().replace("<InfoType>発表".encode(), "<InfoType>謎".encode()),
        earthquake(reported="yesterday"),
        earthquake(reported="2026-11-20T11:55:00"),
        earthquake(reported="9999-12-31T23:59:59+09:00"),
        earthquake(reported=""),
        earthquake().replace(b"<Report ", b"<!DOCTYPE Report [<!ENTITY a 'b'>]><Report ", 1),
        earthquake().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        .replace("<Report ", "<!DOCTYPE Report [<!ENTITY a 'b'>]><Report ", 1).encode("utf-16"),
        b"<a>" * 100 + b"</a>" * 100,
        b'<?xml version="1.0" encoding="martian"?><a/>',
        b"x" * 5_000_000,
    ],
)  # fmt: skip
def test_what_is_no_telegram_is_refused_in_words(data):
    with pytest.raises(TelegramError, match=r"[ぁ-ん]"):
        read_telegram(data)


def test_an_entity_bomb_is_refused_before_it_goes_off():
    bomb = b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(20)
    )
    with pytest.raises(TelegramError):
        read_telegram(b'<?xml version="1.0"?>' + bomb + b"]><Report>&u;</Report>")


def test_a_telegram_of_a_kind_nobody_knows_is_read_by_its_structure():
    information = """<Information type="新しい警報（市町村等）"><Item><Kind><Name>大雪特別警報</Name><Code>36</Code></Kind>
<Areas codeType="気象・地震・火山情報／市町村等"><Area><Name>小田原市</Name><Code>1420600</Code></Area></Areas></Item></Information>"""
    said = read_telegram(telegram(title="これから出来る警報", information=information, family="meteorology"))
    (match,) = match_warnings(said, ODAWARA)
    assert (said.kind, match.warning.level, match.areas[0].layer) == ("", Level.EMERGENCY, Layer.CITY)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-3000, 3000))  # noqa: DTZ001
def test_a_telegram_is_in_time_only_within_its_limits(moment, minutes):
    now = moment.replace(tzinfo=UTC, microsecond=0)
    reported = now - timedelta(minutes=minutes)
    said = read_telegram(earthquake("5-", reported=reported.isoformat()))
    assert (refuse_time(said, now) is None) == (-10 <= minutes <= 180)


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(data):
    with pytest.raises(TelegramError):
        read_telegram(data)


@given(st.integers(0, len(earthquake()) - 1), st.integers(0, 255))
def test_a_damaged_byte_never_does_worse_than_a_refusal(place, byte):
    data = bytearray(earthquake())
    data[place] = byte
    with suppress(TelegramError):
        assert read_telegram(bytes(data)).title
