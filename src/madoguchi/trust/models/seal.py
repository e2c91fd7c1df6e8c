"""Seals (封印) that chain batches of rows, and the head of each chain."""

from __future__ import annotations

from datetime import UTC

from django.db import models

from ..enums import Stream
from ..rules.seals import GENESIS, SealFacts, seal_hash
from .scoping import OwnedModel


class Seal(OwnedModel):
    """One link of a municipality's chain: the rows of a stream that were committed since the seal before."""

    stream = models.CharField("系列", max_length=10, choices=Stream)
    number = models.PositiveBigIntegerField("番号")
    at = models.DateTimeField("日時")
    previous = models.CharField("前の封印", max_length=64)
    hash = models.CharField("封印", max_length=64)
    root = models.CharField("行の要約", max_length=64)
    count = models.PositiveIntegerField("行数")
    first_id = models.BigIntegerField("最小の行番号")
    last_id = models.BigIntegerField("最大の行番号")
    members = models.BinaryField("行の一覧")

    class Meta:
        verbose_name = verbose_name_plural = "封印"
        ordering = ["stream", "number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "stream", "number"], name="seal_once_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"

    def expected_hash(self) -> str:
        """Return the hash the seal should have, from its own columns."""
        facts = SealFacts(
            municipality=self.municipality_id,
            stream=self.stream,
            number=self.number,
            previous=self.previous,
            at=self.at.astimezone(UTC).isoformat(timespec="microseconds"),
        )
        span = (self.first_id, self.last_id)
        return seal_hash(facts, count=self.count, span=span, root=self.root, members=bytes(self.members))


class SealHead(OwnedModel):
    """
    Where the sealer of a stream stands.

    ``number`` and ``hash`` repeat the newest seal, so that a chain cut at its end is noticed. Rows up to ``floor_id`` and up
    to the position (``position_tx``, ``position_id``) in the order of commit are sealed. ``cluster`` is the database
    cluster whose transaction numbers the position means: after a restore into another one it is set anew.
    """

    stream = models.CharField("系列", max_length=10, choices=Stream)
    number = models.PositiveBigIntegerField("番号", default=0)
    hash = models.CharField("封印", max_length=64, default=GENESIS)
    position_tx = models.BigIntegerField("取引", default=0)
    position_id = models.BigIntegerField("行番号", default=0)
    floor_id = models.BigIntegerField("封印済みの行番号", default=0)
    cluster = models.CharField("データベース", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "封印の先頭"
        constraints = [models.UniqueConstraint(fields=["municipality", "stream"], name="seal_head_once_per_stream")]

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"
