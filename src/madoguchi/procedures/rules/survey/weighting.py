"""
Weights (ウエイト): making those who answered stand for those who were asked.

Post-stratification for one margin, raking (iterative proportional fitting, Deming and Stephan 1940) for several; the
design effect of unequal weights after Kish (1965) widens the margin of error.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

LIMIT = 5.0
"""No answer counts more than five times the average: one person must not speak for a whole group."""

ROUNDS = 200
CLOSE = 1e-9
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Weights:
    """
    One weight per answer, with mean 1 (so that weighted counts add up to the number of answers).

    ``trimmed`` says how many were cut at the limit, ``missing`` which groups of the population nobody answered for.
    """

    values: list[float]
    trimmed: int = 0
    missing: tuple[Hashable, ...] = ()


def post_stratify(groups: Sequence[Hashable | None], population: Mapping[Hashable, float]) -> Weights:
    """
    Return weights by which the answers have the population's shares; an answer without a known group keeps weight 1.

    ``groups`` gives the group of every answer. Raises ``ValueError`` for a population that is negative or empty.
    """
    return rake([groups], [population])


def rake(margins: Sequence[Sequence[Hashable | None]], populations: Sequence[Mapping[Hashable, float]]) -> Weights:
    """
    Return weights that fit several margins at once (age, sex, town …), each given by the groups of the answers.

    Groups nobody answered for are reported and left out of the target; raises ``ValueError`` for unequal lengths.
    """
    if len(margins) != len(populations) or len({len(groups) for groups in margins}) > 1:
        raise ValueError("one population per margin, one group per answer")
    size = len(margins[0]) if margins else 0
    values, missing = [1.0] * size, []
    targets = []
    for groups, population in zip(margins, populations, strict=True):
        target, absent = _target(groups, population)
        targets.append(target)
        missing += absent
    for _round in range(ROUNDS):
        shift = max((_fit(values, groups, target) for groups, target in zip(margins, targets, strict=True)), default=0)
        if shift < CLOSE:
            break
    return Weights(*_trimmed(values), missing=tuple(missing))


def _target(
    groups: Sequence[Hashable | None], population: Mapping[Hashable, float]
) -> tuple[dict[Hashable, float], list[Hashable]]:
    if not population or any(number < 0 for number in population.values()):
        raise ValueError("a population has numbers that are not negative")
    present = {group for group in groups if group in population}
    known = sum(1 for group in groups if group in population)
    total = sum(population[group] for group in present)
    if not total:
        return {}, [group for group, number in population.items() if number]
    target = {group: population[group] / total * known for group in present}
    return target, [group for group, number in population.items() if number and group not in present]


def _fit(values: list[float], groups: Sequence[Hashable | None], target: Mapping[Hashable, float]) -> float:
    sums: dict[Hashable, float] = {}
    for value, group in zip(values, groups, strict=True):
        if group in target:
            sums[group] = sums.get(group, 0.0) + value
    worst = 0.0
    for place, group in enumerate(groups):
        if group in target and sums[group] > 0:
            factor = target[group] / sums[group]
            values[place] *= factor
            worst = max(worst, abs(factor - 1))
    return worst


def _trimmed(values: list[float]) -> tuple[list[float], int]:
    if not values:
        return values, 0
    cut = [min(value, LIMIT) for value in values]
    mean = sum(cut) / len(cut)
    return [value / mean for value in cut] if mean else cut, sum(value > LIMIT for value in values)


def effective_size(weights: Sequence[float]) -> float:
    """Return the size of a simple random sample that would be as exact (Kish): (Σw)² / Σw²."""
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else 0.0


def margin_of_error(share: float, size: float, population: int | None = None) -> float | None:
    """
    Return the half width of the 95 % interval of a share (0 to 1), with the correction for a finite population.

    None where nothing can be said: fewer than two answers.
    """
    if size < 2 or not 0 <= share <= 1:
        return None
    variance = share * (1 - share) / size
    if population is not None and population > 1:
        variance *= max(0.0, (population - size) / (population - 1))
    return Z95 * math.sqrt(variance)
