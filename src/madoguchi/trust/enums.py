"""Closed vocabularies of the trust room."""

from __future__ import annotations

from django.db import models


class AccountKind(models.TextChoices):
    """Whom an account belongs to."""

    RESIDENT = "resident", "住民"
    STAFF = "staff", "職員"
    MACHINE = "machine", "機械連携"


class Role(models.TextChoices):
    """What a person does for a unit; a duty (職務) is a role at a unit for a period."""

    SECTION_STAFF = "section_staff", "担当者"
    SECTION_CHIEF = "section_chief", "所属長"
    SECRETARIAT = "secretariat", "計画事務局"
    COUNCIL = "council", "調整会議"
    AUDITOR = "auditor", "監査"
    ADMINISTRATOR = "administrator", "管理者"


class UnitKind(models.TextChoices):
    """Level of an organisation unit."""

    DEPARTMENT = "department", "部局"
    SECTION = "section", "課・室"
    TEAM = "team", "係・班"
    COUNCIL = "council", "会議体"


class Stream(models.TextChoices):
    """Kinds of rows that are sealed into a chain of their own."""

    EVENTS = "events", "出来事"
    ACCESSES = "accesses", "閲覧記録"


class RetentionClass(models.TextChoices):
    """How long a document is kept (保存年限), counted from the end of the fiscal year."""

    YEAR_1 = "1", "1年"
    YEARS_3 = "3", "3年"
    YEARS_5 = "5", "5年"
    YEARS_10 = "10", "10年"
    YEARS_30 = "30", "30年"
    PERMANENT = "permanent", "常用"


class MeterKind(models.TextChoices):
    """What kind of number a meter shows, which says how days are put together."""

    FLOW = "flow", "期間の量"
    STOCK = "stock", "時点の量"
    RATIO = "ratio", "割合"


class AccessAction(models.TextChoices):
    """What was done with a personal record."""

    VIEW = "view", "閲覧"
    SEARCH = "search", "検索"
    PRINT = "print", "印刷"
    EXPORT = "export", "持ち出し"
    DOWNLOAD = "download", "ダウンロード"
