import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import check_digits as cd
from tests.shared import shared_path


@pytest.mark.parametrize("code", ["142069", "092088", "142140", "141500", "142034", "131016", "011002"])
def test_municipality_codes_in_use_pass(code):
    assert cd.is_municipality_code(code)


@pytest.mark.parametrize("code", ["142068", "14206", "1420690", "１４２０６９", "480002", "000000", "", "14206x"])
def test_other_texts_are_no_municipality_codes(code):
    assert not cd.is_municipality_code(code)


@given(st.integers(1, 47), st.integers(0, 999))
def test_every_code_with_its_check_digit_passes_and_no_other_digit_does(prefecture, number):
    five = f"{prefecture:02}{number:03}"
    passing = [digit for digit in "0123456789" if cd.is_municipality_code(five + digit)]
    assert passing == [cd.municipality_check_digit(five)]


def test_a_lost_leading_zero_is_put_back_and_reported():
    repaired = cd.repair_municipality_code("92011")
    assert repaired.code == "092011"
    assert "92011 → 092011" in repaired.repair


def test_full_width_digits_are_narrowed_and_reported():
    assert cd.repair_municipality_code("１４２０６９") == cd.RepairedCode("142069", "全角の数字を半角にしました")


def test_a_right_code_is_left_alone():
    assert cd.repair_municipality_code(" 142069 ") == cd.RepairedCode("142069")


@pytest.mark.parametrize("text", ["92012", "142068", "小田原市", "", "2011"])
def test_what_the_check_digit_does_not_prove_is_not_repaired(text):
    assert cd.repair_municipality_code(text) is None


@pytest.mark.parametrize("number", ["4011001098993", "7123456789012", "8000012010038"])
def test_corporate_numbers_in_use_pass(number):
    assert cd.is_corporate_number(number)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_exactly_one_first_digit_makes_a_corporate_number(twelve):
    passing = [digit for digit in "0123456789" if cd.is_corporate_number(digit + twelve)]
    assert passing == [cd.corporate_check_digit(twelve)]
    assert passing != ["0"]


@pytest.mark.parametrize("text", ["5011001098993", "401100109899", "４０１１００１０９８９９３", ""])
def test_other_texts_are_no_corporate_numbers(text):
    assert not cd.is_corporate_number(text)


@pytest.mark.parametrize("wrong", ["1234", "12345a", "１２３４５"])
def test_check_digits_are_only_made_from_the_right_number_of_digits(wrong):
    with pytest.raises(ValueError, match="expected"):
        cd.municipality_check_digit(wrong)


@pytest.mark.parametrize(
    "text",
    ["123456789018", "１２３４５６７８９０１８", "番号は 1234-5678-9018 です", "1234 5678 9018", "1234　5678　9018"],
)
def test_a_text_with_an_individual_number_is_noticed(text):
    assert cd.looks_like_my_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "123456789012", "1234567890180", "0123456789018", "2026-11-20 09:30", "電話 0465-33-1111", "12345678901"],
)
def test_texts_without_an_individual_number_pass(text):
    assert not cd.looks_like_my_number(text)


def test_one_in_eleven_twelve_digit_numbers_would_be_asked_about():
    noticed = sum(cd.looks_like_my_number(f"{n:012}") for n in range(500_000_000_000, 500_000_011_000))
    assert 0.08 < noticed / 11_000 < 0.11


@pytest.mark.shared
def test_all_codes_of_the_municipalities_of_japan_pass():
    with shared_path("data", "codes", "localgovjp-utf8.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    codes = [row["lgcode"] for row in rows if row["lgcode"]]
    assert len(codes) > 1700
    assert [code for code in codes if not cd.is_municipality_code(code)] == []
    lost = [code for code in codes if code.startswith("0")]
    assert lost
    assert all(cd.repair_municipality_code(code[1:]).code == code for code in lost)
