"""What was done in the builder to a draft of a definition, so that it can be taken back and merged."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from .definition import ProcedureVersion


class DraftEdit(OwnedModel):
    """
    The state of a draft after one save in the builder (編集の記録).

    ``revision`` is that of the version, ``document`` what it held then. ``undo_to`` and ``redo_to`` are the revisions whose
    documents "take back" and "do again" lead to; taking back is an edit like any other, so nothing is ever lost.
    ``edit`` says what was done (see ``rules.editing.Edit``) with the name of the thing it was done to.
    """

    version = models.ForeignKey(ProcedureVersion, verbose_name="版", on_delete=models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField("保存の回数")
    document = models.JSONField("定義")
    undo_to = models.PositiveIntegerField("元に戻す先", null=True, blank=True)
    redo_to = models.PositiveIntegerField("やり直す先", null=True, blank=True)
    edit = models.JSONField("操作", default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="編集者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "編集の記録"
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["version", "revision"], name="draft_edit_once")]

    def __str__(self) -> str:
        return f"{self.version} {self.revision}"
