"""Numbers and verification codes: mistakes are found, guessing is not worth it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.ids import SYMBOLS
from madoguchi.records.rules.codes import new_code, parse_code, parse_number

codes = st.builds(lambda _: new_code(), st.integers())


@given(codes)
def test_a_code_reads_back_however_it_is_typed(code: str) -> None:
    assert parse_code(code) == code
    assert parse_code(code.lower().replace("-", " ")) == code
    assert parse_code("".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "ー" for c in code)) == code


@given(codes, st.integers(0, 11), st.sampled_from(SYMBOLS))
def test_one_wrong_symbol_is_always_found(code: str, place: int, symbol: str) -> None:
    plain = code.replace("-", "")
    wrong = plain[:place] + symbol + plain[place + 1 :]
    assert (parse_code(wrong) is None) == (wrong != plain)


@given(codes, st.integers(0, 10))
def test_two_exchanged_symbols_are_always_found(code: str, place: int) -> None:
    plain = code.replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert (parse_code(wrong) is None) == (wrong != plain)


@given(st.text(max_size=200))
def test_any_text_is_a_code_or_none(text: str) -> None:
    found = parse_code(text)
    assert found is None or parse_code(found) == found
    assert parse_number(text) is None or parse_number(parse_number(text) or "") == parse_number(text)


def test_codes_do_not_repeat() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000
