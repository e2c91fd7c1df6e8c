"""
Drawing a sample (標本抽出) that anybody can draw again: a published seed, strata, and one hash per person.

Each person's place in the draw is the SHA-256 of seed and reference, so neither the order of the register nor the
computer matters, and nobody can be put in or left out without changing the seed (a keyed permutation; Cochran, Sampling
Techniques, ch. 5 for the allocation).
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Stratum = Hashable
Band = TypeVar("Band", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Allocation:
    """How many of a stratum's ``population`` are drawn."""

    population: int
    size: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawn sample: references in the order of the draw, and the allocation by stratum."""

    chosen: list[str]
    strata: dict[Stratum, Allocation]


def allocate(populations: Mapping[Band, int], size: int) -> dict[Band, int]:
    """
    Share a sample among strata in proportion to their populations, by largest remainders; never more than there are.

    Ties go to the stratum that comes first as text, so the result does not depend on the order given. Raises ``ValueError``
    for a negative size or population.
    """
    if size < 0 or any(number < 0 for number in populations.values()):
        raise ValueError("sizes and populations are not negative")
    total = sum(populations.values())
    wanted = min(size, total)
    if total == 0:
        return dict.fromkeys(populations, 0)
    shares = {name: number * wanted // total for name, number in populations.items()}
    rest = sorted(populations, key=lambda name: (-(populations[name] * wanted % total), str(name)))
    for name in rest[: wanted - sum(shares.values())]:
        shares[name] += 1
    return shares


def draw_sample(people: Iterable[tuple[str, Stratum]], *, size: int, seed: str) -> Draw:
    """
    Draw a sample from (reference, stratum) pairs; every reference counts once.

    Within a stratum the people with the smallest digests are taken: the same seed and register give the same sample, and a
    larger sample of the same seed contains the smaller one where the allocation grew. Raises ``ValueError`` without a seed.
    """
    if not seed:
        raise ValueError("a draw needs a seed that can be published")
    by_stratum: dict[Stratum, set[str]] = {}
    for reference, stratum in people:
        by_stratum.setdefault(stratum, set()).add(reference)
    shares = allocate({name: len(found) for name, found in by_stratum.items()}, size)
    chosen: list[tuple[bytes, str]] = []
    for name, found in by_stratum.items():
        ranked = sorted((rank(seed, reference), reference) for reference in found)
        chosen += ranked[: shares[name]]
    strata = {name: Allocation(len(found), shares[name]) for name, found in by_stratum.items()}
    return Draw([reference for _rank_of, reference in sorted(chosen)], strata)


def rank(seed: str, reference: str) -> bytes:
    """Return the place of a reference in the draw of a seed: 32 bytes that are compared."""
    return hashlib.sha256(f"{seed}\x00{reference}".encode()).digest()
