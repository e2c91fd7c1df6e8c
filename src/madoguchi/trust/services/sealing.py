"""
The sealer: chains the rows that were committed since the last seal, per municipality and stream.

It may be killed at any point: a seal and the place it leaves the head at are one transaction, taken only if nobody else
moved the head meanwhile. See docs/algorithms/event-seals.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction

from madoguchi.kit import clock

from ..enums import Stream
from ..models import Municipality, Seal, SealHead, acting_for, municipality_in_scope
from ..rules.seals import Row, SealFacts, pack_members, root_of, seal_hash
from ..selectors.commit_order import (
    Pending,
    cluster_identity,
    final_before,
    is_ahead_of_cluster,
    pending_rows,
    table_of,
)
from ..selectors.sealed import sealed_ids
from .anchors import write_anchor

logger = logging.getLogger(__name__)

INTERVAL = 0.4
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class _Batch:
    rows: Sequence[Row]
    position_tx: int
    position_id: int
    floor_id: int


class Sealer:
    """Seals what is pending, remembering the heads between rounds so that an idle round costs one query a stream."""

    def __init__(self) -> None:
        self._heads: dict[tuple[int, str], SealHead] = {}
        self._cluster = ""
        self._final_before = 0

    def run_once(self) -> int:
        """Seal everything that is final now, in every municipality; return the number of rows sealed."""
        self._cluster = self._cluster or cluster_identity()
        self._final_before = final_before()
        sealed = 0
        for municipality in Municipality.objects.order_by("pk"):
            with acting_for(municipality):
                sealed += sum(self._seal_stream(stream) for stream in Stream)
        return sealed

    def _seal_stream(self, stream: Stream) -> int:
        sealed = 0
        while (count := self._seal_batch(stream)) > 0:
            sealed += count
            if count < BATCH:
                break
        return sealed

    def _seal_batch(self, stream: Stream) -> int:
        head = self._head(stream)
        pending = pending_rows(stream, head, limit=BATCH, below=self._final_before)
        if not pending:
            return 0
        try:
            self._heads[self._key(stream)] = _add_seal(head, _batch_of(pending, head))
        except _HeadMovedError:
            self._forget(stream)
            return 0
        return len(pending)

    def _head(self, stream: Stream) -> SealHead:
        key = self._key(stream)
        if key not in self._heads:
            municipality = municipality_in_scope()
            head, _ = SealHead.objects.get_or_create(
                municipality=municipality, stream=stream, defaults={"cluster": self._cluster}
            )
            if head.cluster != self._cluster or is_ahead_of_cluster(head):
                reset_position(stream=stream, cluster=self._cluster)
                head.refresh_from_db()
            self._heads[key] = head
        return self._heads[key]

    def _forget(self, stream: Stream) -> None:
        self._heads.pop(self._key(stream), None)

    @staticmethod
    def _key(stream: Stream) -> tuple[int, str]:
        return municipality_in_scope().pk, stream


class _HeadMovedError(Exception):
    """Another sealer was faster; nothing was written."""


def run_sealer(stop: threading.Event, *, interval: float = INTERVAL) -> None:
    """Seal until ``stop`` is set, every ``interval`` seconds; a database that is away is waited for."""
    sealer = Sealer()
    while not stop.wait(interval):
        try:
            sealer.run_once()
        except DatabaseError:
            logger.exception("sealing failed; trying again")
            sealer = Sealer()
            stop.wait(2.0)
        close_old_connections()


def seal_everything(*, patience: float = 5.0) -> int:
    """
    Seal all that is committed now; return the number of rows.

    On PostgreSQL a transaction that is still writing holds later rows back: it is waited for ``patience`` seconds.
    """
    sealer, sealed, deadline = Sealer(), 0, time.monotonic() + patience
    while True:
        count = sealer.run_once()
        sealed += count
        if count == 0 and (not _anything_pending() or time.monotonic() > deadline):
            return sealed
        if count == 0:
            time.sleep(0.02)


def _anything_pending() -> bool:
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            for head in SealHead.objects.all():
                if pending_rows(Stream(head.stream), head, limit=1):
                    return True
    return False


def _batch_of(pending: Sequence[Pending], head: SealHead) -> _Batch:
    last_id, _, last_tx = pending[-1]
    return _Batch([(row_id, digest) for row_id, digest, _ in pending], last_tx, last_id, head.floor_id)


def _add_seal(head: SealHead, batch: _Batch, *, cluster: str = "") -> SealHead:
    """Write the seal and move the head in one transaction; return the new head."""
    seal = _seal_of(head, batch.rows)
    moved = SealHead(
        pk=head.pk,
        municipality_id=head.municipality_id,
        stream=head.stream,
        number=seal.number,
        hash=seal.hash,
        position_tx=batch.position_tx,
        position_id=batch.position_id,
        floor_id=batch.floor_id,
        cluster=cluster or head.cluster,
    )
    try:
        with transaction.atomic():
            _move_head(head, moved)
            seal.save(force_insert=True)
    except IntegrityError as error:
        raise _HeadMovedError from error
    write_anchor(municipality=municipality_in_scope(), stream=Stream(head.stream), number=seal.number, hash=seal.hash)
    return moved


def _move_head(head: SealHead, moved: SealHead) -> None:
    fields = ("number", "hash", "position_tx", "position_id", "floor_id", "cluster")
    unchanged = SealHead.objects.filter(pk=head.pk, **{name: getattr(head, name) for name in fields})
    if unchanged.update(**{name: getattr(moved, name) for name in fields}) != 1:
        raise _HeadMovedError


def _seal_of(head: SealHead, rows: Sequence[Row]) -> Seal:
    at = clock.now()
    facts = SealFacts(
        municipality=head.municipality_id,
        stream=str(head.stream),
        number=head.number + 1,
        previous=head.hash,
        at=at.astimezone(UTC).isoformat(timespec="microseconds"),
    )
    root, members = root_of(rows), pack_members(rows)
    row_ids = [row_id for row_id, _ in rows]
    span = (min(row_ids), max(row_ids))
    return Seal(
        municipality_id=head.municipality_id,
        stream=head.stream,
        number=facts.number,
        at=at,
        previous=head.hash,
        hash=seal_hash(facts, count=len(rows), span=span, root=root, members=members),
        root=root,
        count=len(rows),
        first_id=span[0],
        last_id=span[1],
        members=members,
    )


@transaction.atomic
def reset_position(*, stream: Stream, cluster: str) -> None:
    """
    Find the place anew in the municipality in scope, after a restore into a cluster that counts transactions from elsewhere.

    Writers are held up for the moment; rows no seal holds yet are sealed, and the position starts above all present rows.
    """
    municipality, table = municipality_in_scope(), table_of(stream)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT madoguchi_pause_writers(%s::regclass)", [table])
    head, _ = SealHead.objects.get_or_create(municipality=municipality, stream=stream)
    rows = _all_rows(table)
    known = sealed_ids(stream)
    floor = max((row_id for row_id, _ in rows), default=0)
    left = [row for row in rows if row[0] not in known]
    for start in range(0, len(left), BATCH):
        head = _add_seal(head, _Batch(left[start : start + BATCH], 0, 0, floor), cluster=cluster)
    SealHead.objects.filter(pk=head.pk).update(position_tx=0, position_id=0, floor_id=floor, cluster=cluster)


def _all_rows(table: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, digest FROM "{table}" WHERE municipality_id = %s ORDER BY id', [municipality_in_scope().pk]
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
