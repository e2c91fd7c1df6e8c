from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.kit import clock, hashing
from madoguchi.kit.registry import DuplicateKeyError
from madoguchi.trust import events
from madoguchi.trust.api import record_event
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Event
from madoguchi.trust.rules import seals
from madoguchi.trust.rules.digests import exact_quantity, plain_data, row_digest

from .people import make_account, make_unit

DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@pytest.mark.database
@pytest.mark.django_db
class TestRecording:
    def test_an_event_says_what_happened_to_what_by_whom_and_when(self, odawara):
        actor, unit = make_account("sato"), make_unit("総務課")
        moment = datetime(2026, 11, 20, 9, 30, tzinfo=clock.TOKYO)
        with clock.frozen(moment):
            event = record_event(kind=events.UNIT_CHANGED, subject=unit, actor=actor, quantity=3, data={"a": 1})
        event.refresh_from_db()
        assert (event.key, event.at, event.actor) == ("trust.unit.changed", moment, actor)
        assert (event.subject_type, event.subject_id) == ("trust.unit", str(unit.pk))
        assert (event.quantity, event.data, event.municipality) == (3, {"a": 1}, odawara)

    def test_a_failed_request_takes_its_event_along(self, odawara):
        before = Event.objects.count()
        with transaction.atomic():
            record_event(kind=events.SIGNED_IN, subject=odawara)
            transaction.set_rollback(True)
        assert Event.objects.count() == before

    @pytest.mark.parametrize(
        "data",
        [
            {"role": Role.AUDITOR, "day": date(2026, 4, 1), "yen": Decimal("1200.50"), "share": 0.1, "flag": True},
            {"10": 1, "9": {"z": [1, 2, {"y": None}], "a": "𠮷野家・渡邉󠄀"}},
            {"big": 2**70, "small": -0.0, "exponent": 1e22, "tiny": 1e-7},
        ],
    )
    @pytest.mark.parametrize("quantity", [None, 0, -5, Decimal("0.0001"), Decimal("12345678901.2345"), 99_999_999_999])
    def test_the_digest_fits_what_the_database_gives_back(self, odawara, data, quantity):
        written = record_event(kind=events.SIGNED_IN, subject=odawara, data=data, quantity=quantity)
        read = Event.objects.get(pk=written.pk)
        assert row_digest(read.as_sealed()) == read.digest == written.digest

    @pytest.mark.parametrize(
        "data",
        [{"x": object()}, {"x": {1, 2}}, {"x": float("nan")}, {"x": Decimal("Infinity")}, {"x": "a\x00"}, {"x": b""}],
    )
    def test_what_cannot_be_kept_exactly_is_refused(self, odawara, data):
        before = Event.objects.count()
        with pytest.raises((TypeError, ValueError)):
            record_event(kind=events.SIGNED_IN, subject=odawara, data=data)
        assert Event.objects.count() == before

    def test_a_quantity_of_too_many_digits_is_refused(self, odawara):
        with pytest.raises(ValueError, match="significant digits"):
            record_event(kind=events.SIGNED_IN, subject=odawara, quantity=Decimal("1234567890123.4567"))


def test_every_event_type_has_a_japanese_sentence():
    assert all(kind.label and kind.key.count(".") == 2 for kind in events.event_types)


def test_an_event_type_declared_twice_is_refused():
    with pytest.raises(DuplicateKeyError):
        events.declare(events.SIGNED_IN.key, "もう一度")


@given(DATA)
@example({"a": [1e22, -0.0, {"b": Decimal("1E+3")}]})
def test_plain_data_comes_back_from_json_as_it_went_in(data):
    plain = plain_data(data)
    assert json.loads(json.dumps(plain)) == plain
    assert plain_data(plain) == plain


@given(DATA, st.text(st.characters(exclude_categories=["Cs"])))
def test_the_digest_is_that_of_the_canonical_form(data, text):
    row = {"data": plain_data(data), "key": text, "actor": None, "n": 5}
    assert row_digest(row) == hashing.digest(row)


@pytest.mark.parametrize(("given_value", "kept"), [(None, None), (3, "3.0000"), (Decimal("1.00005"), "1.0000")])
def test_a_quantity_has_four_decimal_places(given_value, kept):
    assert exact_quantity(given_value) == (None if kept is None else Decimal(kept))


ROWS = st.lists(
    st.tuples(st.integers(-(2**62), 2**62), st.binary(min_size=32, max_size=32).map(bytes.hex)), max_size=40
)


@given(ROWS)
def test_members_are_unpacked_as_they_were_packed(rows):
    packed = seals.pack_members(rows)
    assert seals.unpack_members(packed, len(rows)) == [(row_id, bytes.fromhex(digest)[:8]) for row_id, digest in rows]
    assert seals.member_ids(packed, len(rows)) == [row_id for row_id, _ in rows]


@given(st.binary(max_size=60), st.integers(0, 8))
def test_damaged_members_are_recognised_or_read_but_never_break_the_check(packed, count):
    with contextlib.suppress(seals.BrokenMembersError):
        assert len(seals.unpack_members(packed, count)) == count


@given(ROWS.filter(lambda rows: len(rows) > 1), st.data())
def test_any_change_of_rows_or_their_order_changes_the_root(rows, data):
    index = data.draw(st.integers(0, len(rows) - 1))
    root = seals.root_of(rows)
    assert seals.root_of(rows[:index] + rows[index + 1 :]) != root
    assert seals.root_of([*rows[:index], (rows[index][0] + 1, rows[index][1]), *rows[index + 1 :]]) != root
    if rows[0] != rows[-1]:
        assert seals.root_of([rows[-1], *rows[1:-1], rows[0]]) != root


def test_every_part_of_a_seal_is_covered_by_its_hash():
    base = {"municipality": 1, "stream": "events", "number": 3, "previous": "0" * 64, "at": "2026-11-20T00:00:00+00:00"}
    rest = {"count": 2, "span": (1, 2), "root": "a" * 64, "members": b"x"}
    hashes = {seals.seal_hash(seals.SealFacts(**base), **rest)}
    for name, value in {"municipality": 2, "stream": "accesses", "number": 4, "previous": "1" * 64, "at": "x"}.items():
        hashes.add(seals.seal_hash(seals.SealFacts(**{**base, name: value}), **rest))
    for name, value in {"count": 3, "span": (1, 3), "root": "b" * 64, "members": b"y"}.items():
        hashes.add(seals.seal_hash(seals.SealFacts(**base), **{**rest, name: value}))
    assert len(hashes) == 10


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_a_set_of_row_numbers_holds_what_was_added(numbers):
    found = seals.IdSet()
    assert [found.add(number) for number in numbers] == [number not in numbers[:i] for i, number in enumerate(numbers)]
    assert all(number in found for number in numbers)
    assert 2**41 not in found


def test_moments_are_digested_in_utc():
    event = Event(at=datetime(2026, 11, 20, 9, tzinfo=clock.TOKYO), municipality_id=1, data={})
    same = Event(at=datetime(2026, 11, 20, 0, tzinfo=UTC), municipality_id=1, data={})
    assert event.as_sealed() == same.as_sealed()
