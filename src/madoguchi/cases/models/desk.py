"""What belongs to the desk of one member of staff: saved views, who looks at a case now, what can be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import Sign
from .case import Case


class SavedView(OwnedModel):
    """A question to the work list that somebody keeps under a name (保存した表示)."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField("名称", max_length=60)
    query = models.CharField("条件", max_length=600)
    is_default = models.BooleanField("最初に表示する", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "保存した表示"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "account", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Presence(OwnedModel):
    """
    Somebody who has a case open at present (閲覧中); a row older than some minutes means nothing.

    ``sign`` is what was last heard from them, which says how far the time since then may be counted as work.
    """

    case = models.ForeignKey(Case, verbose_name="案件", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.CASCADE, related_name="+"
    )
    seen_at = models.DateTimeField("最後に見た日時")
    sign = models.CharField("最後の合図", max_length=10, choices=Sign, default=Sign.OPENED)

    class Meta:
        verbose_name = verbose_name_plural = "閲覧中"
        constraints = [models.UniqueConstraint(fields=["case", "account"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id}"


class Undo(OwnedModel):
    """
    What an action changed, kept so that it can be taken back (元に戻す).

    ``before`` holds one entry per case: the columns as they were, and the revision after the action; a case that has
    moved on since is left alone. ``state`` is the engine's state before a completed task.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField("操作", max_length=20)
    before = models.JSONField("操作前", default=list)
    state = models.BinaryField("操作前の実行の状態", null=True, blank=True)
    at = models.DateTimeField("日時")
    is_used = models.BooleanField("使用済", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "元に戻す操作"

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
