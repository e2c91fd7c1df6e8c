"""Like indicators of different cities: which concept an indicator's label and unit belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept that cities are compared on: its key, label, unit, and the words a label must hold (all patterns)."""

    key: str
    label: str
    unit: str
    patterns: tuple[str, ...]
    units: tuple[str, ...] = ()


CONCEPTS: tuple[Concept, ...] = (
    Concept(
        "online_procedures",
        "オンラインで申請できる手続の数",
        "手続",
        (r"(オンライン|電子申請).*(手続|サービス)",),
        ("手続", "件"),
    ),
    Concept("online_applications", "オンライン申請の件数", "件", (r"(オンライン|電子).*申請.*(数|件|率)?",), ("件",)),
    Concept(
        "my_number_card_rate", "マイナンバーカードの交付率", "%", (r"マイナンバーカード", r"(交付|普及|保有)"), ("%",)
    ),
    Concept(
        "convenience_store_certificates",
        "コンビニ等での証明書交付",
        "件",
        (r"(コンビニ|証明書)", r"交付"),
        ("件", "枚", "通"),
    ),
    Concept("open_datasets", "オープンデータの公開数", "件", (r"オープンデータ", r"(公開|提供|数|種類)"), ()),
    Concept("line_friends", "LINE公式アカウントの登録者数", "人", (r"LINE", r"(登録|友だち|友達|フォロワー)"), ("人",)),
    Concept(
        "website_views",
        "ウェブサイトの閲覧数",
        "件",
        (r"(サイト|ホームページ|HP)", r"(アクセス|閲覧|ビュー|利用)"),
        ("件", "回", "PV"),
    ),
    Concept("rpa_hours", "RPAによる削減時間", "時間", (r"RPA", r"(削減|時間)"), ("時間",)),
    Concept("rpa_processes", "RPAを使う業務の数", "業務", (r"RPA",), ("業務", "件", "台")),
    Concept("ai_hours", "AIによる削減時間", "時間", (r"(AI|議事録)", r"(削減|時間)"), ("時間",)),
    Concept("paperless_meetings", "ペーパーレス会議の割合", "%", (r"ペーパーレス", r"会議"), ("%",)),
    Concept("telework_rate", "テレワーク・モバイルワークの利用率", "%", (r"(テレワーク|モバイルワーク)",), ("%",)),
    Concept("public_map_views", "公開型GISの利用数", "件", (r"GIS", r"(アクセス|利用)"), ("件", "回")),
    Concept("public_map_layers", "公開型GISの地図の数", "件", (r"(地理情報|GIS|地図)", r"(公開|数)"), ("件", "種類")),
    Concept("defect_report_app", "通報アプリの利用率", "%", (r"通報",), ("%",)),
    Concept(
        "faq_uses",
        "FAQ・自動応答の利用数",
        "件",
        (r"(チャットボット|自動応答|FAQ|コールセンター)",),
        ("件", "回", "人"),
    ),
    Concept(
        "digital_archive_views",
        "デジタルアーカイブの閲覧数",
        "人",
        (r"(アーカイブ|ミュージアム)", r"(閲覧|アクセス|利用)"),
        (),
    ),
    Concept("security_training", "情報セキュリティ研修・監査の実施率", "%", (r"(セキュリティ|監査|研修)",), ("%",)),
    Concept(
        "security_incidents",
        "情報セキュリティ事故の件数",
        "件",
        (r"セキュリティ", r"(事故|事案|インシデント)"),
        ("件",),
    ),
    Concept("system_downtime", "システムの停止時間", "時間", (r"停止", r"時間"), ("時間",)),
    Concept("training_participants", "研修・講座の参加者数", "人", (r"(研修|講座|受講|参加)",), ("人", "名")),
)


def concept_of(label: str, unit: str) -> str:
    """Return the key of the concept an indicator belongs to, or an empty string: no match is better than a wrong one."""
    for concept in CONCEPTS:
        unit_fits = not concept.units or unit in concept.units
        if unit_fits and all(re.search(pattern, label) for pattern in concept.patterns):
            return concept.key
    return ""


def concept(key: str) -> Concept | None:
    """Return the concept of a key, or None."""
    return next((item for item in CONCEPTS if item.key == key), None)
