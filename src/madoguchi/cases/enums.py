"""Closed vocabularies of the cases room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class CaseStatus(models.TextChoices):
    """Where a case stands: who has to act."""

    WORKING = "working", _lazy("作業中")
    WAITING_APPLICANT = "waiting_applicant", _lazy("申請者の対応待ち")
    WAITING_EVENT = "waiting_event", _lazy("入金などの待ち")
    STUCK = "stuck", _lazy("要確認")
    CLOSED = "closed", _lazy("終了")


class TaskStatus(models.TextChoices):
    """Where a task stands."""

    READY = "ready", _lazy("未処理")
    DONE = "done", _lazy("処理済")
    CANCELLED = "cancelled", _lazy("取消")


class Audience(models.TextChoices):
    """Who is to do a task."""

    STAFF = "staff", _lazy("担当")
    APPROVER = "approver", _lazy("承認者")
    APPLICANT = "applicant", _lazy("申請者")


class Sign(models.TextChoices):
    """What was last heard from somebody who has the record of a case open."""

    OPENED = "opened", _lazy("開いた")
    ALIVE = "alive", _lazy("見ている")
    ACTED = "acted", _lazy("操作した")
