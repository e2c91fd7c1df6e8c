"""Digital signage (デジタルサイネージ): screens, what they play and when, and the proof that they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel, StoredFile, Unit

from ..enums import ScreenTurn, SignageKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class SignageAsset(OwnedModel):
    """An image or a video for screens; ``alt`` says in words what is to be seen (JIS X 8341-3, 1.1.1 and 1.2.1)."""

    stored = models.ForeignKey(StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名前", max_length=120)
    alt = models.CharField("内容の説明", max_length=400)
    width = models.PositiveIntegerField("幅", null=True, blank=True)
    height = models.PositiveIntegerField("高さ", null=True, blank=True)
    uploaded_at = models.DateTimeField("登録日時")
    removed_at = models.DateTimeField("削除日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "サイネージの素材"
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_video(self) -> bool:
        """Tell whether it is a video."""
        return str(self.stored.media_type).startswith("video/")


class Playlist(OwnedModel):
    """What is shown one after the other. While ``stopped_at`` is set no screen shows any of it."""

    name = models.CharField("名前", max_length=120)
    note = models.CharField("説明", max_length=200, blank=True)
    stopped_at = models.DateTimeField("停止日時", null=True, blank=True)
    created_at = models.DateTimeField("作成日時")
    removed_at = models.DateTimeField("削除日時", null=True, blank=True)

    if TYPE_CHECKING:
        items: RelatedManager[PlaylistItem]
        schedules: RelatedManager[Schedule]

    class Meta:
        verbose_name = verbose_name_plural = "番組"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class TimedModel(OwnedModel):
    """
    Something with hours: ``days`` are weekdays (0 Monday; empty: every day), hours are Japan's; an end before the beginning
    means the next morning. ``open_days_only`` leaves out the days on which the office is closed.
    """

    days = models.JSONField("曜日", default=list, blank=True)
    hours_from = models.TimeField("時刻（から）", null=True, blank=True)
    hours_until = models.TimeField("時刻（まで）", null=True, blank=True)
    open_days_only = models.BooleanField("開庁日だけ", default=False)

    class Meta:
        abstract = True


class PlaylistItem(TimedModel):
    """
    One thing of a playlist, shown for ``seconds`` in each of its languages.

    ``contents`` of a text or of the way to a page (``path`` in our site) maps a language to ``{"title", "body"}``; ``source``
    names what feeds a live one (``registry.signage_sources``). A removed item stays for the proof that it was played.
    """

    playlist = models.ForeignKey(Playlist, verbose_name="番組", on_delete=models.CASCADE, related_name="items")
    order = models.PositiveIntegerField("並び順")
    kind = models.CharField("種類", max_length=10, choices=SignageKind)
    name = models.CharField("名前", max_length=120)
    asset = models.ForeignKey(
        SignageAsset, verbose_name="素材", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    source = models.CharField("自動で変わる案内", max_length=80, blank=True)
    path = models.CharField("ページ", max_length=300, blank=True)
    contents = models.JSONField("内容", default=dict, blank=True)
    language = models.CharField("言語", max_length=10, blank=True)
    seconds = models.PositiveIntegerField("秒数", default=15)
    valid_from = models.DateTimeField("掲出の始まり", null=True, blank=True)
    valid_until = models.DateTimeField("掲出の終わり", null=True, blank=True)
    stopped_at = models.DateTimeField("停止日時", null=True, blank=True)
    removed_at = models.DateTimeField("削除日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "番組の項目"
        ordering = ["playlist", "order", "id"]

    def __str__(self) -> str:
        return self.name


class Screen(OwnedModel):
    """
    A screen in a hall. ``number`` is in its address and can be said on the telephone.

    The device that is paired knows a secret of which only the digest is kept; without one, nothing is paired. ``town`` (町域) is
    where it stands: an alert for certain towns concerns it only there, one without a town takes every alert. ``status`` is what
    the player last said of itself: ``subject``, ``errors``, ``cache_bytes``, ``skew_ms``, ``manifest``, ``asleep``. ``revision``
    grows with everything that may change what it shows. ``override`` is shown now, until ``override_until``.
    """

    number = models.CharField("画面番号", max_length=20, unique=True, default=ids.new_case_number, editable=False)
    name = models.CharField("名前", max_length=120)
    place = models.CharField("場所", max_length=200, blank=True)
    town = models.CharField("町域", max_length=80, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name="担当", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    groups = models.JSONField("グループ", default=list, blank=True)
    turn = models.CharField("向き", max_length=10, choices=ScreenTurn, default=ScreenTurn.LANDSCAPE)
    languages = models.JSONField("言語", default=list, blank=True)
    takes_drills = models.BooleanField("訓練を表示する", default=False)
    is_muted = models.BooleanField("音を出さない", default=True)
    volume = models.PositiveSmallIntegerField("音量", default=50)
    sleeps_from = models.TimeField("消灯（から）", null=True, blank=True)
    sleeps_until = models.TimeField("消灯（まで）", null=True, blank=True)
    override = models.ForeignKey(
        Playlist, verbose_name="割り込みの番組", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    override_until = models.DateTimeField("割り込みの終わり", null=True, blank=True)
    revision = models.PositiveBigIntegerField("版", default=0)
    secret_digest = models.CharField("機器の秘密のダイジェスト", max_length=64, blank=True)
    paired_at = models.DateTimeField("接続日時", null=True, blank=True)
    paired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="接続した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    last_seen_at = models.DateTimeField("最後の連絡", null=True, blank=True)
    lost_at = models.DateTimeField("連絡が途絶えた日時", null=True, blank=True)
    version = models.CharField("再生ソフトの版", max_length=40, blank=True)
    width = models.PositiveIntegerField("幅", null=True, blank=True)
    height = models.PositiveIntegerField("高さ", null=True, blank=True)
    status = models.JSONField("状態", default=dict, blank=True)
    created_at = models.DateTimeField("登録日時")
    removed_at = models.DateTimeField("撤去日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "画面"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_paired(self) -> bool:
        """Tell whether a device plays for it."""
        return bool(self.secret_digest)

    @property
    def is_portrait(self) -> bool:
        """Tell whether what is shown is higher than wide."""
        return self.turn != ScreenTurn.LANDSCAPE


class PairingCode(OwnedModel):
    """
    A browser that waits to become a screen: the code it shows, and the digest of the secret it already holds.

    Once somebody has typed the code, ``screen`` is set and the browser may go there. Rows live for minutes.
    """

    code = models.CharField("接続コード", max_length=6)
    secret_digest = models.CharField("機器の秘密のダイジェスト", max_length=64, unique=True)
    address = models.GenericIPAddressField("接続元", null=True, blank=True)
    width = models.PositiveIntegerField("幅", null=True, blank=True)
    height = models.PositiveIntegerField("高さ", null=True, blank=True)
    created_at = models.DateTimeField("作成日時")
    expires_at = models.DateTimeField("有効期限")
    screen = models.ForeignKey(
        Screen, verbose_name="画面", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "接続コード"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "code"], name="pairing_code_once")]

    def __str__(self) -> str:
        return self.code


class Schedule(TimedModel):
    """
    When a playlist is shown on a screen, on a group of screens or, with neither, on all of them.

    Of several at the same time those with the highest ``priority`` are shown, one after the other.
    """

    playlist = models.ForeignKey(Playlist, verbose_name="番組", on_delete=models.CASCADE, related_name="schedules")
    screen = models.ForeignKey(
        Screen, verbose_name="画面", null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    group = models.CharField("グループ", max_length=40, blank=True)
    starts_on = models.DateField("初日", null=True, blank=True)
    ends_on = models.DateField("最終日", null=True, blank=True)
    priority = models.PositiveSmallIntegerField("優先度", default=10)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "放映予定"
        ordering = ["-priority", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(screen__isnull=True) | Q(group=""), name="schedule_one_target"),
        ]

    def __str__(self) -> str:
        return f"{self.playlist} {self.group or self.screen_id or ''}"


class PlayRecord(OwnedModel):
    """
    What a screen showed in one hour (放映の記録): how often, how long, and from when to when.

    ``subject`` is ``item:<id>``, ``alert:<key>`` or ``house`` (what the house shows when nothing else is to be shown).
    """

    screen = models.ForeignKey(Screen, verbose_name="画面", on_delete=models.PROTECT, related_name="plays")
    subject = models.CharField("対象", max_length=60)
    item = models.ForeignKey(
        PlaylistItem, verbose_name="項目", null=True, blank=True, on_delete=models.PROTECT, related_name="plays"
    )
    hour = models.DateTimeField("時間帯")
    plays = models.PositiveIntegerField("回数", default=0)
    seconds = models.PositiveIntegerField("秒数", default=0)
    first_at = models.DateTimeField("最初")
    last_at = models.DateTimeField("最後")

    class Meta:
        verbose_name = verbose_name_plural = "放映の記録"
        ordering = ["-hour", "screen", "id"]
        constraints = [models.UniqueConstraint(fields=["screen", "subject", "hour"], name="play_record_once")]
        indexes = [
            models.Index(fields=["municipality", "hour"], name="play_record_by_hour"),
            models.Index(fields=["municipality", "subject"], name="play_record_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.screen_id} {self.subject} {self.hour:%Y-%m-%d %H}"


class PlayBatch(OwnedModel):
    """
    A report of a player that was counted; the same one sent again (its answer was lost) is not counted twice.

    The newest of each screen are kept.
    """

    screen = models.ForeignKey(Screen, verbose_name="画面", on_delete=models.CASCADE, related_name="+")
    key = models.CharField("キー", max_length=40)
    received_at = models.DateTimeField("受信日時")

    class Meta:
        verbose_name = verbose_name_plural = "放映の報告"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["screen", "key"], name="play_batch_once")]

    def __str__(self) -> str:
        return self.key
