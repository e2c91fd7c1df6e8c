"""Checks of answers that are one text."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from madoguchi.kit.check_digits import is_corporate_number, looks_like_my_number

from ..definition import Component, FormField
from .problems import N_, Fault

LONGEST = {Component.TEXT: 200, Component.TEXTAREA: 4000}
FIRST_BIRTH = date(1868, 1, 25)
"""明治元年: older birth dates are slips of the pen."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_PHONE = re.compile(r"0[0-9-]{8,13}[0-9]|\+[1-9][0-9-]{6,18}[0-9]")
_KANA = re.compile(r"[ァ-ヺーヽヾ・=＝ A-Za-zＡ-Ｚａ-ｚ'’,.\-－‐0-9０-９()（）&＆/]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆\U00020000-\U000323af]")


def wrong_type() -> Fault:
    """Return the fault of an answer that is not of the type the field keeps."""
    return Fault("type", N_("入力の形式が正しくありません。もう一度入力してください。"))


def check_line(value: Any, longest: int, path: str = "", *, lines: bool = False, secret: bool = True) -> list[Fault]:
    """
    Check a text: type, length, control characters, and (``secret``) that no マイナンバー is written in it.

    ``lines`` allows line breaks and tabs.
    """
    if not isinstance(value, str):
        return [Fault("type", wrong_type().message, {}, path)]
    if len(value) > longest:
        message = N_("%(longest)s文字以内で入力してください。いまは%(length)s文字です。")
        return [Fault("too_long", message, {"longest": longest, "length": len(value)}, path)]
    if _CONTROL.search(value) or _SURROGATE.search(value) or (not lines and re.search(r"[\n\t]", value)):
        message = N_("目に見えない特別な文字が入っています。いちど消して、入力し直してください。")
        return [Fault("control_character", message, {}, path)]
    if secret and looks_like_my_number(value):
        message = N_(
            "マイナンバー（12けたの個人番号）と思われる数字が入っています。"
            "マイナンバーはここでは使いません。数字を消してください。"
        )
        return [Fault("my_number", message, {}, path)]
    return []


def check_text(field: FormField, value: Any) -> list[Fault]:
    """Check a line or a text of several lines."""
    longest = field.maximum_length or LONGEST.get(field.component, 200)
    # A field whose writing the definition prescribes asks for a number of its own (お客様番号), not for free text.
    free = "pattern" not in field.constraint
    return check_line(value, longest, lines=field.component is Component.TEXTAREA, secret=free)


def check_email(value: Any) -> list[Fault]:
    """Check an e-mail address."""
    faults = check_line(value, 254, secret=False)
    if faults:
        return faults
    local = value.split("@", 1)[0]
    # Addresses with two dots in a row exist at Japanese carriers although RFC 5321 has none.
    if _EMAIL.fullmatch(value) and not local.startswith("."):
        return []
    return [
        Fault(
            "email",
            N_("メールアドレスの形が正しくありません。「hanako@example.jp」のように、@をつけて入力してください。"),
        )
    ]


def check_phone(value: Any) -> list[Fault]:
    """Check a telephone number: ten or eleven digits in Japan, or an international one with ``+``."""
    faults = check_line(value, 24, secret=False)
    if faults:
        return faults
    digits = re.sub(r"[^0-9]", "", value)
    fits = 8 <= len(digits) <= 15 if value.startswith("+") else len(digits) in {10, 11}
    if _PHONE.fullmatch(value) and fits:
        return []
    return [
        Fault(
            "phone",
            N_("電話番号は、市外局番から10けたか11けたの数字で入力してください（例：0463-23-1111、090-1234-5678）。"),
        )
    ]


def check_corporate_number(value: Any) -> list[Fault]:
    """Check a 法人番号 with its check digit."""
    faults = check_line(value, 40, secret=False)
    if faults:
        return faults
    if not re.fullmatch(r"[0-9]{13}", value):
        return [Fault("corporate_number", N_("法人番号は13けたの数字で入力してください。"))]
    if not is_corporate_number(value):
        return [
            Fault(
                "corporate_number",
                N_(
                    "法人番号に打ち間違いがあるようです（検査用の数字が合いません）。13けたをもう一度お確かめください。"
                ),
            )
        ]
    return []


def check_kana(value: Any, path: str) -> list[Fault]:
    """Check a reading in katakana."""
    faults = check_line(value, 200, path, secret=False)
    if faults or _KANA.fullmatch(value):
        return faults
    return [Fault("kana", N_("フリガナは、カタカナで入力してください（例：ヒラツカ）。"), {}, path)]


def has_kanji(value: Any) -> bool:
    """Tell whether a text holds kanji, whose reading one cannot see."""
    return isinstance(value, str) and _HAN.search(value) is not None


def check_time(value: Any) -> list[Fault]:
    """Check a time of day."""
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return []
    return [Fault("time", N_("時刻は「9:30」や「13:00」のように入力してください。"))]


def check_date(value: Any) -> list[Fault]:
    """Check a date; what could not be read says what is missing."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and _is_date(value):
        return []
    if isinstance(value, dict):
        missing = [name for part, name in (("year", "年"), ("month", "月"), ("day", "日")) if not value.get(part)]
        if missing and len(missing) < 3:
            message = N_("日付の「%(missing)s」が入力されていません。年・月・日をすべて入力してください。")
            return [Fault("date_incomplete", message, {"missing": "」「".join(missing)})]
    return [
        Fault("date", N_("この日付はありません。年・月・日をお確かめください（例：令和8年11月20日、2026年11月20日）。"))
    ]


def check_birth_date(value: Any, today: date) -> list[Fault]:
    """Check a date of birth: a date, not in the future, not before 明治元年."""
    faults = check_date(value)
    if faults:
        return faults
    birth = date.fromisoformat(value)
    if birth > today:
        return [Fault("future", N_("生年月日が今日より後の日付になっています。年号と年をお確かめください。"))]
    if birth < FIRST_BIRTH:
        return [Fault("too_early", N_("生年月日が明治より前の日付になっています。年号と年をお確かめください。"))]
    return []


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
