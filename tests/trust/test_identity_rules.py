"""What providers say, read exactly: names, days, sexes, addresses, and when two descriptions are of one person."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.trust.rules.identity import (
    address_key,
    differences,
    join_address,
    join_name,
    read_certificate_day,
    read_day,
    read_sex,
    split_address,
    split_name,
)

HERE = {"prefecture": "神奈川県", "city": "小田原市"}


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("神奈川県小田原市荻窪300番地", ("神奈川県", "小田原市", "荻窪", "300番地", "")),
        (
            "神奈川県小田原市本町一丁目2番3号 みどり荘101",
            ("神奈川県", "小田原市", "本町一丁目", "2番3号", "みどり荘101"),
        ),
        ("東京都千代田区霞が関2-1-2　中央合同庁舎", ("東京都", "千代田区", "霞が関", "2-1-2", "中央合同庁舎")),
        ("三重県四日市市諏訪町1-5", ("三重県", "四日市市", "諏訪町", "1-5", "")),
        ("千葉県市川市八幡1-1-1", ("千葉県", "市川市", "八幡", "1-1-1", "")),
        ("奈良県高市郡明日香村岡55", ("奈良県", "高市郡明日香村", "岡", "55", "")),
        ("神奈川県横浜市中区日本大通1", ("神奈川県", "横浜市中区", "日本大通", "1", "")),
        ("北海道札幌市中央区北1条西2丁目", ("北海道", "札幌市中央区", "北1条西2丁目", "", "")),
        ("北海道札幌市中央区北12条西12丁目3-4", ("北海道", "札幌市中央区", "北12条西12丁目", "3-4", "")),
        ("みどり町1-2-3", ("神奈川県", "小田原市", "みどり町", "1-2-3", "")),
        ("荻窪３００", ("神奈川県", "小田原市", "荻窪", "３００", "")),
    ],
)
def test_an_address_in_one_line_is_split_into_the_parts_of_a_form(line, parts):
    found = split_address(line, **HERE)
    assert (found["prefecture"], found["city"], found["town"], found["street"], found["building"]) == parts


@given(st.text(max_size=60))
def test_splitting_an_address_loses_nothing_but_spaces(text):
    parts = split_address(text)
    assert re.sub(r"\s", "", join_address(parts)) == re.sub(r"\s", "", text)


@given(st.text(max_size=60))
def test_splitting_a_name_loses_nothing_but_spaces(text):
    assert re.sub(r"\s", "", join_name(split_name(text))) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("荻窪300番地", "神奈川県小田原市荻窪３００"),
        ("本町一丁目2番3号", "本町1-2-3"),
        ("小田原市本町１丁目２番地の３", "本町1丁目2番3号"),
        ("みどり町1ー2ー3 見本荘101", "みどり町1-2-3　見本荘１０１"),
    ],
)
def test_two_writings_of_one_address_have_one_key(one, other):
    assert address_key(one, **HERE) == address_key(other, **HERE) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("みどり町1-23", "みどり町12-3"),
        ("みどり町1-2-3", "みどり町1-2-3 見本荘101"),
        ("荻窪300", "荻窪301"),
        ("神奈川県小田原市荻窪300", "神奈川県平塚市荻窪300"),
    ],
)
def test_two_addresses_have_two_keys(one, other):
    assert address_key(one, **HERE) != address_key(other, **HERE)


@given(st.dates(min_value=date(1868, 1, 1)))
def test_a_day_is_read_with_and_without_hyphens_and_behind_an_era_digit(day):
    assert read_day(f"{day:%Y%m%d}") == read_day(day.isoformat()) == day.isoformat()
    assert read_certificate_day(f"4{day:%Y%m%d}") == day.isoformat()


@pytest.mark.parametrize(
    "text", ["", "19990231", "00000000", "1999", "1999/01/02", "１９９９０１０２", "19990102\n0", "199901020"]
)
def test_what_is_no_day_is_none(text):
    assert read_day(text) is None


@pytest.mark.parametrize("text", ["419880000", "400000000", "19880402", "4198804021", "x19880402", "４19880402"])
def test_half_a_date_in_a_certificate_matches_nobody(text):
    assert read_certificate_day(text) is None


@pytest.mark.parametrize(("text", "sex"), [("1", "male"), ("2", "female"), ("0", None), ("9", None), ("男", None)])
def test_a_sex_is_read_from_its_digit_alone(text, sex):
    assert read_sex(text) == sex


AOI = {
    "person.name": split_name("渡邉 あおい"),
    "person.birth_date": "1988-04-02",
    "person.address": split_address("みどり町1-2-3", **HERE),
}


def test_one_person_written_in_two_ways_is_one_person():
    written = {
        "person.name": split_name("渡邊　あおい"),
        "person.birth_date": "1988-04-02",
        "person.address": split_address("神奈川県小田原市みどり町１丁目２番３号", **HERE),
    }
    assert differences(AOI, written, **HERE) == []


@pytest.mark.parametrize("key", list(AOI))
def test_what_one_side_lacks_differs(key):
    less = {name: value for name, value in AOI.items() if name != key}
    assert differences(AOI, less, **HERE) == differences(less, AOI, **HERE) == [key]
    assert differences(less, less, **HERE) == [key]
