"""What identity providers vouched for: links to accounts, attempts, matches with the registry, attributes, signatures."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids

from ..enums import AssuranceLevel, AttributeSource, IdentityPurpose, MatchStatus, SignatureStatus
from .resident import Resident
from .scoping import OwnedModel


class IdentityLink(OwnedModel):
    """
    The pairwise subject identifier (sub, PPID) under which a provider knows the holder of an account.

    One provider and subject lead to one account; an account may be known to several providers, to each once.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="アカウント", on_delete=models.CASCADE, related_name="identity_links"
    )
    provider = models.CharField("本人確認の手段", max_length=60)
    issuer = models.CharField("発行者", max_length=255)
    subject = models.CharField("識別子", max_length=255)
    acr = models.CharField("最後の認証の強さ", max_length=80, blank=True)
    assurance = models.CharField("本人確認", max_length=16, choices=AssuranceLevel)
    linked_at = models.DateTimeField("結び付けた日時")
    last_used_at = models.DateTimeField("最後に使った日時")

    class Meta:
        verbose_name = verbose_name_plural = "本人確認の結び付き"
        ordering = ["provider", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "issuer", "subject"], name="identity_subject_once"),
            models.UniqueConstraint(fields=["account", "provider"], name="identity_provider_once_per_account"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.account_id}"


class IdentityAttempt(OwnedModel):
    """
    One visit to a provider, from being sent there to coming back: used once, within minutes, by the browser that began.

    Only digests are kept: of the state that travels in the address, and of the secret in the browser's session from which
    nonce and code verifier are derived. ``received`` holds what came back while the person looks at it, and is emptied
    afterwards.
    """

    provider = models.CharField("本人確認の手段", max_length=60)
    purpose = models.CharField("目的", max_length=10, choices=IdentityPurpose)
    state_digest = models.CharField("stateのダイジェスト", max_length=64, unique=True)
    browser_digest = models.CharField("ブラウザーのダイジェスト", max_length=64)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="アカウント",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    signature = models.ForeignKey(
        "trust.DocumentSignature",
        verbose_name="署名",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    next_path = models.CharField("戻り先", max_length=500, blank=True)
    address = models.GenericIPAddressField("IPアドレス", null=True, blank=True)
    created_at = models.DateTimeField("開始日時")
    expires_at = models.DateTimeField("有効期限")
    used_at = models.DateTimeField("戻った日時", null=True, blank=True)
    received = models.JSONField("受け取った内容", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "本人確認の試み"
        ordering = ["-id"]
        indexes = [models.Index(fields=["municipality", "address", "created_at"], name="identity_attempt_by_address")]

    def __str__(self) -> str:
        return f"{self.provider} {self.get_purpose_display()}"


class IdentityMatch(OwnedModel):
    """
    Whether the person a provider vouched for is one of the registry (照合), and who decided so.

    A match is made only where name, date of birth and address agree; everything else a registrar decides, with the
    differences before their eyes. ``claims`` are the attributes received, ``mismatches`` the keys that differ.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="アカウント", on_delete=models.CASCADE, related_name="identity_match"
    )
    status = models.CharField("状態", max_length=8, choices=MatchStatus)
    resident = models.ForeignKey(
        Resident, verbose_name="住民", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    claims = models.JSONField("受け取った内容", default=dict)
    mismatches = models.JSONField("異なる項目", default=list)
    created_at = models.DateTimeField("受付日時")
    decided_at = models.DateTimeField("判断日時", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="判断者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "住民との照合"
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["municipality", "status", "created_at"], name="identity_match_by_status")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.get_status_display()}"


class VerifiedAttribute(OwnedModel):
    """
    Something about the holder of an account that somebody vouched for (確認済みの情報).

    ``key`` names it in the government's core vocabulary (GIF コア語彙: ``person.name``, ``business.corporate_number``);
    ``value`` has the shape of the form component that asks for it. ``source_detail`` names the provider.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="アカウント",
        on_delete=models.CASCADE,
        related_name="verified_attributes",
    )
    key = models.CharField("項目", max_length=60)
    value = models.JSONField("内容")
    source = models.CharField("出所", max_length=10, choices=AttributeSource)
    source_detail = models.CharField("出所の名称", max_length=60, blank=True)
    as_of = models.DateTimeField("確認日時")
    assurance = models.CharField("本人確認", max_length=16, choices=AssuranceLevel)

    class Meta:
        verbose_name = verbose_name_plural = "確認済みの情報"
        ordering = ["key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key", "source", "source_detail"], name="attribute_once_per_source"
            )
        ]

    def __str__(self) -> str:
        return self.key


class AttributeConsent(OwnedModel):
    """That somebody agreed to have a procedure filled in with what the city knows: what, for which procedure, when (同意)."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="アカウント", on_delete=models.CASCADE, related_name="attribute_consents"
    )
    about = models.ForeignKey(
        Resident, verbose_name="対象の住民", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    procedure = models.CharField("手続のコード", max_length=80)
    procedure_name = models.CharField("手続の名称", max_length=200, blank=True)
    keys = models.JSONField("項目", default=list)
    given_at = models.DateTimeField("同意日時")
    withdrawn_at = models.DateTimeField("撤回日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "情報利用の同意"
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["account", "procedure"], name="consent_by_procedure")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.given_at:%Y-%m-%d}"


class DocumentSignature(OwnedModel):
    """
    A person's electronic signature over the digest of a document (電子署名), asked for and verified.

    Kept: the document's SHA-256, the result of the verification and its id. The signature certificate names the person
    and is kept only where the installation's settings say so (公的個人認証法).
    """

    reference = models.CharField("検証番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="署名者", on_delete=models.PROTECT, related_name="signatures"
    )
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象のID", max_length=40)
    title = models.CharField("文書の名称", max_length=200, blank=True)
    digest = models.CharField("文書のSHA-256", max_length=64)
    next_path = models.CharField("戻り先", max_length=500, blank=True)
    status = models.CharField("状態", max_length=10, choices=SignatureStatus, default=SignatureStatus.REQUESTED)
    provider = models.CharField("本人確認の手段", max_length=60, blank=True)
    transaction = models.CharField("署名トランザクション", max_length=80, blank=True)
    result = models.JSONField("検証結果", default=dict, blank=True)
    signature = models.TextField("署名値（Base64）", blank=True)
    certificate = models.TextField("署名用電子証明書（PEM）", blank=True)
    requested_at = models.DateTimeField("依頼日時")
    signed_at = models.DateTimeField("署名日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "電子署名"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["municipality", "subject_type", "subject_id", "digest"], name="signature_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_status_display()}"
