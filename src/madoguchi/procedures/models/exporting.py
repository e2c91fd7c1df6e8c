"""Applications handed on to core systems (基幹システムへの連携)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel, StoredFile

from ..enums import ExportGrade, ExportItemState, ExportStatus
from .application import Application
from .definition import Procedure


class CoreExport(OwnedModel):
    """
    Some applications handed on to a core system in one of four grades (画面転記・RPA・画面への取込・一括取込).

    ``procedure`` is empty for a bulk export of everything its maker may hand on. ``system`` is the core system as staff call it:
    an application goes to each once. ``done`` counts while the worker makes the file ``stored``.
    """

    reference = models.CharField("番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    procedure = models.ForeignKey(
        Procedure, verbose_name="手続", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    system = models.CharField("連携先のシステム", max_length=60)
    grade = models.CharField("方式", max_length=10, choices=ExportGrade)
    encoding = models.CharField("文字コード", max_length=10, default="utf-8-sig")
    profile = models.CharField("文字の範囲", max_length=6, default="mj")
    is_guarded = models.BooleanField("数式を防ぐ", default=True)
    since = models.DateField("いつから", null=True, blank=True)
    until = models.DateField("いつまで", null=True, blank=True)
    status = models.CharField("状態", max_length=10, choices=ExportStatus, default=ExportStatus.QUEUED)
    total = models.PositiveIntegerField("件数", default=0)
    done = models.PositiveIntegerField("済んだ件数", default=0)
    stored = models.ForeignKey(
        StoredFile, verbose_name="ファイル", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="書き出した人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("書き出した日時")
    problem = models.CharField("うまくいかなかった理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "基幹システムへの書き出し"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.system} {self.reference}"

    @property
    def is_running(self) -> bool:
        """True while the worker makes the file."""
        return self.status in (ExportStatus.QUEUED, ExportStatus.RUNNING)


class CoreExportItem(OwnedModel):
    """
    One application in an export; ``is_current`` marks the last time it went to the system, which is once at a time.

    ``digest`` is that of the answers that were handed on. ``losses`` are the characters that had to change (heading, original,
    written, kind). ``state`` and ``message`` are what a person or a robot reports back.
    """

    export = models.ForeignKey(CoreExport, verbose_name="書き出し", on_delete=models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, verbose_name="申請", on_delete=models.PROTECT, related_name="+")
    system = models.CharField("連携先のシステム", max_length=60)
    is_current = models.BooleanField("最後の書き出し", default=True)
    is_again = models.BooleanField("再送", default=False)
    digest = models.CharField("ダイジェスト", max_length=64, blank=True)
    losses = models.JSONField("変わった字", default=list)
    state = models.CharField("状態", max_length=10, choices=ExportItemState, default=ExportItemState.WAITING)
    message = models.CharField("報告", max_length=300, blank=True)
    exported_at = models.DateTimeField("書き出した日時")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="報告した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reported_at = models.DateTimeField("報告日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "書き出した申請"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["export", "application"], name="export_item_once"),
            models.UniqueConstraint(
                fields=["municipality", "system", "application"],
                name="export_item_current_once",
                condition=models.Q(is_current=True),
            ),
        ]
        indexes = [models.Index(fields=["municipality", "export", "state"], name="export_item_by_state")]

    def __str__(self) -> str:
        return f"{self.export} {self.application}"


class CoreLayout(OwnedModel):
    """The columns of a core system for a procedure in the order of its screen; paths of ``rules.exporting``."""

    procedure = models.ForeignKey(Procedure, verbose_name="手続", on_delete=models.CASCADE, related_name="+")
    system = models.CharField("連携先のシステム", max_length=60)
    paths = models.JSONField("項目", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "連携先の画面の項目"
        ordering = ["system", "id"]
        constraints = [models.UniqueConstraint(fields=["procedure", "system"], name="core_layout_once")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.system}"
