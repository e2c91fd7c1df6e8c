"""Closed vocabularies of the messaging room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class ChannelKey(models.TextChoices):
    """By which way somebody is reached."""

    INBOX = "inbox", _lazy("受信箱")
    EMAIL = "email", _lazy("メール")
    LINE = "line", _lazy("LINE")
    WEB_PUSH = "web_push", _lazy("ブラウザーの通知")
    SMS = "sms", _lazy("SMS")
    POST = "post", _lazy("郵送")


class EndpointStatus(models.TextChoices):
    """Whether an address of a person can be used."""

    UNCONFIRMED = "unconfirmed", _lazy("確認待ち")
    ACTIVE = "active", _lazy("使えます")
    BOUNCED = "bounced", _lazy("届きません")
    BLOCKED = "blocked", _lazy("ブロックされました")
    ENDED = "ended", _lazy("終了")


class SubscriptionSource(models.TextChoices):
    """How a subscription came about."""

    OWN = "own", _lazy("ご本人")
    STAFF = "staff", _lazy("窓口での登録")
    LINE = "line", _lazy("LINE")
    IMPORT = "import", _lazy("取り込み")


class MessageKind(models.TextChoices):
    """What a message is: to many, about one person's own matter, or in an emergency."""

    BROADCAST = "broadcast", _lazy("お知らせ")
    NOTICE = "notice", _lazy("手続の連絡")
    EMERGENCY = "emergency", _lazy("緊急のお知らせ")


class MessageStatus(models.TextChoices):
    """Where a message stands on its way from the draft to its last delivery."""

    DRAFT = "draft", _lazy("下書き")
    WAITING = "waiting", _lazy("承認待ち")
    RETURNED = "returned", _lazy("差し戻し")
    SCHEDULED = "scheduled", _lazy("送信予約")
    SENDING = "sending", _lazy("送信中")
    SENT = "sent", _lazy("送信済み")
    CANCELLED = "cancelled", _lazy("取り消し")


class DeliveryStatus(models.TextChoices):
    """What became of a message on one way to one person."""

    WAITING = "waiting", _lazy("送信待ち")
    SENDING = "sending", _lazy("送信中")
    SENT = "sent", _lazy("送信しました")
    DELIVERED = "delivered", _lazy("届きました")
    FAILED = "failed", _lazy("送れませんでした")
    BOUNCED = "bounced", _lazy("戻ってきました")
    SKIPPED = "skipped", _lazy("送りませんでした")
    EXPIRED = "expired", _lazy("期限が過ぎました")
    CANCELLED = "cancelled", _lazy("取り消しました")


class ApprovalDecision(models.TextChoices):
    """What somebody said of a message that waited for approval."""

    APPROVED = "approved", _lazy("承認")
    RETURNED = "returned", _lazy("差し戻し")


class NeedCode(models.TextChoices):
    """In what somebody needs help in a disaster (災害対策基本法第8条第2項第15号, 要配慮者)."""

    WALKING = "walking", _lazy("歩くことに助けが必要")
    SIGHT = "sight", _lazy("見ることに助けが必要")
    HEARING = "hearing", _lazy("聞くことに助けが必要")
    MEDICAL = "medical", _lazy("医療機器を使っている")
    UNDERSTANDING = "understanding", _lazy("説明や見守りが必要")
    INFANT = "infant", _lazy("乳幼児・妊産婦がいる")
    LANGUAGE = "language", _lazy("日本語に助けが必要")
    ALONE = "alone", _lazy("高齢でひとり暮らし")


class AlertStatus(models.TextChoices):
    """Whether an alert is meant; what else CAP knows (System, Test, Draft) is never issued by the house."""

    ACTUAL = "Actual", _lazy("実際")
    EXERCISE = "Exercise", _lazy("訓練")


class AlertMessageType(models.TextChoices):
    """Which word of an emergency this is (CAP ``msgType``)."""

    ALERT = "Alert", _lazy("発表")
    UPDATE = "Update", _lazy("更新")
    CANCEL = "Cancel", _lazy("解除・取消")


class AlertCategory(models.TextChoices):
    """What an alert is about (CAP ``category``)."""

    GEO = "Geo", _lazy("地震・津波・土砂・火山")
    MET = "Met", _lazy("気象")
    SAFETY = "Safety", _lazy("避難・安全")
    SECURITY = "Security", _lazy("国民保護")
    RESCUE = "Rescue", _lazy("救助")
    FIRE = "Fire", _lazy("火災")
    HEALTH = "Health", _lazy("健康")
    ENV = "Env", _lazy("環境")
    TRANSPORT = "Transport", _lazy("交通")
    INFRA = "Infra", _lazy("水道・電気・通信")
    CBRNE = "CBRNE", _lazy("化学・放射性物質")
    OTHER = "Other", _lazy("その他")


class AlertUrgency(models.TextChoices):
    """When to act (CAP ``urgency``)."""

    IMMEDIATE = "Immediate", _lazy("直ちに")
    EXPECTED = "Expected", _lazy("1時間以内に")
    FUTURE = "Future", _lazy("近いうちに")
    PAST = "Past", _lazy("過ぎました")
    UNKNOWN = "Unknown", _lazy("分かりません")


class AlertSeverity(models.TextChoices):
    """How bad it is (CAP ``severity``)."""

    EXTREME = "Extreme", _lazy("命に関わる重大な脅威")
    SEVERE = "Severe", _lazy("重大な脅威")
    MODERATE = "Moderate", _lazy("脅威となるおそれ")
    MINOR = "Minor", _lazy("小さな脅威")
    UNKNOWN = "Unknown", _lazy("分かりません")


class AlertCertainty(models.TextChoices):
    """How sure it is (CAP ``certainty``)."""

    OBSERVED = "Observed", _lazy("起きています")
    LIKELY = "Likely", _lazy("起きる見込み")
    POSSIBLE = "Possible", _lazy("起きるおそれ")
    UNLIKELY = "Unlikely", _lazy("起きないと見られます")
    UNKNOWN = "Unknown", _lazy("分かりません")


class AlertState(models.TextChoices):
    """Where an alert stands; ``issued`` is live."""

    DRAFT = "draft", _lazy("下書き")
    ISSUED = "issued", _lazy("発表中")
    UPDATED = "updated", _lazy("更新されました")
    CANCELLED = "cancelled", _lazy("解除・取消")
    EXPIRED = "expired", _lazy("期限が過ぎました")
    DISCARDED = "discarded", _lazy("発表しませんでした")


class AlertSource(models.TextChoices):
    """What an alert came of."""

    STAFF = "staff", _lazy("職員")
    TELEGRAM = "telegram", _lazy("気象庁の電文")
    CAP = "cap", _lazy("ほかの機関のCAP")


class CallOutcome(models.TextChoices):
    """What came of a call to somebody in need."""

    SAFE = "safe", _lazy("無事です")
    NEEDS_HELP = "needs_help", _lazy("助けが必要です")
    NO_ANSWER = "no_answer", _lazy("出ませんでした")
    WRONG_NUMBER = "wrong_number", _lazy("番号が違いました")


class AcknowledgedBy(models.TextChoices):
    """By which way somebody said that they have read an alert."""

    LINK = "link", _lazy("確認のリンク")
    LINE = "line", _lazy("LINE")
    INBOX = "inbox", _lazy("受信箱")


class LineChunkState(models.TextChoices):
    """What LINE said to a request with a retry key."""

    PENDING = "pending", _lazy("送信中")
    ACCEPTED = "accepted", _lazy("受付済み")
    REFUSED = "refused", _lazy("受け付けられませんでした")


class LineEventState(models.TextChoices):
    """What became of an event LINE told of."""

    WAITING = "waiting", _lazy("処理待ち")
    ANSWERING = "answering", _lazy("返信中")
    DONE = "done", _lazy("処理済み")
    IGNORED = "ignored", _lazy("対象外")
    FAILED = "failed", _lazy("処理できませんでした")


class ScreenTurn(models.TextChoices):
    """How a screen hangs, and whether the player has to turn the picture because the device cannot."""

    LANDSCAPE = "landscape", _lazy("横置き")
    PORTRAIT = "portrait", _lazy("縦置き")
    TURNED_RIGHT = "right", _lazy("縦置き（画面側で右に90度回す）")
    TURNED_LEFT = "left", _lazy("縦置き（画面側で左に90度回す）")


class SignageKind(models.TextChoices):
    """What an item of a playlist is."""

    IMAGE = "image", _lazy("画像")
    VIDEO = "video", _lazy("動画")
    TEXT = "text", _lazy("文字のお知らせ")
    LIVE = "live", _lazy("自動で変わる案内")
    PAGE = "page", _lazy("サイトのページへの案内")


class TelegramSource(models.TextChoices):
    """By which way a telegram came."""

    FEED = "feed", _lazy("気象庁の配信")
    SATELLITE = "satellite", _lazy("衛星（みちびき）")
    FILE = "file", _lazy("ファイルの取り込み")
    STAFF = "staff", _lazy("職員の画面")


class TelegramOutcome(models.TextChoices):
    """What a telegram led to."""

    ACTED = "acted", _lazy("緊急情報にしました")
    DRAFTED = "drafted", _lazy("下書きにしました")
    NOTHING = "nothing", _lazy("何もしませんでした")
    REFUSED = "refused", _lazy("対象外です")


class AlertRuleAction(models.TextChoices):
    """What a rule for telegrams says is to be done."""

    AUTOMATIC = "automatic", _lazy("自動で発表する")
    DRAFT = "draft", _lazy("下書きを作る")
    NONE = "none", _lazy("何もしない")


class WarningLevel(models.TextChoices):
    """How grave a warning is."""

    EMERGENCY = "emergency", _lazy("特別警報級")
    WARNING = "warning", _lazy("警報級以上")
    ADVISORY = "advisory", _lazy("注意報級以上")
    NONE = "none", _lazy("すべて")
