"""Like indicators of different cities: which concept an indicator's label and unit belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """
    A concept that cities are compared on.

    ``label`` are patterns that the indicator's label must hold, ``context`` patterns that its project's title and label
    together must hold, ``without`` patterns that the label must not hold; ``units`` are the units that fit (empty: any).
    """

    key: str
    name: str
    unit: str
    label: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def covers(self, label: str, unit: str, project: str) -> bool:
        """Tell whether an indicator belongs to the concept."""
        return (
            (not self.units or unit in self.units)
            and all(re.search(pattern, label) for pattern in self.label)
            and all(re.search(pattern, f"{project} {label}") for pattern in self.context)
            and not any(re.search(pattern, label) for pattern in self.without)
        )


def N_(text: str) -> str:
    """Mark a text for translation where it is shown, without knowing how texts are translated."""
    return text


_COUNTS = ("件", "回", "件数", "アクセス", "PV", "人")
_PEOPLE = ("人", "名", "")
_HOURS = ("時間",)
_SHARE = ("%",)
_DELTA = (r"増加", r"新規")

CONCEPTS: tuple[Concept, ...] = (
    Concept("online_procedures", N_("オンラインで申請できる手続の数"), "手続", (r"(オンライン|電子申請).*手続",), (), _DELTA,
            ("手続", "手続き", "種類", "件", "")),
    Concept("online_applications", N_("オンライン申請の件数"), "件", (r"(件|数)",), (r"(オンライン|電子)申請",),
            (r"手続", r"サービス", *_DELTA), ("件",)),
    Concept("my_number_card_rate", N_("マイナンバーカードの交付率"), "%", (r"マイナンバーカード", r"(交付|普及|保有)"), units=_SHARE),
    Concept("convenience_store_certificates", N_("コンビニ等での証明書交付"), "件", (r"交付",), (r"(コンビニ|証明書)",),
            units=("件", "枚", "通")),
    Concept("open_data_views", N_("オープンデータの閲覧数"), "件", (r"オープンデータ", r"(アクセス|閲覧)"), units=_COUNTS),
    Concept("open_datasets", N_("オープンデータの公開数"), "件", (r"オープンデータ", r"(公開|提供)"), (), (r"活用事例", *_DELTA),
            ("件", "種類", "データセット", "")),
    Concept("line_friends", N_("LINE公式アカウントの登録者数"), "人", (r"LINE", r"(登録|友だち|友達|フォロワー)"), units=_PEOPLE),
    Concept("special_site_views", N_("特設サイトの閲覧数"), "件", (r"特設サイト", r"(アクセス|閲覧|利用)"), units=_COUNTS),
    Concept("community_portal_views", N_("地域ポータルサイトの閲覧数"), "件", (r"(ビュー|閲覧|アクセス|利用)",), (r"地域ポータル",),
            (r"月平均",), _COUNTS),
    Concept("digital_archive_views", N_("デジタルアーカイブの閲覧数"), "人", (r"(アーカイブ|ミュージアム)", r"(閲覧|アクセス|利用)"),
            units=_COUNTS),
    Concept("website_views", N_("公式ホームページの閲覧数"), "件", (r"(ホームページ|HP|公式サイト)", r"(アクセス|閲覧|ビュー)"),
            units=_COUNTS),
    Concept("rpa_hours", N_("RPAによる削減時間"), "時間", (r"削減", r"時間"), (r"RPA",), units=_HOURS),
    Concept("rpa_processes", N_("RPAを使う業務の数"), "業務", (r"(導入|活用).*数",), (r"RPA",), (r"時間", r"率"),
            ("業務", "事業", "件", "台", "")),
    Concept("minutes_hours", N_("議事録作成の削減時間"), "時間", (r"削減", r"時間"), (r"議事録",), units=_HOURS),
    Concept("ai_hours", N_("AIによる削減時間"), "時間", (r"AI", r"削減"), units=_HOURS),
    Concept("ai_processes", N_("AIを使う業務の数"), "業務", (r"AI", r"業務"), (), (r"時間",), ("業務", "件", "")),
    Concept("paperless_meetings", N_("ペーパーレス会議の割合"), "%", (r"ペーパーレス", r"会議"), units=_SHARE),
    Concept("telework_rate", N_("在宅勤務・モバイルワークの利用率"), "%", (r"(テレワーク|在宅勤務|モバイルワーク)",), units=_SHARE),
    Concept("public_map_views", N_("公開型GISの利用数"), "件", (r"GIS", r"(アクセス|利用)"), units=_COUNTS),
    Concept("public_map_layers", N_("公開している地理情報の数"), "件", (r"公開", r"(地理情報|地図)"), units=("件", "種類", "")),
    Concept("internal_map_uses", N_("統合型GISを使う業務の数"), "業務", (r"業務",), (r"統合型GIS",), units=("業務", "件")),
    Concept("defect_report_app", N_("通報アプリの利用率"), "%", (r"通報",), units=_SHARE),
    Concept("chatbot_uses", N_("自動応答の利用数"), "件", (r"(利用|応答|件)",), (r"(自動応答|チャットボット|FAQ)",), units=("件", "回")),
    Concept("chatbot_solved", N_("自動応答の解決率"), "%", (r"解決",), (r"(自動応答|チャットボット|FAQ)",), units=_SHARE),
    Concept("security_training_rate", N_("情報セキュリティ研修の受講率"), "%", (r"セキュリティ", r"(研修|受講)"), units=_SHARE),
    Concept("security_audit_rate", N_("情報セキュリティ監査の実施率"), "%", (r"監査",), units=_SHARE),
    Concept("security_incidents", N_("情報セキュリティ事故の件数"), "件", (r"セキュリティ", r"(事故|事案|インシデント)"), units=("件",)),
    Concept("system_downtime", N_("システムの停止時間"), "時間", (r"停止", r"時間"), units=_HOURS),
    Concept("procedure_hours_saved", N_("手続にかかる時間の削減"), "時間", (r"手続", r"時間", r"削減"), units=_HOURS),
    Concept("course_participants", N_("市民向け講座の参加者数"), "人", (r"(講座|教室)", r"(参加|受講)"), units=_PEOPLE),
    Concept("device_per_pupil", N_("1人1台の学習用端末"), "台", (r"1人1台", r"端末"), units=("台",)),
)  # fmt: skip


def concept_of(label: str, unit: str, project: str = "") -> str:
    """
    Return the key of the concept an indicator belongs to, or an empty string: no match is better than a wrong one.

    ``project`` is the title of the indicator's project, where labels such as 利用件数 get their meaning.
    """
    return next((concept.key for concept in CONCEPTS if concept.covers(label, unit, project)), "")


def concept(key: str) -> Concept | None:
    """Return the concept of a key, or None."""
    return next((item for item in CONCEPTS if item.key == key), None)
