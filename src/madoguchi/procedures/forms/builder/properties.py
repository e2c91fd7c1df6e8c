"""Every property of a definition that the builder asks for: where it stands, how it is asked, what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _lazy


@dataclass(frozen=True, slots=True)
class Property:
    """
    One property: ``kind`` says how it is asked and read.

    line, area: a text. text, texts: a text in three languages (one line, several). integer, optional: a whole number (optional
    may be empty). yes: true or false. select: one of the options called ``options``. checks: several of them. tags: words
    divided by 、. date. condition: see ``clauses``. limits: minimum, maximum and pattern. expect, values: named values.
    ``rebuilds`` marks what changes which other properties are shown.
    """

    kind: str
    label: Any
    hint: Any = ""
    options: str = ""
    unit: Any = ""
    width: int | None = None
    rebuilds: bool = False


P = Property
_DAYS, _MINUTES = _lazy("日"), _lazy("分")

PROPERTIES: dict[str, Property] = {
    "name": P("text", _lazy("手続の名前"), _lazy("住民に分かる言葉で。例：犬の登録を申し込む")),
    "summary": P("texts", _lazy("概要"), _lazy("この手続で何ができるか、1〜2文で")),
    "category": P("select", _lazy("分類"), options="categories"),
    "life_events": P(
        "checks", _lazy("ライフイベント"), _lazy("手続ナビで、どの入口から見つかるか"), options="life_events"
    ),
    "keywords": P("tags", _lazy("検索の言葉"), _lazy("住民が使いそうな言い方。「、」で区切ります")),
    "who": P("texts", _lazy("対象になる人")),
    "not_for.*": P("text", _lazy("対象にならない人")),
    "when": P("texts", _lazy("いつ申し込むか")),
    "deadline.text": P("text", _lazy("締切の書き方"), _lazy("例：引っ越した日から14日以内")),
    "deadline.days": P(
        "optional", _lazy("起算日からの日数"), _lazy("前に締め切るときはマイナス。決まっていなければ空欄"), unit=_DAYS
    ),
    "deadline.from_field": P("select", _lazy("起算日になる項目"), options="dates"),
    "deadline.rolls": P("yes", _lazy("締切が閉庁日のときは、次の開庁日まで延ばす")),
    "fee_text": P("text", _lazy("手数料の説明"), _lazy("案内のページに出ます。例：1通300円")),
    "minutes_to_apply": P("integer", _lazy("入力にかかる時間"), unit=_MINUTES),
    "processing_days": P("integer", _lazy("結果が出るまでの日数"), unit=_DAYS),
    "laws.*.title": P("line", _lazy("法令の名前")),
    "laws.*.article": P("line", _lazy("条")),
    "laws.*.url": P("line", _lazy("アドレス"), _lazy("https:// で始まるもの")),
    "documents.*.name": P("text", _lazy("書類の名前")),
    "documents.*.note": P("text", _lazy("補足")),
    "documents.*.required_if": P("condition", _lazy("必要になる場合"), _lazy("選ばなければ、いつも必要です")),
    "documents.*.online": P("select", _lazy("オンラインでは"), options="online"),
    "documents.*.code": P("line", _lazy("コード"), _lazy("ふつうは変えません"), width=20),
    "faq.*.question": P("text", _lazy("質問")),
    "faq.*.answer": P("texts", _lazy("答え")),
    "contact.section": P("text", _lazy("担当の課")),
    "contact.phone": P("line", _lazy("電話番号"), width=20),
    "contact.hours": P("text", _lazy("受付時間")),
    "counter": P("texts", _lazy("窓口の案内"), _lazy("場所、持ち物の渡し方など")),
    "finder.*.question": P("select", _lazy("手続ナビの質問"), options="questions", rebuilds=True),
    "finder.*.test": P("test", _lazy("この答えのとき対象"), _lazy('FEELの条件。例：true、"yes"、>= 65')),
    "finder.*.otherwise": P("select", _lazy("違う答えのとき"), options="otherwise"),
    "finder.*.reason": P("text", _lazy("対象でない理由の文")),
    "form.steps.*.title": P("text", _lazy("ステップの題名"), _lazy("進み具合の表示に出る名前")),
    "form.steps.*.lead": P("texts", _lazy("ステップの説明")),
    "form.steps.*.visible_if": P("condition", _lazy("このステップを出す場合"), _lazy("選ばなければ、いつも出ます")),
    "form.steps.*.code": P("line", _lazy("コード"), _lazy("ふつうは変えません"), width=20),
    "field.label": P("text", _lazy("質問の文")),
    "field.hint": P("text", _lazy("補足"), _lazy("書き方の例など")),
    "field.required": P("yes", _lazy("必須にする"), rebuilds=True),
    "field.visible_if": P("condition", _lazy("この質問を出す場合"), _lazy("選ばなければ、いつも出ます")),
    "field.required_if": P("condition", _lazy("必須になる場合"), _lazy("選ぶと、この場合だけ必須になります")),
    "field.calculation": P("area", _lazy("計算式（FEEL）"), _lazy("例：copies * 300")),
    "field.prefill": P(
        "select", _lazy("市が知っている値を入れておく"), _lazy("住民が同意したときだけ"), options="prefills"
    ),
    "field.options.*.label": P("text", _lazy("選択肢")),
    "field.options.*.hint": P("text", _lazy("選択肢の補足")),
    "field.options.*.code": P("line", _lazy("コード"), width=12),
    "field.minimum_rows": P("integer", _lazy("最少の件数"), unit=_lazy("件")),
    "field.maximum_rows": P("integer", _lazy("最多の件数"), unit=_lazy("件")),
    "field.media_types": P(
        "checks", _lazy("受け付けるファイル"), _lazy("選ばなければ、写真とPDF"), options="media_types"
    ),
    "field.maximum_megabytes": P("integer", _lazy("1件の大きさ"), unit="MB"),
    "field.maximum_files": P("integer", _lazy("ファイルの数"), unit=_lazy("件")),
    "field.maximum_length": P("optional", _lazy("文字数の上限"), unit=_lazy("文字")),
    "field.unit": P("text", _lazy("単位"), _lazy("例：枚、㎡")),
    "field.constraint": P("limits", _lazy("値の制限")),
    "field.message": P("text", _lazy("制限に合わないときの文")),
    "field.code": P(
        "line", _lazy("コード"), _lazy("条件や計算式で使う名前。変えると、使っている場所も直ります"), width=20
    ),
    "decisions.*.table.hit_policy": P("select", _lazy("行の選び方"), options="hit_policies"),
    "decisions.*.table.inputs.*.expression": P("line", _lazy("判定に使う項目")),
    "decisions.*.table.inputs.*.label": P("text", _lazy("列の見出し")),
    "decisions.*.table.outputs.*.name": P("line", _lazy("結果の名前")),
    "decisions.*.table.rows.*.*": P("line", _lazy("値")),
    "decisions.*.examples.*.given": P("values", _lazy("条件")),
    "decisions.*.examples.*.expect": P("values", _lazy("期待する結果")),
    "decisions.*.reasons.*": P("text", _lazy("理由の文")),
    "assurance": P("select", _lazy("本人確認"), options="assurances"),
    "applicants": P("checks", _lazy("申請できる人"), options="applicants"),
    "delegates": P("yes", _lazy("代理人の申請を受け付ける")),
    "payment": P("select", _lazy("支払いの時期"), options="payments", rebuilds=True),
    "retention": P("select", _lazy("保存年限"), options="retentions"),
    "minutes.before": P("integer", _lazy("これまで（紙・窓口）"), unit=_MINUTES),
    "minutes.after": P("integer", _lazy("このシステムで"), unit=_MINUTES),
    "channels": P("checks", _lazy("受付の方法"), options="channels"),
    "needs_approval": P("yes", _lazy("結果を決める前に、別の職員の決裁を受ける"), rebuilds=True),
    "workflow": P("area", _lazy("BPMN 2.0 のXML")),
    "outputs.*.name": P("text", _lazy("住民に渡すものの名前")),
    "outputs.*.kind": P("select", _lazy("種類"), options="output_kinds"),
    "outputs.*.template": P("select", _lazy("様式"), options="templates"),
    "outputs.*.title": P("text", _lazy("文書の題名"), _lazy("空欄なら名前と同じ")),
    "outputs.*.body": P("texts", _lazy("本文")),
    "outputs.*.valid_days": P("optional", _lazy("有効な日数"), _lazy("決まっていなければ空欄"), unit=_DAYS),
    "outputs.*.fields": P("checks", _lazy("文書に載せる回答"), options="fields"),
    "outputs.*.code": P("line", _lazy("コード"), _lazy("ふつうは変えません"), width=20),
    "tests.*.name": P("line", _lazy("テストの名前"), _lazy("例：小型犬は3,000円")),
    "tests.*.today": P("date", _lazy("申請する日"), _lazy("空欄なら今日")),
    "tests.*.answers": P("json", _lazy("回答（JSON）")),
    "tests.*.expect": P("expect", _lazy("期待する結果")),
}

_FIELD = re.compile(r"^form\.steps\.\*(?:\.fields\.\*)+")


def pattern_of(path: str) -> str:
    """Return the key of ``PROPERTIES`` for a place."""
    pattern = re.sub(r"(?<=\.)\d+(?=\.|$)", "*", path)
    pattern = re.sub(r"^decisions\.[^.]+", "decisions.*", pattern)
    pattern = re.sub(r"^(decisions\.\*\.reasons)\.[^.]+$", r"\1.*", pattern)
    return _FIELD.sub("field", pattern)


def property_at(path: str) -> Property | None:
    """Return the property at a place, or None where nothing is asked."""
    return PROPERTIES.get(pattern_of(path))
