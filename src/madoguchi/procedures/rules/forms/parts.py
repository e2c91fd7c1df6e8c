"""The parts of composite answers: which there are, how they are called, how long they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..definition import Component, FormField, Text


@dataclass(frozen=True, slots=True)
class Part:
    """One input of a composite: its name in the answer, its label, its longest text, its ``autocomplete`` token."""

    code: str
    label: Text
    longest: int = 100
    autocomplete: str = ""
    inputmode: str = ""


def _text(ja: str, easy: str, en: str) -> Text:
    return Text.model_validate({"ja": ja, "ja-easy": easy, "en": en})


_NAME = (
    Part("family", _text("姓（名字）", "姓（名字）", "Family name"), 80, "family-name"),
    Part("given", _text("名", "名（下の名前）", "Given name"), 80, "given-name"),
    Part("family_kana", _text("姓のフリガナ", "姓のカタカナ", "Family name in katakana"), 80),
    Part("given_kana", _text("名のフリガナ", "名のカタカナ", "Given name in katakana"), 80),
)
_ORGANISATION = (
    Part("name", _text("名称", "会社・団体の名前", "Name"), 200, "organization"),
    Part("kana", _text("名称のフリガナ", "名前のカタカナ", "Name in katakana"), 200),
)
_ADDRESS = (
    Part("postal_code", _text("郵便番号", "郵便番号", "Postal code"), 8, "postal-code", "numeric"),
    Part("prefecture", _text("都道府県", "都道府県", "Prefecture"), 10, "address-level1"),
    Part("city", _text("市区町村", "市・区・町・村", "City, ward, town or village"), 60, "address-level2"),
    Part("town", _text("町名", "町の名前", "Town"), 100, "address-line1"),
    Part("street", _text("番地", "番地（数字）", "Block and number"), 100, "address-line2"),
    Part(
        "building",
        _text("建物の名前・部屋番号", "建物の名前・部屋の番号", "Building and room"),
        100,
        "address-line3",
    ),
)
_BANK = (
    Part("bank", _text("金融機関", "銀行", "Bank"), 40),
    Part("branch", _text("支店", "支店", "Branch"), 40),
    Part("kind", _text("預金の種類", "口座の種類", "Kind of account"), 4),
    Part("number", _text("口座番号", "口座の番号", "Account number"), 10, "", "numeric"),
    Part(
        "holder_kana",
        _text("口座名義（カタカナ）", "口座の名前（カタカナ）", "Account holder in katakana"),
        60,
    ),
)
_FILE = tuple(Part(code, Text(), longest) for code, longest in (("file", 60), ("name", 255), ("media_type", 120)))
_SIGNATURE = (Part("typed", _text("お名前", "名前", "Your name"), 80, "name"), Part("file", Text(), 60))

PARTS: Mapping[Component, tuple[Part, ...]] = {
    Component.PERSON_NAME: _NAME,
    Component.ORGANISATION_NAME: _ORGANISATION,
    Component.ADDRESS: _ADDRESS,
    Component.BANK_ACCOUNT: _BANK,
    Component.SIGNATURE: _SIGNATURE,
}
"""Components whose answer is one object of texts."""

FILE_PARTS = _FILE
ACCOUNT_KINDS = ("普通", "当座", "貯蓄")
DATE_PARTS = ("era", "year", "month", "day")
RELATIONSHIPS = (
    "世帯主",
    "妻",
    "夫",
    "子",
    "父",
    "母",
    "祖父",
    "祖母",
    "孫",
    "兄",
    "姉",
    "弟",
    "妹",
    "同居人",
    "縁故者",
)
"""Offered for 続柄; any other text may be typed."""

PREFECTURES = (
    *(
        "北海道",
        "青森県",
        "岩手県",
        "宮城県",
        "秋田県",
        "山形県",
        "福島県",
        "茨城県",
        "栃木県",
        "群馬県",
        "埼玉県",
        "千葉県",
    ),
    *(
        "東京都",
        "神奈川県",
        "新潟県",
        "富山県",
        "石川県",
        "福井県",
        "山梨県",
        "長野県",
        "岐阜県",
        "静岡県",
        "愛知県",
        "三重県",
    ),
    *(
        "滋賀県",
        "京都府",
        "大阪府",
        "兵庫県",
        "奈良県",
        "和歌山県",
        "鳥取県",
        "島根県",
        "岡山県",
        "広島県",
        "山口県",
        "徳島県",
    ),
    *("香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)

HOUSEHOLD_FIELDS: tuple[FormField, ...] = (
    FormField(code="name", component=Component.PERSON_NAME, label=_text("氏名", "名前", "Name")),
    FormField(
        code="birth_date", component=Component.BIRTH_DATE, label=_text("生年月日", "生まれた日", "Date of birth")
    ),
    FormField(
        code="relationship",
        component=Component.TEXT,
        label=_text("続柄", "家族の関係", "Relationship"),
        maximum_length=30,
    ),
)
"""A row of a household (世帯員) is a row of a group with these fields."""

ROWS = frozenset({Component.GROUP, Component.HOUSEHOLD})


def row_fields(field: FormField) -> list[FormField]:
    """Return the fields of a row of a group or a household."""
    return list(HOUSEHOLD_FIELDS) if field.component is Component.HOUSEHOLD else field.fields


def least_rows(field: FormField, required: bool) -> int:
    """Return how many rows must be there: at least one where the field is required."""
    return max(field.minimum_rows, 1) if required else 0


def is_empty(value: Any) -> bool:
    """Tell whether an answer says nothing: None, an empty text, list or object, or one of only empty parts."""
    if value is None or value == "":
        return True
    if isinstance(value, dict):
        return all(is_empty(part) for part in value.values())
    return isinstance(value, list) and all(is_empty(part) for part in value)
