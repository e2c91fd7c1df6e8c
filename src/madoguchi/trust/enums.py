"""Closed vocabularies of the trust room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class AccountKind(models.TextChoices):
    """Whom an account belongs to."""

    RESIDENT = "resident", _lazy("住民")
    STAFF = "staff", _lazy("職員")
    MACHINE = "machine", _lazy("機械連携")


class Role(models.TextChoices):
    """What a person does for a unit; a duty (職務) is a role at a unit for a period."""

    SECTION_STAFF = "section_staff", _lazy("担当者")
    SECTION_CHIEF = "section_chief", _lazy("所属長")
    SECRETARIAT = "secretariat", _lazy("計画事務局")
    COUNCIL = "council", _lazy("調整会議")
    AUDITOR = "auditor", _lazy("監査")
    ADMINISTRATOR = "administrator", _lazy("管理者")
    DESIGNER = "designer", _lazy("手続の設計")
    CASHIER = "cashier", _lazy("収納")
    REGISTRAR = "registrar", _lazy("住民記録")
    PUBLISHER = "publisher", _lazy("広報")
    CRISIS_MANAGER = "crisis_manager", _lazy("危機管理")


class UnitKind(models.TextChoices):
    """Level of an organisation unit."""

    DEPARTMENT = "department", _lazy("部局")
    SECTION = "section", _lazy("課・室")
    TEAM = "team", _lazy("係・班")
    COUNCIL = "council", _lazy("会議体")


class Stream(models.TextChoices):
    """Kinds of rows that are sealed into a chain of their own."""

    EVENTS = "events", _lazy("出来事")
    ACCESSES = "accesses", _lazy("閲覧記録")


class RetentionClass(models.TextChoices):
    """How long a document is kept (保存年限), counted from the end of the fiscal year."""

    YEAR_1 = "1", _lazy("1年")
    YEARS_3 = "3", _lazy("3年")
    YEARS_5 = "5", _lazy("5年")
    YEARS_10 = "10", _lazy("10年")
    YEARS_30 = "30", _lazy("30年")
    PERMANENT = "permanent", _lazy("常用")


class MeterKind(models.TextChoices):
    """What kind of number a meter shows, which says how days are put together."""

    FLOW = "flow", _lazy("期間の量")
    STOCK = "stock", _lazy("時点の量")
    RATIO = "ratio", _lazy("割合")


class AssuranceLevel(models.TextChoices):
    """How surely it is known who acts (本人確認の保証レベル), weakest first; the values are those of a definition."""

    NONE = "none", _lazy("確認なし")
    ACCOUNT = "account", _lazy("アカウント")
    AUTHENTICATED = "authenticated", _lazy("公的な本人確認")
    SIGNED = "signed", _lazy("電子署名")


class AccessAction(models.TextChoices):
    """What was done with a personal record."""

    VIEW = "view", _lazy("閲覧")
    SEARCH = "search", _lazy("検索")
    PRINT = "print", _lazy("印刷")
    EXPORT = "export", _lazy("持ち出し")
    DOWNLOAD = "download", _lazy("ダウンロード")


class IdentityPurpose(models.TextChoices):
    """Why somebody was sent to an identity provider."""

    SIGN_IN = "sign_in", _lazy("サインイン")
    LINK = "link", _lazy("アカウントへの結び付け")
    CONFIRM = "confirm", _lazy("本人確認")
    SIGN = "sign", _lazy("電子署名")


class MatchStatus(models.TextChoices):
    """How a person vouched for by a provider relates to the registry of residents (照合)."""

    MATCHED = "matched", _lazy("一致")
    WAITING = "waiting", _lazy("照合待ち")
    REFUSED = "refused", _lazy("別人と判断")
    UNKNOWN = "unknown", _lazy("該当なし")


class AttributeSource(models.TextChoices):
    """Where the city knows something about a person from."""

    REGISTRY = "registry", _lazy("住民の登録情報")
    PROVIDER = "provider", _lazy("公的な本人確認")
    OWN = "own", _lazy("ご本人の申告")


class DelegationKind(models.TextChoices):
    """In which capacity somebody acts for another person (代理)."""

    STATUTORY = "statutory", _lazy("法定代理人")
    VOLUNTARY = "voluntary", _lazy("任意代理人")
    FAMILY = "family", _lazy("家族")
    CARE_MANAGER = "care_manager", _lazy("ケアマネジャー")


class DelegationStatus(models.TextChoices):
    """How far a delegation has come; only an active one lets anybody do anything."""

    INVITED = "invited", _lazy("相手の承諾待ち")
    WAITING = "waiting", _lazy("書類の確認待ち")
    ACTIVE = "active", _lazy("有効")
    REFUSED = "refused", _lazy("認められませんでした")
    REVOKED = "revoked", _lazy("取り消し済み")
    EXPIRED = "expired", _lazy("期限切れ")


class SignatureStatus(models.TextChoices):
    """How far an electronic signature has come."""

    REQUESTED = "requested", _lazy("署名待ち")
    SIGNED = "signed", _lazy("署名済み")
    REFUSED = "refused", _lazy("受け付けられませんでした")


class Sex(models.TextChoices):
    """Sex as the registry holds it (性別)."""

    MALE = "male", _lazy("男")
    FEMALE = "female", _lazy("女")


class ImportStatus(models.TextChoices):
    """How far a file of residents has come."""

    LOOKED_AT = "looked_at", _lazy("確認待ち")
    QUEUED = "queued", _lazy("順番待ち")
    RUNNING = "running", _lazy("取り込み中")
    APPLIED = "applied", _lazy("取り込み済み")
    FAILED = "failed", _lazy("失敗")


class DoubtDecision(models.TextChoices):
    """What a registrar decided of a person who looks like somebody here."""

    WAITING = "waiting", _lazy("確認待ち")
    SAME = "same", _lazy("同じ方")
    ANOTHER = "another", _lazy("別の方")
