"""Rows of sealed tables in the order in which they were committed."""

from __future__ import annotations

from django.db import connection

from ..enums import Stream
from ..models import AccessRecord, Event, SealedModel, SealHead, municipality_in_scope

_MODELS: dict[Stream, type[SealedModel]] = {Stream.EVENTS: Event, Stream.ACCESSES: AccessRecord}

# The snapshot is taken first, the owners of its transactions are looked up after: a transaction keeps its database for life.
_FINAL_BEFORE = """
SELECT LEAST(
  (SELECT min(tx::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS tx WHERE NOT EXISTS (
     SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND transactionid = tx::xid
       AND datname <> current_database())),
  pg_current_xact_id_if_assigned()::text::bigint,
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
"""


Pending = tuple[int, str, int]
"""A row that is committed for good and not sealed yet: number, digest, and transaction (0 where none is stamped)."""


def model_of(stream: Stream) -> type[SealedModel]:
    """Return the model whose rows a stream chains."""
    return _MODELS[stream]


def table_of(stream: Stream) -> str:
    """Return the table whose rows a stream chains."""
    return model_of(stream)._meta.db_table


def final_before() -> int:
    """
    Return the transaction number below which no transaction can write into this database any more; 0 without such numbers.

    PostgreSQL counts transactions for the whole cluster, so those that run in its other databases are left out: a sibling's
    long job would hold our sealing up otherwise. One nobody can be found for any more, or prepared, counts as ours.
    """
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FINAL_BEFORE)
        return int(cursor.fetchone()[0])


def pending_rows(stream: Stream, head: SealHead, *, limit: int, below: int | None = None) -> list[Pending]:
    """
    Return rows of the municipality in scope that come after the head's position, in the order of commit.

    With ``below`` (``final_before``) only rows of transactions under it, which are final: none can slip in before them later.
    """
    if connection.vendor == "postgresql":
        final = "" if below is None else f" AND tx < '{int(below)}'::xid8"
        sql = (
            f'SELECT id, digest, tx::text::bigint FROM "{table_of(stream)}" WHERE municipality_id = %s AND id > %s '
            f"AND (tx, id) > (%s::text::xid8, %s){final} ORDER BY tx, id LIMIT %s"
        )
        values = [municipality_in_scope().pk, head.floor_id, str(head.position_tx), head.position_id, limit]
    else:
        sql = f'SELECT id, digest, 0 FROM "{table_of(stream)}" WHERE municipality_id = %s AND id > %s ORDER BY id LIMIT %s'
        values = [municipality_in_scope().pk, max(head.floor_id, head.position_id), limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Pending] = cursor.fetchall()
        return found


def rows_behind(stream: Stream, head: SealHead) -> str:
    """Return an SQL condition (without values of others) for rows at or before the head's position."""
    if connection.vendor == "postgresql":
        place = f"(tx, id) <= ('{int(head.position_tx)}'::xid8, {int(head.position_id)})"
        return f"(id <= {int(head.floor_id)} OR {place})"
    return f"id <= {max(int(head.floor_id), int(head.position_id))}"


def cluster_identity() -> str:
    """Return what tells one database cluster from another: transaction numbers mean something only within one."""
    if connection.vendor != "postgresql":
        return connection.vendor
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def is_ahead_of_cluster(head: SealHead) -> bool:
    """Tell whether the head's position lies in a future this cluster has not reached: it comes from another one."""
    if connection.vendor != "postgresql" or head.position_tx == 0:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return bool(cursor.fetchone()[0] <= head.position_tx)
