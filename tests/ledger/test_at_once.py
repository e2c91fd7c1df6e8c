"""Many at the same moment: threads with connections of their own, and a process that dies in between."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from madoguchi.ledger.errors import LedgerError
from madoguchi.ledger.models import JournalEntry, PaymentSession, ProviderReport, Receivable
from madoguchi.ledger.services import start_payment, take_cash
from madoguchi.trust.api import acting_for, enqueue
from tests.ledger.books import balances
from tests.ledger.provider import hand_over

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
AT_ONCE = 16


@contextmanager
def within_reach_of_threads(folder: Path) -> Iterator[None]:
    """A database every thread opens for itself; SQLite's in memory is lent to them as a file and taken back."""
    if connection.vendor == "postgresql":
        yield
        return
    path, memory = folder / "lent.sqlite3", connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = memory
        with closing(sqlite3.connect(path)) as file:
            file.backup(connection.connection)


@pytest.fixture
def together(city, tmp_path):
    def act(deed: Callable[[], object]) -> list[object]:
        with within_reach_of_threads(tmp_path):
            return _together(city, deed)

    return act


def _together(city, deed: Callable[[], object]) -> list[object]:
    """Let sixteen threads do a thing at the same moment; returns what they got, errors of the ledger included."""
    gate = Barrier(AT_ONCE)

    def one(_number: int) -> object:
        try:
            with acting_for(city):
                gate.wait(timeout=30)
                return deed()
        except LedgerError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_sixteen_cashiers_take_the_money_once(together, owe, cashier):
    receivable = owe(300)
    results = together(lambda: take_cash(receivable=receivable, actor=cashier))
    assert len([one for one in results if isinstance(one, Receivable)]) == 1
    assert balances() == {"cash": 300, "fees": -300}


def test_sixteen_tabs_come_to_one_page(together, owe, provider, postbox):
    receivable = owe(300)
    results = together(
        lambda: start_payment(receivable=receivable, provider="simulator", origin=postbox.address, language="ja"),
    )
    assert len({one.redirect_url for one in results if isinstance(one, PaymentSession)}) == 1
    assert not [one for one in results if isinstance(one, LedgerError)]
    assert PaymentSession.objects.count() == 1


def test_one_report_delivered_sixteen_times_at_once_is_one_payment(together, owe, begin, desk_of_provider, postbox):
    session = begin(owe(300))
    desk_of_provider.pay(session.provider_session_id)
    letter = postbox.take(2)[1]
    answers = together(lambda: hand_over(letter).status_code)
    assert set(answers) == {200}
    assert ProviderReport.objects.filter(source="webhook").count() == 1
    assert JournalEntry.objects.filter(kind="captured").count() == 1
    assert balances() == {"clearing:simulator": 300, "fees": -300}


class TestDeath:
    def test_what_the_subject_queued_dies_with_the_transaction_and_comes_with_the_next_delivery(
        self, city, owe, begin, desk_of_provider, postbox, listener
    ):
        """The worker is killed between the payment and the reaction: the provider delivers again, and both happen, once."""
        session = begin(owe(300))
        desk_of_provider.pay(session.provider_session_id)
        letter = postbox.take(2)[1]
        told = listener.changed

        def queue(receivable):
            told(receivable)
            if receivable.status == "paid":
                enqueue("trust.tasks.sweep_files")

        class KilledError(BaseException):
            """What a dying process leaves behind: nothing."""

        object.__setattr__(_subject(), "changed", queue)

        @transaction.atomic
        def die_after(letter) -> None:
            hand_over(letter)
            raise KilledError

        with pytest.raises(KilledError):
            die_after(letter)
        assert (Receivable.objects.get().status, _queued()) == ("pending", 0)
        hand_over(letter)
        hand_over(letter)
        assert (Receivable.objects.get().status, _queued()) == ("paid", 1)

    def test_a_process_killed_before_its_commit_leaves_nothing(self, city, owe, cashier, tmp_path):
        receivable = owe(300)
        with within_reach_of_threads(tmp_path):
            environment = {**os.environ, "MADOGUCHI_DATABASE_URL": _address_for_children()}
            ended = subprocess.run([sys.executable, "-c", _TAKE_CASH_AND_DIE], env=environment)
        assert ended.returncode == -signal.SIGKILL
        receivable.refresh_from_db()
        assert (receivable.status, balances()) == ("open", {"receivable": 300, "fees": -300})


_TAKE_CASH_AND_DIE = """
import django, os, signal
django.setup()
from django.db import transaction
from madoguchi.ledger.models import Receivable
from madoguchi.ledger.services import take_cash
from madoguchi.trust.api import Account, Municipality, acting_for
with acting_for(Municipality.objects.get()), transaction.atomic():
    paid = take_cash(receivable=Receivable.objects.get(), actor=Account.objects.get(login="cashier"))
    assert paid.status == "paid"
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _address_for_children() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        return os.environ["MADOGUCHI_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    return f"sqlite:///{name}"


def _subject():
    from madoguchi.ledger.registry import receivable_subjects

    return receivable_subjects.get("trust.unit")


def _queued() -> int:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.filter(task_path="madoguchi.trust.tasks.sweep_files").count()
