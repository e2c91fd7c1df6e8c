from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.ledger.enums import EntryKind
from madoguchi.ledger.errors import UnbalancedError
from madoguchi.ledger.models import BookAccount, EntryLine, JournalEntry
from madoguchi.ledger.rules import chart, postings, years
from madoguchi.ledger.services.books import ensure_chart, post_entry
from madoguchi.trust.models.protection.append_only import protection_lifted
from madoguchi.trust.services import portable
from tests.roles import as_owner

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def post(key: str = "k", lines=None, **changes):
    return post_entry(kind=EntryKind.RAISED, key=key, lines=lines or postings.raised(300), fiscal_year=2026, **changes)


@transaction.atomic
def write_past_the_service(city, lines) -> None:
    account, day = BookAccount.objects.get(key=chart.CASH), date(2026, 11, 20)
    for amount, year in lines:
        EntryLine.objects.create(
            municipality=city, entry_id="X", account=account, amount=amount, fiscal_year=year, booked_on=day
        )
    JournalEntry.objects.create(
        id="X", municipality=city, key="x", kind="cash", fiscal_year=2026, booked_on=day, at=clock.now()
    )


class TestDatabase:
    def test_an_entry_is_written_with_its_lines(self, city):
        entry = post()
        assert [(line.account.key, line.amount) for line in entry.lines.all()] == [("receivable", 300), ("fees", -300)]

    def test_the_same_key_is_booked_once(self, city):
        assert post() == post()
        assert JournalEntry.objects.count() == 1

    @pytest.mark.parametrize(
        "lines", [[(300, 2026), (-299, 2026)], [(300, 2026)], [], [(5, 2026), (-5, 2025)]], ids=str
    )
    def test_an_entry_that_does_not_balance_in_its_year_is_refused_by_the_database_itself(self, city, lines):
        ensure_chart()
        with pytest.raises(DatabaseError):
            write_past_the_service(city, lines)
        assert not JournalEntry.objects.exists()
        assert not EntryLine.objects.exists()

    def test_a_closed_entry_takes_no_further_line(self, city):
        entry = post()
        line = entry.lines.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            EntryLine.objects.create(
                municipality=city,
                entry=entry,
                account=line.account,
                amount=5,
                fiscal_year=2026,
                booked_on=entry.booked_on,
            )
        assert entry.lines.count() == 2

    @pytest.mark.parametrize("statement", ["UPDATE ledger_entryline SET amount = 1", "DELETE FROM ledger_journalentry"])
    def test_what_is_booked_is_neither_changed_nor_removed(self, city, statement):
        post()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert EntryLine.objects.filter(amount=300).exists()

    def test_every_municipality_has_its_own_books(self, city, oyama):
        from madoguchi.trust.api import acting_for

        post()
        with acting_for(oyama):
            post()
            assert JournalEntry.objects.count() == 1
        assert JournalEntry.objects.count() == 1

    def test_each_provider_has_an_account_of_its_own(self, city):
        post("a", postings.captured(5, "hosted"))
        post("b", postings.captured(5, "other"))
        assert list(BookAccount.objects.filter(key__startswith="clearing").values_list("key", "code")) == [
            ("clearing:hosted", "1210"),
            ("clearing:other", "1211"),
        ]


class TestPostings:
    @given(st.integers(max_value=0) | st.booleans() | st.floats())
    def test_only_whole_positive_yen_are_moved(self, amount):
        with pytest.raises(UnbalancedError):
            postings.raised(amount)

    @given(st.integers(1, 10**9), st.integers(-(10**6), 10**6))
    def test_settlements_balance_whatever_the_fee(self, gross, fee):
        postings.require_balance(postings.settled(gross=gross, fee=fee, provider="p"))

    @given(st.integers(0, 10**6), st.integers(0, 10**6))
    def test_a_till_balances_whatever_was_counted(self, expected, counted):
        lines = postings.deposited(expected=expected, counted=counted)
        assert not lines if expected == counted == 0 else postings.require_balance(lines)

    @given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(-9, 9)), max_size=5))
    def test_what_does_not_add_up_is_not_booked(self, pairs):
        lines = [postings.Line(*pair) for pair in pairs]
        if len(lines) < 2 or sum(line.amount for line in lines) or any(not line.amount for line in lines):
            with pytest.raises(UnbalancedError):
                postings.require_balance(lines)
        else:
            assert postings.require_balance(lines) == tuple(lines)


@pytest.mark.parametrize(
    ("claim", "day", "booked"),
    [
        (2025, date(2026, 3, 31), 2025),
        (2025, date(2026, 5, 31), 2025),
        (2025, date(2026, 6, 1), 2026),
        (2024, date(2026, 4, 10), 2026),
        (2026, date(2026, 3, 20), 2026),
    ],
)
def test_money_of_the_closing_period_belongs_to_the_old_year_and_later_money_to_the_new_one(claim, day, booked):
    assert years.year_of_payment(claim, day) == booked


def test_the_civil_day_of_japan_is_booked(city):
    with clock.frozen(datetime(2026, 11, 19, 15, 30, tzinfo=clock.UTC)):
        assert post().booked_on == date(2026, 11, 20)


@pytest.mark.django_db(transaction=True)
def test_a_backup_puts_the_books_back_although_the_database_judges_every_entry(city):
    post("a")
    post("b", postings.captured(300, "hosted"))
    wanted = [model for model in portable.portable_models() if model in (EntryLine, JournalEntry)]
    kept = {model: list(portable.table_lines(model)) for model in wanted}
    tables = [model._meta.db_table for model in wanted]
    with as_owner(), protection_lifted(connection, *tables), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        for model in wanted:
            portable.load_table(model=model, lines=kept[model])
    assert (JournalEntry.objects.count(), EntryLine.objects.count()) == (2, 4)
