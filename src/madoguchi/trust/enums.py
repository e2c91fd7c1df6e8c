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
