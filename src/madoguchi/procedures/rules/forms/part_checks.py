"""Checks of answers made of parts: names, addresses, accounts, files, signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from madoguchi.kit import places

from ..definition import Component, FormField
from . import banks
from .parts import ACCOUNT_KINDS, FILE_PARTS, PARTS, PREFECTURES, is_empty
from .problems import N_, Fault
from .text_checks import check_kana, check_line, has_kanji, wrong_type

_HOLDER = re.compile(r"[アイウエオ-ヂツ-モヤユヨラ-ロワンヴー゛゜ A-Z0-9()\-./,「」\\]+")
_FILE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def _shape(component: Component, value: Any) -> list[Fault]:
    """Check that an answer is an object of texts with known names."""
    if not isinstance(value, Mapping):
        return [wrong_type()]
    parts = {part.code: part for part in PARTS[component]}
    faults: list[Fault] = []
    for key, item in value.items():
        part = parts.get(key)
        if part is None:
            faults.append(Fault("unknown", N_("この項目は用紙にありません。"), {}, str(key)[:60]))
        elif not is_empty(item):
            secret = part.code not in {"postal_code", "number", "bank", "branch", "file"}
            faults += check_line(item, part.longest, part.code, secret=secret)
    return faults


def check_person_name(value: Any) -> list[Fault]:
    """Check a name: at least one, and the reading of what is written in kanji."""
    faults = _shape(Component.PERSON_NAME, value)
    if faults:
        return faults
    if is_empty(value.get("family")):
        message = N_("姓（名字）を入力してください。お名前が1つだけの方は、姓のらんに入力してください。")
        return [Fault("required", message, {}, "family")]
    for part, message in (
        ("family", N_("姓のフリガナを入力してください。")),
        ("given", N_("名のフリガナを入力してください。")),
    ):
        kana = value.get(f"{part}_kana")
        if not is_empty(kana):
            faults += check_kana(kana, f"{part}_kana")
        elif has_kanji(value.get(part)):
            faults.append(Fault("required", message, {}, f"{part}_kana"))
    return faults


def check_organisation_name(value: Any) -> list[Fault]:
    """Check the name of a company or another body."""
    faults = _shape(Component.ORGANISATION_NAME, value)
    if faults:
        return faults
    if is_empty(value.get("name")):
        return [Fault("required", N_("名称を入力してください。"), {}, "name")]
    return [] if is_empty(value.get("kana")) else check_kana(value["kana"], "kana")


def check_address(value: Any) -> list[Fault]:
    """Check an address: a known prefecture, a city, a town or a number, and a postal code that exists there."""
    faults = _shape(Component.ADDRESS, value)
    if faults:
        return faults
    needed = (
        ("prefecture", N_("都道府県を選んでください。")),
        ("city", N_("市区町村を入力してください。")),
    )
    faults = [Fault("required", message, {}, part) for part, message in needed if is_empty(value.get(part))]
    if is_empty(value.get("town")) and is_empty(value.get("street")):
        faults.append(Fault("required", N_("町名と番地を入力してください。"), {}, "town"))
    prefecture = value.get("prefecture")
    if not is_empty(prefecture) and prefecture not in PREFECTURES:
        faults.append(Fault("prefecture", N_("都道府県は、一覧から選んでください。"), {}, "prefecture"))
    if not is_empty(value.get("postal_code")):
        faults += _check_postal_code(value["postal_code"], prefecture)
    return faults


def _check_postal_code(code: str, prefecture: Any) -> list[Fault]:
    if not re.fullmatch(r"[0-9]{3}-?[0-9]{4}", code):
        return [
            Fault("postal_code", N_("郵便番号は7けたの数字で入力してください（例：254-0041）。"), {}, "postal_code")
        ]
    if not places.may_exist(code):
        message = N_(
            "郵便番号「%(code)s」は見つかりません。番号をお確かめください。わからないときは空のままで進めます。"
        )
        return [Fault("postal_code_unknown", message, {"code": code}, "postal_code")]
    there = {town.prefecture for town in places.towns_of(code)}
    if there and prefecture in PREFECTURES and prefecture not in there:
        message = N_("郵便番号「%(code)s」は%(place)sの番号です。郵便番号か都道府県をお確かめください。")
        return [
            Fault("postal_code_elsewhere", message, {"code": code, "place": "・".join(sorted(there))}, "postal_code")
        ]
    return []


def check_bank_account(value: Any) -> list[Fault]:
    """Check an account: bank and branch of the Zengin list, kind, seven digits, holder in the banks' characters."""
    faults = _shape(Component.BANK_ACCOUNT, value)
    if faults:
        return faults
    needed = (
        ("bank", N_("金融機関を入力してください。")),
        ("branch", N_("支店を入力してください。")),
        ("kind", N_("預金の種類を選んでください。")),
        ("number", N_("口座番号を入力してください。")),
        ("holder_kana", N_("口座名義をカタカナで入力してください。")),
    )
    missing = {part for part, _message in needed if is_empty(value.get(part))}
    faults = [Fault("required", message, {}, part) for part, message in needed if part in missing]
    for part, check in _ACCOUNT_CHECKS.items():
        if part not in missing:
            faults += check(value)
    return faults


def _check_bank(value: Mapping[str, Any]) -> list[Fault]:
    if banks.bank(value["bank"]) is not None:
        return []
    message = N_(
        "金融機関「%(typed)s」が見つかりません。名前か4けたの番号を入れて「さがす」を押し、一覧から選んでください。"
    )
    return [Fault("bank_unknown", message, {"typed": value["bank"]}, "bank")]


def _check_branch(value: Mapping[str, Any]) -> list[Fault]:
    known = banks.bank(value.get("bank") or "")
    if known is None or banks.branch(known.code, value["branch"]) is not None:
        return []
    message = N_(
        "「%(bank)s」に支店「%(typed)s」が見つかりません。名前か3けたの番号を入れて「さがす」を押し、一覧から選んでください。"
    )
    return [Fault("branch_unknown", message, {"bank": known.name, "typed": value["branch"]}, "branch")]


def _check_kind(value: Mapping[str, Any]) -> list[Fault]:
    if value["kind"] in ACCOUNT_KINDS:
        return []
    return [Fault("option", N_("預金の種類は、一覧から選んでください。"), {}, "kind")]


def _check_number(value: Mapping[str, Any]) -> list[Fault]:
    if re.fullmatch(r"[0-9]{7}", value["number"]):
        return []
    message = N_(
        "口座番号は7けたの数字で入力してください。ゆうちょ銀行は、振込用の口座番号（7けた）を入力してください。"
    )
    return [Fault("account_number", message, {}, "number")]


def _check_holder(value: Mapping[str, Any]) -> list[Fault]:
    if _HOLDER.fullmatch(value["holder_kana"]):
        return []
    message = N_(
        "口座名義は、通帳のとおりカタカナで入力してください（例：ヒラツカ ハナコ）。漢字とひらがなは使えません。"
    )
    return [Fault("holder_kana", message, {}, "holder_kana")]


_ACCOUNT_CHECKS = {
    "bank": _check_bank,
    "branch": _check_branch,
    "kind": _check_kind,
    "number": _check_number,
    "holder_kana": _check_holder,
}


def check_signature(value: Any) -> list[Fault]:
    """Check a signature: a typed name or the id of an image."""
    faults = _shape(Component.SIGNATURE, value)
    if faults:
        return faults
    if is_empty(value.get("typed")) and is_empty(value.get("file")):
        return [Fault("required", N_("お名前を入力するか、手書きで署名してください。"))]
    if not is_empty(value.get("file")) and not _FILE_ID.fullmatch(value["file"]):
        return [Fault("file", N_("このファイルは受け取れていません。もう一度付けてください。"))]
    return []


def check_files(field: FormField, value: Any) -> list[Fault]:
    """Check attached files: their number, their kind, their size, as far as the answer tells."""
    if not isinstance(value, list):
        return [wrong_type()]
    if len(value) > field.maximum_files:
        message = N_("ファイルは%(most)sつまで付けられます。いまは%(count)sつです。")
        return [Fault("too_many_files", message, {"most": field.maximum_files, "count": len(value)})]
    faults: list[Fault] = []
    for index, item in enumerate(value):
        faults += _check_file(field, item, str(index))
    return faults


def _check_file(field: FormField, item: Any, path: str) -> list[Fault]:
    known = {part.code: part.longest for part in FILE_PARTS}
    if not isinstance(item, Mapping) or not isinstance(item.get("file"), str) or not _FILE_ID.fullmatch(item["file"]):
        return [Fault("file", N_("このファイルは受け取れていません。もう一度付けてください。"), {}, path)]
    for part, longest in known.items():
        if part in item and check_line(item[part], longest, secret=False):
            return [
                Fault("file", N_("このファイルの名前は使えません。名前を変えて、もう一度付けてください。"), {}, path)
            ]
    if set(item) - set(known) - {"size"}:
        return [Fault("unknown", N_("この項目は用紙にありません。"), {}, path)]
    kind, size = item.get("media_type"), item.get("size", 0)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return [Fault("type", wrong_type().message, {}, path)]
    if kind is not None and field.media_types and not fits_media_type(kind, field.media_types):
        message = N_("「%(name)s」は、ここでは受け付けていない種類のファイルです。PDFか写真に変えて付けてください。")
        return [Fault("media_type", message, {"name": item.get("name", "")}, path)]
    if size > field.maximum_megabytes * 1024 * 1024:
        message = N_("「%(name)s」は大きすぎます。1つ%(most)sMBまでにしてください。")
        return [Fault("too_large", message, {"name": item.get("name", ""), "most": field.maximum_megabytes}, path)]
    return []


def fits_media_type(kind: str, allowed: list[str]) -> bool:
    """Tell whether a media type is one of the allowed ones, where ``image/*`` allows all images."""
    return any(kind == one or (one.endswith("/*") and kind.startswith(one[:-1])) for one in allowed)
