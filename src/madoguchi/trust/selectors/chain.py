"""Walking the chains of a municipality: every changed, inserted or removed row, and every broken seal, by its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from madoguchi.kit import clock

from ..enums import Stream
from ..models import Municipality, Seal, SealedModel, SealHead, acting_for
from ..rules.digests import row_digest
from ..rules.findings import ERROR, WARNING, Finding
from ..rules.seals import GENESIS, PREFIX_BYTES, BrokenMembersError, IdSet, root_of, unpack_members
from .anchors import Anchor, read_anchor
from .commit_order import model_of, rows_behind

# A sealer that runs needs less than a second; what is open longer was held up, or the sealer does not run.
PATIENCE = timedelta(minutes=1)
CHUNK = 1000
NOBODY_KNOWS = "管理者と情報システム担当が、控えと照らして原因を確かめてください。"


def verify_chain(municipality: Municipality) -> list[Finding]:
    """
    Check every chain of a municipality and return what is wrong, nothing when all is well.

    Kinds: ``changed``, ``inserted``, ``removed`` (rows), ``seal_changed``, ``seal_removed``, ``tail_removed``,
    ``head_changed`` (seals) are errors; ``unsealed`` (the sealer is late) and ``anchor_unreadable`` are warnings.
    """
    with acting_for(municipality):
        return [finding for stream in Stream for finding in _Walk(municipality, stream).findings()]


class _Walk:
    """One pass over one chain."""

    def __init__(self, municipality: Municipality, stream: Stream) -> None:
        self.municipality, self.stream = municipality, stream
        self.model: type[SealedModel] = model_of(stream)
        self.subject = f"{municipality.key}/{stream}"
        self.noun = stream.label
        self.known = IdSet()
        self.is_gapless = True

    def findings(self) -> Iterator[Finding]:
        # The anchor is read first: the chain may grow meanwhile, never shrink.
        anchor, unreadable = self._anchor()
        head = SealHead.objects.filter(stream=self.stream).first() or SealHead(stream=self.stream)
        yield from unreadable
        number, last_hash = 0, GENESIS
        anchored = anchor is None
        for seal in Seal.objects.filter(stream=self.stream).order_by("number").iterator(chunk_size=50):
            yield from self._check_link(seal, number, last_hash)
            yield from self._check_members(seal)
            number, last_hash = seal.number, seal.hash
            anchored = anchored or (anchor is not None and (seal.number, seal.hash) == (anchor.number, anchor.hash))
        yield from self._check_end(head, number, last_hash, anchor if not anchored else None)
        yield from self._check_unsealed(head)

    def _anchor(self) -> tuple[Anchor | None, list[Finding]]:
        try:
            return read_anchor(self.municipality, self.stream), []
        except ValueError as error:
            message = f"{self.noun}の封印の控えファイルが読めません（{error}）。"
            return None, [self._finding("anchor_unreadable", message, severity=WARNING)]

    def _check_link(self, seal: Seal, number: int, last_hash: str) -> Iterator[Finding]:
        if seal.number != number + 1:
            self.is_gapless = False
            gone = f"{number + 1}" if seal.number == number + 2 else f"{number + 1}〜{seal.number - 1}"
            yield self._finding("seal_removed", f"{self.noun}の封印 {gone} 番がありません。{NOBODY_KNOWS}", row=gone)
        elif seal.previous != last_hash:
            message = f"{self.noun}の封印 {seal.number} 番が、前の封印とつながりません。{NOBODY_KNOWS}"
            yield self._finding("seal_changed", message, row=seal.number)
        if seal.hash != seal.expected_hash():
            message = f"{self.noun}の封印 {seal.number} 番が書き換えられています。{NOBODY_KNOWS}"
            yield self._finding("seal_changed", message, row=seal.number)

    def _check_members(self, seal: Seal) -> Iterator[Finding]:
        try:
            members = unpack_members(bytes(seal.members), seal.count)
        except BrokenMembersError:
            message = f"{self.noun}の封印 {seal.number} 番の行の一覧が壊れています。{NOBODY_KNOWS}"
            yield self._finding("seal_changed", message, row=seal.number)
            return
        digests, named = self._digests([row_id for row_id, _ in members]), False
        for row_id, prefix in members:
            finding = self._judge(row_id, prefix, digests.get(row_id))
            named = named or finding is not None
            if finding is not None:
                yield finding
            if not self.known.add(row_id):
                message = f"{self.noun} {row_id} 番が二度封印されています。{NOBODY_KNOWS}"
                yield self._finding("seal_changed", message, row=seal.number)
        if not named and root_of((row_id, digests[row_id] or "") for row_id, _ in members) != seal.root:
            message = f"{self.noun}の封印 {seal.number} 番の中身が、封印したときと違います。{NOBODY_KNOWS}"
            yield self._finding("changed", message, row=seal.number)

    def _judge(self, row_id: int, prefix: bytes, digest: str | None) -> Finding | None:
        if digest is None:
            return self._finding("removed", f"{self.noun} {row_id} 番が削除されています。{NOBODY_KNOWS}", row=row_id)
        if digest[: 2 * PREFIX_BYTES] != prefix.hex():
            message = f"{self.noun} {row_id} 番が、書かれたあとで変更されています。{NOBODY_KNOWS}"
            return self._finding("changed", message, row=row_id)
        return None

    def _digests(self, row_ids: list[int]) -> dict[int, str | None]:
        """Return the digest each row should have by its content now; empty text where the content contradicts it."""
        found: dict[int, str | None] = {}
        for start in range(0, len(row_ids), CHUNK):
            for row in self._rows(row_ids[start : start + CHUNK]):
                found[row.pk] = _true_digest(row)
        return found

    def _rows(self, row_ids: list[int]) -> list[SealedModel]:
        try:
            return list(self.model.objects.filter(pk__in=row_ids))
        except (ValueError, TypeError, ArithmeticError):
            # One of them holds a value no service could have written; the others are still read.
            return [row for row_id in row_ids for row in self._row_or_ruin(row_id)]

    def _row_or_ruin(self, row_id: int) -> list[SealedModel]:
        try:
            return list(self.model.objects.filter(pk=row_id))
        except (ValueError, TypeError, ArithmeticError):
            ruin = self.model(municipality=self.municipality)
            ruin.pk = row_id
            return [ruin]

    def _check_end(self, head: SealHead, number: int, last_hash: str, missed: Anchor | None) -> Iterator[Finding]:
        if number < head.number:
            yield self._tail_removed(number, head.number)
        elif number == head.number and last_hash != head.hash:
            message = f"{self.noun}の封印の先頭が、最後の封印（{number} 番）と合いません。{NOBODY_KNOWS}"
            yield self._finding("head_changed", message, row=number)
        elif number > head.number and number > self._head_now(head).number:
            message = (
                f"{self.noun}の封印 {head.number + 1} 番以降は、封印の仕組みが付けたものではありません。{NOBODY_KNOWS}"
            )
            yield self._finding("seal_changed", message, row=number)
        if missed is not None and missed.number > max(number, head.number):
            yield self._tail_removed(number, missed.number)
        elif missed is not None and missed.number <= number:
            message = f"{self.noun}の封印 {missed.number} 番が、控えファイルに残る封印と違います。{NOBODY_KNOWS}"
            yield self._finding("seal_changed", message, row=missed.number)

    def _tail_removed(self, number: int, expected: int) -> Finding:
        self.is_gapless = False
        message = f"{self.noun}の封印の末尾（{number + 1}〜{expected} 番）が失われています。{NOBODY_KNOWS}"
        return self._finding("tail_removed", message, row=f"{number + 1}〜{expected}")

    def _check_unsealed(self, head: SealHead) -> Iterator[Finding]:
        open_since, is_moving = clock.now() - PATIENCE, self._head_now(head).number != head.number
        waiting = []
        for row_id, is_behind in self._unsealed(head):
            if is_behind:
                yield self._inserted(row_id)
            elif not is_moving:
                waiting.append(row_id)
        late = self.model.objects.filter(pk__in=waiting[:CHUNK], at__lt=open_since).order_by("pk")
        if first := late.first():
            message = f"{self.noun}が {len(waiting)} 件、封印されないままです（{first.pk} 番から）。ワーカーを動かしてください。"
            yield self._finding("unsealed", message, row=first.pk, severity=WARNING)

    def _inserted(self, row_id: int) -> Finding:
        if self.is_gapless:
            message = f"{self.noun} {row_id} 番は、封印のあとから差し込まれています。{NOBODY_KNOWS}"
            return self._finding("inserted", message, row=row_id)
        message = f"{self.noun} {row_id} 番を含む封印が見当たりません。{NOBODY_KNOWS}"
        return self._finding("inserted", message, row=row_id)

    def _unsealed(self, head: SealHead) -> Iterator[tuple[int, bool]]:
        sql = f'SELECT id, {rows_behind(self.stream, head)} FROM "{self.model._meta.db_table}" WHERE municipality_id = %s ORDER BY id'
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.municipality.pk])
            while rows := cursor.fetchmany(CHUNK):
                yield from ((row[0], bool(row[1])) for row in rows if row[0] not in self.known)

    def _head_now(self, head: SealHead) -> SealHead:
        return SealHead.objects.filter(stream=self.stream).first() or head

    def _finding(self, kind: str, message: str, *, row: int | str = "", severity: str = ERROR) -> Finding:
        return Finding(severity, self.subject, kind, message, str(row))


def _true_digest(row: SealedModel) -> str:
    """Return the row's digest when it fits its content, else a text that fits no seal."""
    try:
        digest = row_digest(row.as_sealed())
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        return ""
    return digest if digest == row.digest else ""


def chains_of(municipalities: list[Municipality]) -> list[Finding]:
    """Check the chains of several municipalities."""
    return [finding for municipality in municipalities for finding in verify_chain(municipality)]
