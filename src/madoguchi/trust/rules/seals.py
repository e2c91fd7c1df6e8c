"""
Seals: batches of row digests chained per municipality and stream.

A seal's hash covers its number, the hash before it, the moment, and for each row of the batch its number and its whole
digest, in the order of commit. Beside it stand the *members*: the row numbers and the first eight bytes of each digest,
so that a later check can name the row that was changed or removed. See docs/algorithms/event-seals.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from madoguchi.kit import hashing

GENESIS = hashing.GENESIS
PREFIX_BYTES = 8

Row = tuple[int, str]
"""Row number and digest (64 hexadecimal digits)."""


class BrokenMembersError(ValueError):
    """The members of a seal cannot be read: they were damaged or forged."""


@dataclass(frozen=True, slots=True)
class SealFacts:
    """What the hash of a seal covers beside its rows. ``at`` is ISO 8601 in UTC."""

    municipality: int
    stream: str
    number: int
    previous: str
    at: str


def root_of(rows: Iterable[Row]) -> str:
    """Return the SHA-256 over a line for each row, ``number in hex:digest``, in their order."""
    return hashlib.sha256("".join(f"{row_id:x}:{digest}\n" for row_id, digest in rows).encode()).hexdigest()


def seal_hash(facts: SealFacts, *, count: int, span: tuple[int, int], root: str, members: bytes) -> str:
    """Return the hash of a seal, which the next one carries as ``previous``; ``span`` is the smallest and largest row."""
    return hashing.digest(
        {
            "municipality": facts.municipality,
            "stream": facts.stream,
            "number": facts.number,
            "previous": facts.previous,
            "at": facts.at,
            "count": count,
            "span": list(span),
            "root": root,
            "members": hashing.digest_bytes(members),
        }
    )


def pack_members(rows: Sequence[Row]) -> bytes:
    """Return row numbers (differences, zigzag, 7 bits a byte) followed by the first bytes of the digests."""
    packed, before = bytearray(), 0
    for row_id, _ in rows:
        number = _zigzag(row_id - before)
        before = row_id
        # Nearly every difference is small; the sealer's time is taken from the writers'.
        if number < 0x80:
            packed.append(number)
        else:
            _append_varint(packed, number)
    return bytes(packed) + bytes.fromhex("".join([digest[: 2 * PREFIX_BYTES] for _, digest in rows]))


def unpack_members(packed: bytes, count: int) -> list[tuple[int, bytes]]:
    """Return (row number, first bytes of its digest) of each member; raise ``BrokenMembersError`` when damaged."""
    split = len(packed) - count * PREFIX_BYTES
    if split < 0:
        raise BrokenMembersError("too short")
    ids = list(_ids(packed[:split]))
    if len(ids) != count:
        raise BrokenMembersError("the count does not fit")
    return [
        (row_id, packed[start : start + PREFIX_BYTES])
        for row_id, start in zip(ids, range(split, len(packed), PREFIX_BYTES), strict=True)
    ]


def member_ids(packed: bytes, count: int) -> list[int]:
    """Return the row numbers of the members alone."""
    return [row_id for row_id, _ in unpack_members(packed, count)]


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _append_varint(target: bytearray, number: int) -> None:
    while number > 0x7F:
        target.append(number & 0x7F | 0x80)
        number >>= 7
    target.append(number)


def _ids(packed: bytes) -> Iterator[int]:
    row_id = number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            row_id += number // 2 if number % 2 == 0 else -(number + 1) // 2
            yield row_id
            number = shift = 0
    if shift:
        raise BrokenMembersError("cut off")


class IdSet:
    """A set of row numbers as bits, in blocks: ten million numbers in a row take little more than a megabyte."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Add a number; False when it was there already."""
        block = self._blocks.get(number >> 16)
        if block is None:
            block = self._blocks[number >> 16] = bytearray(8192)
        index, bit = (number & 0xFFFF) >> 3, 1 << (number & 7)
        if block[index] & bit:
            return False
        block[index] |= bit
        return True

    def __contains__(self, number: int) -> bool:
        block = self._blocks.get(number >> 16)
        return block is not None and bool(block[(number & 0xFFFF) >> 3] & 1 << (number & 7))
