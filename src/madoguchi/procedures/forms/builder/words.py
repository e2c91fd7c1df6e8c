"""Words for what the builder shows: components, comparisons, places in a definition, edits, changes."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ...rules.definition import Component
from ...rules.editing import Change, find, parse_path

COMPONENTS: dict[Component, tuple[Any, Any]] = {
    Component.TEXT: (_lazy("1行の文字"), _lazy("名称、番号など")),
    Component.TEXTAREA: (_lazy("長い文章"), _lazy("理由、要望など")),
    Component.YES_NO: (_lazy("はい・いいえ"), _lazy("答えで質問を分けるとき")),
    Component.CHOICE: (_lazy("1つ選ぶ"), _lazy("選択肢から1つ")),
    Component.CHOICES: (_lazy("いくつでも選ぶ"), _lazy("選択肢から複数")),
    Component.INTEGER: (_lazy("整数"), _lazy("人数、枚数など")),
    Component.NUMBER: (_lazy("小数"), _lazy("面積、長さなど")),
    Component.MONEY: (_lazy("金額"), _lazy("円")),
    Component.DATE: (_lazy("日付"), _lazy("元号でも西暦でも")),
    Component.TIME: (_lazy("時刻"), _lazy("何時何分")),
    Component.PERSON_NAME: (_lazy("氏名"), _lazy("フリガナ、外字に対応")),
    Component.BIRTH_DATE: (_lazy("生年月日"), _lazy("元号でも西暦でも")),
    Component.ADDRESS: (_lazy("住所"), _lazy("郵便番号から入力")),
    Component.PHONE: (_lazy("電話番号"), ""),
    Component.EMAIL: (_lazy("メールアドレス"), ""),
    Component.HOUSEHOLD: (_lazy("世帯員"), _lazy("氏名、生年月日、続柄のくり返し")),
    Component.ORGANISATION_NAME: (_lazy("団体・法人の名称"), _lazy("フリガナつき")),
    Component.CORPORATE_NUMBER: (_lazy("法人番号"), _lazy("13桁を自動で確認")),
    Component.BANK_ACCOUNT: (_lazy("口座"), _lazy("金融機関、支店、口座番号")),
    Component.FILE: (_lazy("ファイルを添付"), _lazy("写真、PDF")),
    Component.SIGNATURE: (_lazy("署名"), _lazy("氏名の入力か手書き")),
    Component.CONSENT: (_lazy("同意"), _lazy("確認してチェック")),
    Component.CALCULATED: (_lazy("自動で計算"), _lazy("ほかの答えから計算")),
    Component.GROUP: (_lazy("くり返し"), _lazy("同じ質問を何件分も")),
    Component.NOTE: (_lazy("説明文"), _lazy("質問ではなく案内")),
}

PALETTE: list[tuple[Any, tuple[Component, ...]]] = [
    (
        _lazy("人・団体"),
        (
            Component.PERSON_NAME, Component.BIRTH_DATE, Component.ADDRESS, Component.PHONE, Component.EMAIL,
            Component.HOUSEHOLD, Component.ORGANISATION_NAME, Component.CORPORATE_NUMBER, Component.BANK_ACCOUNT,
        ),
    ),
    (_lazy("選ぶ"), (Component.YES_NO, Component.CHOICE, Component.CHOICES, Component.CONSENT)),
    (
        _lazy("書く"),
        (
            Component.TEXT, Component.TEXTAREA, Component.INTEGER, Component.NUMBER, Component.MONEY, Component.DATE,
            Component.TIME,
        ),
    ),
    (
        _lazy("そのほか"),
        (Component.FILE, Component.SIGNATURE, Component.GROUP, Component.CALCULATED, Component.NOTE),
    ),
]  # fmt: skip
"""The palette, in the groups it is shown in."""

OPERATOR_WORDS: dict[str, Any] = {
    "=": _lazy("が次と同じ"),
    "!=": _lazy("が次と違う"),
    "<": _lazy("が次より小さい"),
    "<=": _lazy("が次以下"),
    ">": _lazy("が次より大きい"),
    ">=": _lazy("が次以上"),
    "contains": _lazy("に次を含む"),
    "lacks": _lazy("に次を含まない"),
    "filled": _lazy("が入力されている"),
    "empty": _lazy("が入力されていない"),
}

PREFILL_WORDS: dict[str, Any] = {
    "": _lazy("使わない"),
    "person.name": _lazy("氏名"),
    "person.birth_date": _lazy("生年月日"),
    "person.address": _lazy("住所"),
    "person.household": _lazy("世帯員"),
    "person.phone": _lazy("電話番号"),
    "person.email": _lazy("メールアドレス"),
    "person.bank_account": _lazy("口座"),
    "organisation.name": _lazy("法人の名称"),
    "organisation.corporate_number": _lazy("法人番号"),
}

_KEYS: dict[str, Any] = {
    "name": _lazy("名前"),
    "label": _lazy("質問の文"),
    "hint": _lazy("補足"),
    "title": _lazy("題名"),
    "lead": _lazy("説明"),
    "summary": _lazy("概要"),
    "category": _lazy("分類"),
    "life_events": _lazy("ライフイベント"),
    "keywords": _lazy("検索の言葉"),
    "laws": _lazy("根拠法令"),
    "article": _lazy("条"),
    "url": _lazy("アドレス"),
    "who": _lazy("対象者"),
    "not_for": _lazy("対象にならない人"),
    "when": _lazy("時期"),
    "deadline": _lazy("締切"),
    "days": _lazy("日数"),
    "from_field": _lazy("起算日の項目"),
    "rolls": _lazy("閉庁日の繰り延べ"),
    "text": _lazy("文"),
    "fee_text": _lazy("手数料の説明"),
    "minutes_to_apply": _lazy("入力にかかる時間"),
    "processing_days": _lazy("処理の日数"),
    "documents": _lazy("必要な書類"),
    "note": _lazy("補足"),
    "online": _lazy("オンラインでの扱い"),
    "channels": _lazy("受付の方法"),
    "counter": _lazy("窓口の案内"),
    "finder": _lazy("手続ナビの条件"),
    "question": _lazy("質問"),
    "answer": _lazy("答え"),
    "test": _lazy("条件"),
    "otherwise": _lazy("条件に合わないとき"),
    "reason": _lazy("理由"),
    "form": _lazy("フォーム"),
    "component": _lazy("入力の種類"),
    "required": _lazy("必須"),
    "required_if": _lazy("必須にする条件"),
    "visible_if": _lazy("表示する条件"),
    "calculation": _lazy("計算式"),
    "default": _lazy("はじめの値"),
    "prefill": _lazy("自動入力"),
    "options": _lazy("選択肢"),
    "fields": _lazy("項目"),
    "minimum_rows": _lazy("最少の件数"),
    "maximum_rows": _lazy("最多の件数"),
    "media_types": _lazy("ファイルの種類"),
    "maximum_megabytes": _lazy("1件の大きさ"),
    "maximum_files": _lazy("ファイルの数"),
    "maximum_length": _lazy("文字数"),
    "unit": _lazy("単位"),
    "constraint": _lazy("値の制限"),
    "message": _lazy("誤りのときの文"),
    "assurance": _lazy("本人確認"),
    "applicants": _lazy("申請できる人"),
    "delegates": _lazy("代理申請"),
    "payment": _lazy("支払いの時期"),
    "decisions": _lazy("判定の表"),
    "table": _lazy("表"),
    "inputs": _lazy("条件の列"),
    "outputs": _lazy("結果"),
    "rows": _lazy("行"),
    "hit_policy": _lazy("行の選び方"),
    "examples": _lazy("確認の例"),
    "reasons": _lazy("理由の文"),
    "expression": _lazy("判定に使う項目"),
    "workflow": _lazy("流れ"),
    "needs_approval": _lazy("決裁"),
    "kind": _lazy("種類"),
    "template": _lazy("様式"),
    "body": _lazy("本文"),
    "valid_days": _lazy("有効な日数"),
    "retention": _lazy("保存年限"),
    "minutes": _lazy("職員の標準時間"),
    "before": _lazy("これまで"),
    "after": _lazy("このシステムで"),
    "faq": _lazy("よくある質問"),
    "contact": _lazy("担当"),
    "section": _lazy("課"),
    "phone": _lazy("電話"),
    "hours": _lazy("受付時間"),
    "tests": _lazy("テスト"),
    "answers": _lazy("回答"),
    "expect": _lazy("期待する結果"),
    "today": _lazy("日付"),
    "code": _lazy("コード"),
    "ja": "",
    "ja-easy": _lazy("やさしい日本語"),
    "en": _lazy("英語"),
    "fee": _lazy("手数料の表"),
    "eligibility": _lazy("対象者の判定の表"),
    "steps": "",
}


def text_of(value: Any) -> str:
    """Return the Japanese of a text in a document."""
    return str((value or {}).get("ja") or "") if isinstance(value, dict) else str(value or "")


def name_of(item: Any) -> str:
    """Return what a thing in a document is called."""
    if not isinstance(item, dict):
        return ""
    for key in ("label", "title", "name", "question"):
        found = text_of(item.get(key))
        if found:
            return found
    if "component" in item:
        return _("名前のない項目（%(kind)s）") % {"kind": component_word(item["component"])}
    return str(item.get("code") or "")


def component_word(component: str) -> str:
    """Return the name of a component."""
    return str(COMPONENTS[Component(component)][0]) if component in set(Component) else component


def place_words(document: dict[str, Any], path: str) -> str:
    """Return a place in words: 「申請する人 ＞ 氏名 ＞ 補足（英語）」."""
    words: list[str] = []
    parts = parse_path(path)
    for length, part in enumerate(parts, start=1):
        if isinstance(part, int):
            name = name_of(find(document, parts[:length]))
            words.append(f"「{name}」" if name else _("%(number)s番目") % {"number": part + 1})
        elif part in ("ja-easy", "en") and words:
            words[-1] = _("%(what)s（%(language)s）") % {"what": words[-1], "language": _KEYS[part]}
        elif _KEYS.get(part, part):
            words.append(str(_KEYS.get(part, part)))
    return " ＞ ".join(words)


def change_words(change: Change, before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """Return a change as ``label``, ``kind``, ``before`` and ``after`` for a table of differences."""
    document = before if change.kind == "removed" else after
    kinds = {"added": _("追加"), "removed": _("削除"), "changed": _("変更"), "moved": _("移動")}
    if change.kind == "moved":
        sides = [_("%(number)s番目") % {"number": value} for value in (change.before, change.after)]
    else:
        sides = [shown(change.before), shown(change.after)]
    return {
        "label": place_words(document, change.path) or _("手続全体"),
        "kind": kinds[change.kind],
        "before": sides[0],
        "after": sides[1],
    }


def shown(value: Any) -> str:
    """Return a value of a document for people."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, list):
        return "、".join(filter(None, map(shown, value)))
    if isinstance(value, dict):
        name = name_of(value)
        return name or "、".join(f"{_KEYS.get(key, key)}：{shown(item)}" for key, item in value.items() if shown(item))
    return str(value)


def edit_words(edit: dict[str, Any]) -> str:
    """Return what an edit did, for the list of saves and the labels of "take back"."""
    if edit.get("kind") == "undo":
        return _("「%(what)s」を元に戻しました") % {"what": edit_words(edit.get("of") or {})}
    if edit.get("kind") == "redo":
        return _("「%(what)s」をやり直しました") % {"what": edit_words(edit.get("of") or {})}
    kinds = {
        "set": _("入力"), "add": _("追加"), "remove": _("削除"), "move": _("移動"), "shift": _("移動"), "duplicate": _("複製"),
        "component": _("種類の変更"), "rename": _("コードの変更"), "branch": _("分かれる質問の追加"), "row": _("行の追加"),
        "column": _("列の追加"), "without_column": _("列の削除"), "paste": _("表への貼り付け"), "fee": _("手数料の設定"),
        "eligibility": _("判定の表の追加"), "decision": _("判定の表の追加"), "restore": _("前の状態の復元"),
        "start": _("編集の開始"), "import": _("ファイルの読み込み"), "version": _("前の版の復元"),
    }  # fmt: skip
    word = kinds.get(str(edit.get("kind")), _("変更"))
    place = place_words({}, re.sub(r"\.\d+", "", (edit.get("paths") or [""])[0]))
    name = str(edit.get("name") or "") or place
    return _("%(name)s：%(what)s") % {"name": name, "what": word} if name else word


def fault_words(message: str) -> str:
    """Return what the model says of a value in plain Japanese."""
    number = re.search(r"(\d+)", message)
    count = number[1] if number else ""
    if "at most" in message:
        return _("%(count)s文字以内で書いてください。") % {"count": count}
    if "less than or equal" in message:
        return _("%(count)s以下の数で書いてください。") % {"count": count}
    if "greater than or equal" in message:
        return _("%(count)s以上の数で書いてください。") % {"count": count}
    if "pattern" in message:
        return _("使えない文字があります。コードは英小文字で始まる英小文字・数字・「_」「-」で書いてください。")
    if "Field required" in message:
        return _("この項目がありません。")
    if "Extra inputs" in message:
        return _("知らない項目です。つづりを確かめてください。")
    if "Input should be" in message and "valid" not in message:
        return _("選べる値ではありません。")
    if message.startswith("JSON"):
        return _("ファイルを読めません（%(detail)s）。書き出したファイルかどうか確かめてください。") % {
            "detail": message
        }
    return _("値の形が合いません（%(detail)s）。") % {"detail": message}


def expectation(name: str) -> str:
    """Return what a test expects, by its key (``fee``, ``calculated.total``)."""
    known = {
        "valid": _("申請できるか"),
        "errors": _("誤りになる質問"),
        "visible": _("出る質問"),
        "hidden": _("出ない質問"),
        "fee": _("手数料"),
        "eligible": _("対象になるか"),
        "documents": _("必要な書類"),
        "deadline": _("締切"),
    }
    head, _dot, rest = name.partition(".")
    return _("計算（%(name)s）") % {"name": rest} if head == "calculated" else known.get(name, name)


def plain(value: Any) -> str:
    """Return a value of an example as it is typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
