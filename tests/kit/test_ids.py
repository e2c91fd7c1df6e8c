import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import ids

BODIES = st.text(alphabet=ids.SYMBOLS, min_size=7, max_size=7)


def test_new_ids_are_ulids_in_the_order_they_were_made():
    made = [ids.new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert all(map(ids.is_ulid, made))
    assert abs(ids.ulid_milliseconds(made[-1]) - time.time() * 1000) < 5000


def test_threads_never_make_the_same_id():
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: ids.new_id(), range(4000)))
    assert len(set(made)) == 4000


def test_ids_do_not_go_back_when_the_clock_does(monkeypatch):
    before = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert ids.new_id() > before


def test_a_forked_worker_makes_other_ids_than_its_parent():
    read, write = os.pipe()
    ids.new_id()
    child = os.fork()
    if child == 0:
        os.write(write, ids.new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert ids.new_id() != os.read(read, 26).decode()
    assert ids.new_id()[10:] != ids.new_id()[10:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01ARZ3NDEKTSV4RRFFQ69G5FA",
        "81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "01arz3ndektsv4rrffq69g5fav",
        "01ARZ3NDEKTSV4RRFFQ69G5FAI",
    ],
)
def test_other_texts_are_no_ulids(text):
    assert not ids.is_ulid(text)
    with pytest.raises(ValueError, match="not a ULID"):
        ids.ulid_milliseconds(text)


def test_the_symbols_are_nineteen_without_look_alikes():
    assert len(set(ids.SYMBOLS)) == 19
    assert not set(ids.SYMBOLS) & set("OILSBZQGDTPVCEANJ")


@given(BODIES, st.integers(0, 7), st.sampled_from(ids.SYMBOLS))
def test_every_wrong_character_is_found(body, place, wrong):
    number = body + ids.check_character(body)
    spoilt = number[:place] + wrong + number[place + 1 :]
    assert (ids.parse_case_number(spoilt) is not None) == (spoilt == number)


@given(BODIES, st.integers(0, 6))
def test_every_exchange_of_neighbours_is_found(body, place):
    number = body + ids.check_character(body)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (ids.parse_case_number(swapped) is not None) == (swapped == number)


@given(st.integers(2000, 2100), st.integers(1, 10**7))
def test_a_sequential_number_is_read_back_from_what_people_type(year, sequence):
    number = ids.case_number(year, sequence)
    assert ids.parse_case_number(number) == number
    assert ids.parse_case_number(number.replace("-", "").lower()) == number
    assert (
        ids.parse_case_number(f" {number.replace('-', 'ー')}　".translate({c: c + 0xFEE0 for c in range(48, 91)}))
        == number
    )


def test_random_numbers_have_their_layout_and_a_right_check_character():
    for _ in range(200):
        number = ids.new_case_number()
        assert len(number) == 9
        assert number[4] == "-"
        assert ids.parse_case_number(number) == number


def test_letters_are_read_as_the_digits_they_look_like():
    number = ids.case_number(2026, 10)
    assert ids.parse_case_number(number.replace("0", "O").replace("1", "I")) == number


@pytest.mark.parametrize("text", ["", "-", "4", "2026-00412", "あいうえお", "A" * 40, "1234567890123456789012"])
def test_other_texts_are_no_case_numbers(text):
    assert ids.parse_case_number(text) is None


@pytest.mark.parametrize(("year", "sequence"), [(26, 1), (2026, 0), (2026, 10**12)])
def test_a_number_outside_the_layout_is_refused(year, sequence):
    with pytest.raises(ValueError, match="four-digit year"):
        ids.case_number(year, sequence)
