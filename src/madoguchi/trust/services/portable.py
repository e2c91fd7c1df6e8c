"""
The database as JSON lines, one file a table: a form that every supported database reads and writes.

The first line of a file names the model and its columns, each further line is one row. So a backup of SQLite can be put
back into PostgreSQL and the other way round.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import sql
from django.utils.duration import duration_string

from ..models import Municipality, OwnedManager, acting_for

# Signs of life and sessions mean nothing in another installation; everybody signs in again after a restore.
LEFT_OUT = {"sessions.session", "trust.workerheartbeat", "usersessions.usersession"}
BATCH = 500


def portable_models() -> list[type[models.Model]]:
    """Return the models whose rows make up the installation; municipalities come first, because rows belong to them."""
    every = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]
    kept = [model for model in every if model._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: (model is not Municipality, model._meta.label_lower))


def applied_migrations() -> dict[str, list[str]]:
    """Return the names of the applied migrations by application."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return found


@contextmanager
def snapshot() -> Iterator[None]:
    """See one state of the database inside the block, without keeping anybody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]


def is_owned(model: type[models.Model]) -> bool:
    """Tell whether the rows of a model belong to a municipality."""
    return isinstance(model._default_manager, OwnedManager)


def table_lines(model: type[models.Model]) -> Iterator[str]:
    """Return the lines of a table's file, without line ends."""
    columns = [field.attname for field in model._meta.concrete_fields]
    yield json.dumps({"model": model._meta.label_lower, "columns": columns})
    for row in _rows(model, columns):
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False)


def _rows(model: type[models.Model], columns: list[str]) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.order_by("pk").values_list(*columns)
    if not is_owned(model):
        yield from rows.iterator(chunk_size=BATCH)
        return
    for municipality in Municipality.objects.order_by("pk"):
        with acting_for(municipality):
            yield from rows.filter(municipality=municipality).iterator(chunk_size=BATCH)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def load_table(*, model: type[models.Model], lines: Iterable[str]) -> int:
    """Write the rows of a table's file as they were, every column given; return their number. Raises ``ValueError``."""
    rest = iter(lines)
    head = json.loads(next(rest))
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if head["model"] != model._meta.label_lower or set(head["columns"]) != set(fields):
        raise ValueError(f"{model._meta.label_lower}: the columns do not fit")
    ordered = [fields[name] for name in head["columns"]]
    rows = (_object(model, ordered, json.loads(line)) for line in rest)
    count = highest = 0
    for _, of_one in groupby(rows, key=lambda row: row.municipality_id if is_owned(model) else None):
        while batch := list(islice(of_one, BATCH)):
            _insert(model, ordered, batch)
            count += len(batch)
            highest = max([highest, *(row.pk for row in batch if isinstance(row.pk, int))])
    _follow_row_numbers(model, highest)
    return count


def _object(model: type[models.Model], fields: list[Any], values: list[Any]) -> Any:
    made = model()
    for field, value in zip(fields, values, strict=True):
        is_json_null = value is None and isinstance(field, models.JSONField) and not field.null
        setattr(made, field.attname, models.Value(None, field) if is_json_null else field.to_python(value))
    return made


def _insert(model: type[models.Model], fields: list[Any], batch: list[Any]) -> None:
    if is_owned(model):
        with acting_for(Municipality.objects.get(pk=batch[0].municipality_id)):
            _insert_raw(model, fields, batch)
    else:
        _insert_raw(model, fields, batch)


def _insert_raw(model: type[models.Model], fields: list[Any], batch: list[Any]) -> None:
    # Raw: columns such as auto_now_add keep what they held, as when fixtures are loaded.
    size = connection.ops.bulk_batch_size(fields, batch) or len(batch)
    for start in range(0, len(batch), size):
        query = sql.InsertQuery(model)
        query.insert_values(fields, batch[start : start + size], raw=True)
        query.get_compiler(connection=connection).execute_sql()


def empty_tables() -> None:
    """Remove every row of the installation; on PostgreSQL only the owner of the tables can."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    wanted = [connection.ops.quote_name(table) for table in sorted(tables) if table != "django_migrations"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(wanted)}")
            return
        for table in wanted:
            cursor.execute(f"DELETE FROM {table}")


def _follow_row_numbers(model: type[models.Model], highest: int) -> None:
    """
    Let the next row number of a table follow the highest one loaded.

    SQLite does so by itself. On PostgreSQL the table cannot be asked: outside a scope row level security hides its rows.
    """
    if connection.vendor != "postgresql" or highest < 1 or not isinstance(model._meta.pk, models.AutoField):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
            [connection.ops.quote_name(model._meta.db_table), model._meta.pk.column, highest],
        )
