"""Surveys (アンケート調査), their samples and answers, and public comment (意見公募手続)."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel, Resident, Unit

from ..enums import AnswerMode, InvitationStatus, SurveyKind, SurveyStatus
from ..rules.definition import Definition, read_definition


class Survey(OwnedModel):
    """
    A survey or a public comment. ``document`` is a definition whose form holds the questions.

    Who was invited and what was answered are never tied to each other: an invitation is only marked as used. ``seed`` of
    the draw is kept and published, so that the sample can be drawn again. ``population`` gives the people per stratum
    at the draw, for weights. ``materials`` of a public comment are the draft and what explains it (``{title, url}``).
    ``check_share`` percent of the paper sheets are typed a second time by somebody else.
    """

    code = models.CharField("コード", max_length=60)
    kind = models.CharField("種類", max_length=10, choices=SurveyKind, default=SurveyKind.SURVEY)
    status = models.CharField("状態", max_length=10, choices=SurveyStatus, default=SurveyStatus.DRAFT)
    name = models.CharField("名称", max_length=200)
    document = models.JSONField("調査票")
    unit = models.ForeignKey(
        Unit, verbose_name="担当", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_open_to_all = models.BooleanField("誰でも答えられる", default=False)
    opens_on = models.DateField("開始日", null=True, blank=True)
    closes_on = models.DateField("終了日", null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField("対象の年齢（以上）", null=True, blank=True)
    seed = models.CharField("抽出の種", max_length=80, blank=True)
    drawn_at = models.DateTimeField("抽出日時", null=True, blank=True)
    population = models.JSONField("母集団（層別）", default=dict, blank=True)
    weight_by = models.CharField("ウエイトの項目", max_length=60, blank=True)
    closed_at = models.DateTimeField("締切日時", null=True, blank=True)
    published_at = models.DateTimeField("結果の公開日時", null=True, blank=True)
    summary = models.TextField("結果の概要", blank=True)
    materials = models.JSONField("案と資料", default=list, blank=True)
    check_share = models.PositiveSmallIntegerField("二重入力の割合（%）", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作成者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    revision = models.PositiveIntegerField("保存の回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "アンケート"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "code"], name="survey_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def drawn_at_key(self) -> str:
        """What tells one draw of the sample from another: the codes of an earlier draw must not work."""
        return self.seed

    @cached_property
    def definition(self) -> Definition:
        """The questions, read; do not change them in place."""
        return read_definition(self.document)


class SurveyInvitation(OwnedModel):
    """
    One invitation of a sample: a number for the envelope and a code for the answer, of which only the digest is kept.

    ``resident`` is kept for posting and reminding and is taken away when the survey is closed.
    """

    survey = models.ForeignKey(Survey, verbose_name="アンケート", on_delete=models.CASCADE, related_name="invitations")
    number = models.PositiveIntegerField("番号")
    code_digest = models.CharField("コードのダイジェスト", max_length=64)
    resident = models.ForeignKey(
        Resident, verbose_name="住民", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stratum = models.CharField("層", max_length=80, blank=True)
    status = models.CharField("状態", max_length=14, choices=InvitationStatus, default=InvitationStatus.SENT)

    class Meta:
        verbose_name = verbose_name_plural = "調査票の送付"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_invitation_number_once"),
            models.UniqueConstraint(fields=["survey", "code_digest"], name="survey_invitation_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.number}"


class SurveyAnswer(OwnedModel):
    """
    One answer sheet. It names nobody, and knows the day it came, not the hour.

    ``key`` makes sending twice impossible; it is made anew for every sheet and says nothing of the invitation.
    """

    survey = models.ForeignKey(Survey, verbose_name="アンケート", on_delete=models.CASCADE, related_name="answers")
    key = models.CharField("キー", max_length=40, unique=True)
    mode = models.CharField("回答方法", max_length=6, choices=AnswerMode)
    answers = models.JSONField("回答")
    language = models.CharField("言語", max_length=10, default="ja")
    received_on = models.DateField("受付日")
    sheet = models.CharField("用紙の番号", max_length=20, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="入力者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_void = models.BooleanField("無効", default=False)
    void_reason = models.CharField("無効の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回答"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "sheet"], condition=~models.Q(sheet=""), name="survey_sheet_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.pk}"


class SheetCheck(OwnedModel):
    """
    The second typing of a paper sheet (二重入力) by somebody else than the first; ``differing`` are the fields that differed.

    ``settled_at`` is empty while nobody has looked at the differences.
    """

    answer = models.OneToOneField(
        SurveyAnswer, verbose_name="回答", on_delete=models.CASCADE, related_name="check_entry"
    )
    answers = models.JSONField("2回目の入力")
    differing = models.JSONField("違いのある項目", default=list)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="入力者", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("入力日時")
    settled_at = models.DateTimeField("確認日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "二重入力"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.answer}"


class CommentReply(OwnedModel):
    """
    The city's answer to opinions of the same gist (意見の要旨と市の考え方); ``opinions`` are the answer sheets it covers.
    """

    survey = models.ForeignKey(Survey, verbose_name="意見公募", on_delete=models.CASCADE, related_name="replies")
    order = models.PositiveIntegerField("順番", default=0)
    gist = models.TextField("意見の要旨")
    reply = models.TextField("市の考え方", blank=True)
    has_effect = models.BooleanField("案に反映した", default=False)
    opinions = models.JSONField("意見の番号", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "市の考え方"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.gist[:40]
