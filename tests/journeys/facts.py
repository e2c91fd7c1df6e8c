"""What stands in the database of a city hall, read from outside to check what its pages say."""

from __future__ import annotations

import json
from typing import Any

from .city_hall import CityHall, wait_for

JOBS = "django_tasks_database_dbtaskresult"
"""The table of the worker's jobs."""
_ABOUT = """x.subject_type = 'procedures.application'
    AND x.subject_id = (SELECT CAST(id AS TEXT) FROM procedures_application WHERE number = ?)"""


def status_of(hall: CityHall, number: str) -> str:
    return str(hall.value("SELECT status FROM procedures_application WHERE number = ?", number))


def wait_for_status(hall: CityHall, number: str, status: str) -> None:
    wait_for(lambda: status_of(hall, number) == status, f"{number} is {status}")


def answers_of(hall: CityHall, number: str) -> dict[str, Any]:
    return dict(json.loads(hall.value("SELECT answers FROM procedures_application WHERE number = ?", number)))


def sealing(hall: CityHall) -> str:
    """Return how the job stands that makes the newest document."""
    where = "task_path LIKE '%produce_document' ORDER BY enqueued_at DESC LIMIT 1"
    return str(hall.value(f"SELECT status FROM {JOBS} WHERE {where}"))


def booked(hall: CityHall, number: str) -> list[tuple[Any, ...]]:
    """Return what the books say about the fee of an application: kind of entry, how often."""
    kinds = "SELECT j.kind, count(*) FROM ledger_journalentry j JOIN ledger_receivable x ON x.id = j.receivable_id"
    return hall.rows(f"{kinds} WHERE {_ABOUT} GROUP BY j.kind ORDER BY j.kind", number)


def documents(hall: CityHall, number: str) -> list[str]:
    """Return how every document of an application stands."""
    return [status for (status,) in hall.rows(f"SELECT x.status FROM records_issueddocument x WHERE {_ABOUT}", number)]


def refused(hall: CityHall, account: int) -> int:
    """Return how often an account was refused something."""
    return int(hall.value("SELECT count(*) FROM trust_event WHERE key LIKE '%.refused' AND actor_id = ?", account))


def own_name(hall: CityHall) -> str:
    return str(hall.value("SELECT name FROM trust_account WHERE login = 'shimin'"))


def printed_marks(hall: CityHall, number: str) -> tuple[str, str]:
    """Return what is printed on the document of an application: its number and the code that proves one holds it."""
    ((document, code),) = hall.rows(f"SELECT x.number, x.code FROM records_issueddocument x WHERE {_ABOUT}", number)
    return document, code
