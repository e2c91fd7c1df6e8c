from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes.exceptions import ScopeError
from django_tasks_db.models import DBTaskResult

from madoguchi.trust.api import PreparedDelete, PreparedQuery, acting_for, insert_row
from madoguchi.trust.models import Account, Event, JobSchedule, Unit

from .people import make_account, make_unit

pytestmark = pytest.mark.database

BY_CODE = PreparedQuery(Unit, lambda rows, name: rows.filter(name=name))
BY_LOGIN = PreparedQuery(Account, lambda rows, login, kind: rows.filter(login=login, kind=kind).defer("password"))
WITH_PARENT = PreparedQuery(Unit, lambda rows, name: rows.filter(name=name).select_related("parent").defer("kind"))
TAKEN = PreparedDelete(Unit, lambda rows, name: rows.filter(name=name))


def event(city, subject_id: str) -> Event:
    return Event(
        municipality=city,
        key="x",
        at=timezone.now(),
        digest="d",
        subject_type="x",
        subject_id=subject_id,
        data={"n": [1]},
    )


def test_a_prepared_query_answers_for_the_municipality_in_scope_alone(odawara, oyama):
    here = make_unit(name="same")
    with acting_for(oyama):
        there = make_unit(name="same")
    for city, unit in ((odawara, here), (oyama, there), (odawara, here)):
        with acting_for(city):
            assert BY_CODE.rows(name="same") == [unit]
            assert BY_CODE.first(name="other") is None


def test_a_model_that_is_owned_by_its_manager_alone_is_asked_of_the_city_in_scope(odawara, oyama):
    """An account is no ``OwnedModel``; a question made for the first city once forgot the sessions of every other."""
    here = make_account("kenji")
    with acting_for(oyama):
        there = make_account("kenji")
    for city, account in ((odawara, here), (oyama, there), (odawara, here)):
        with acting_for(city):
            assert BY_LOGIN.rows(login="kenji", kind=str(account.kind)) == [account]
    with acting_for(None), pytest.raises(ScopeError):
        BY_LOGIN.first(login="kenji", kind=str(here.kind))


def test_a_prepared_query_of_owned_rows_refuses_to_answer_without_a_scope(odawara):
    make_unit(name="one")
    BY_CODE.first(name="one")
    with acting_for(None), pytest.raises(ScopeError):
        BY_CODE.first(name="one")


def test_a_prepared_query_gives_what_the_query_set_gives(odawara):
    account = make_account("saki")
    found = BY_LOGIN.first(login="saki", kind=str(account.kind))
    assert found == account
    assert found.get_deferred_fields() == {"password"}
    plain = Account.objects.get(login="saki")
    names = [field.attname for field in Account._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(plain, name) for name in names]
    assert not found._state.adding
    assert BY_LOGIN.first(login="saki' OR '1'='1", kind=str(account.kind)) is None


def test_a_prepared_query_brings_what_was_joined(odawara):
    parent = make_unit(name="parent")
    make_unit(name="child", parent=parent)
    WITH_PARENT.first(name="child")
    with CaptureQueriesContext(connection) as asked:
        child = WITH_PARENT.first(name="child")
        assert child.parent == parent
        assert WITH_PARENT.first(name="parent").parent is None
    assert len([query for query in asked if query["sql"].startswith("SELECT") and "trust_unit" in query["sql"]]) == 2


def test_a_prepared_query_refuses_a_value_it_would_not_ask_with(odawara):
    forgetful = PreparedQuery(Unit, lambda rows, name: rows.all())
    with pytest.raises(ValueError, match="name"):
        forgetful.rows(name="one")
    changed = PreparedQuery(Unit, lambda rows, name: rows.filter(name=f"{name}x"))
    with pytest.raises(ValueError, match="name"):
        changed.rows(name="one")


def test_a_prepared_removal_takes_rows_of_the_municipality_in_scope_alone(odawara, oyama):
    make_unit(name="gone")
    with acting_for(oyama):
        kept = make_unit(name="gone")
    assert TAKEN.run(name="gone") == 1
    assert TAKEN.run(name="gone") == 0
    with acting_for(oyama):
        assert Unit.objects.get(name="gone") == kept


def test_a_row_written_is_the_row_that_save_writes(odawara):
    ours, theirs = event(odawara, "1"), event(odawara, "1")
    theirs.at = ours.at
    insert_row(ours)
    theirs.save(force_insert=True)
    assert theirs.pk == ours.pk + 1
    assert not ours._state.adding
    written = list(Event.objects.filter(pk__in=[ours.pk, theirs.pk]).values())
    assert {**written[0], "id": 0} == {**written[1], "id": 0}


def test_a_row_with_a_key_of_its_own_keeps_it_and_is_written_once(odawara):
    task = DBTaskResult(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default", run_after=timezone.now()
    )
    insert_row(task)
    assert DBTaskResult.objects.get(pk=task.pk).enqueued_at == task.enqueued_at
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_row(task)
    assert DBTaskResult.objects.count() == 1


def test_a_row_that_is_refused_leaves_nothing_of_its_transaction(odawara):
    JobSchedule.objects.create(key="twice", queued_at=timezone.now())
    with transaction.atomic():
        insert_row(event(odawara, "lost"))
        with pytest.raises(IntegrityError):
            insert_row(JobSchedule(key="twice", queued_at=timezone.now()))
    assert not Event.objects.filter(subject_id="lost").exists()
