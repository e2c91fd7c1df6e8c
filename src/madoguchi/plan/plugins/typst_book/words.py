"""The words of the printed books in the language that is active; names and texts of the plan stay as the plan has them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.kit import era, fiscal

from ...enums import PortfolioClass
from ...rules.progress import Status
from ...selectors.words import class_short, sdg_name, status_word

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - one line reads better
)


def language() -> str:
    """Return the code of the active language: ``ja``, ``ja-easy`` or ``en``."""
    return get_language() or "ja"


def long_year(value: int) -> str:
    """Return a fiscal year as running text names it: 令和5年度, 2023年度（令和5年度）, FY2023."""
    return fiscal.label(value, language())


def short_year(value: int) -> str:
    """Return a fiscal year as the head of a column names it: 令和5年度, 2023年度, FY2023."""
    return f"{value}年度" if language() == "ja-easy" else fiscal.label(value, language())


def long_date(day: date) -> str:
    """Return a date in words: 令和8年11月20日, 2026年11月20日, 20 November 2026."""
    if language() == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    found = None if language() == "ja-easy" else era.to_era(day)
    year = f"{day.year}" if found is None else f"{found[0].name}{era.era_year(found[1])}"
    return f"{year}年{day.month}月{day.day}日"


def common_words() -> dict[str, str]:
    """Return the words that every publication uses."""
    return {
        "sample": _("見本 ― 公式の冊子ではありません"),
        "sample-short": _("見本（公式の冊子ではありません）"),
        "period": _("{first}〜{last}（{from}年4月〜{to}年3月）"),
        "as-of": _("{day}現在"),
        "contents": _("目次"),
        "goal": _("基本目標"),
        "measure": _("施策"),
        "project": _("事業"),
        "goals": _("基本目標の数"),
        "measures": _("施策の数"),
        "projects": _("事業の数"),
        "indicators": _("指標の数"),
        "of-priority": _("（うち重点 {count}）"),
        "priority": _("重点"),
        "new": _("新規"),
        "class": _("区分 {name}"),
        "class-short": _("区分"),
        "indicator": _("指標"),
        "baseline": _("基準値"),
        "target": _("目標"),
        "actual": _("実績"),
        "code": _("番号"),
        "value": _("値"),
        "line": _("行"),
        "item": _("項目"),
        "years": _("計画期間"),
        "issuer": _("発行"),
        "printed": _("作成日"),
        "contents-digest": _("内容のダイジェスト（SHA-256）"),
        "fonts": _("書体"),
        "fonts-note": "BIZ UDPGothic, BIZ UDPMincho (SIL Open Font License 1.1)",
        "source-line": _("出典: 計画書 {line}行目"),
        "missing-title": _("書体にない文字"),
        "missing": _("次の文字は書体にないため、代わりの文字または〓で印刷しました。"),
    }


def book_words() -> dict[str, str]:
    """Return the words of the plan book."""
    return {
        **common_words(),
        **_relations(),
        "book": _("計画書"),
        "philosophy": _("基本理念"),
        "predecessor": _("前の計画"),
        "measure-or-project": _("施策・事業"),
        "sdgs": "SDGs",
        "kgi": _("目標値（KGI）"),
        "kpi": _("成果指標（KPI）と目標値"),
        "sections": _("担当課"),
        "summary": _("内容"),
        "effects": _("期待される効果"),
        "overall": _("全体目標"),
        "tasks": _("取組"),
        "task": _("取組"),
        "schedule": _("年度ごとの予定"),
        "evaluated": _("評価 {mark}"),
        "progress": _("進捗 {mark}"),
        "discontinued": _("{year}から中止"),
        "retired": _("{year}から使用しない"),
        "opinion": _("結果に対する見解: "),
        "source": _("出典"),
        "reading-priority": _("重点的に進め、半年ごとに評価する事業です。"),
        "reading-new": _("この計画で新しく始める事業です。"),
        "reading-class": _("事業を実現性と新たな価値で分けた区分です（A・B・C・候補）。"),
        "reading-target": _("各年度の終わりまでに目指す値です。計画書の表記のまま載せています。"),
        "reading-source": _("もとの計画書で、その内容が書かれている行の番号です。"),
    }


def report_words() -> dict[str, str]:
    """Return the words of the yearly report."""
    return {
        **common_words(),
        "report": _("年次報告書"),
        "report-period": _("{year}（{from}年4月〜{to}年3月）"),
        "with-target": _("目標のある指標"),
        "measured": _("実績のある指標"),
        "achieved": _("達成した指標"),
        "share": _("達成率"),
        "share-note": _("達成率は、目標と実績がそろった指標のうち、目標を達成した割合です（小数点以下は切り捨て）。"),
        "rate": _("達成度"),
        "rate-note": _("達成度は、基準値から目標値までの道のりのうち、どこまで進んだかを表します（目標値で100%）。"),
        "state": _("状態"),
        "evaluated": _("評価 {mark}"),
        "of-year": _("{year}の目標"),
        "latest": _("最新 {year}: {text}"),
        "no-indicators": _("この計画は指標を定めていません。"),
        "whole": _("計画全体"),
        "as-planned": _("計画どおり"),
        "delayed": _("遅れ"),
        "stopped": _("中止"),
        "progress-rate": _("進捗達成率"),
        "goal-rate": _("目標{code}の進捗達成率"),
        "outcomes": _("成果を達成した事業"),
        "priority-projects": _("重点プロジェクト"),
        "reported": _("計画書の値"),
        "computed": _("計算した値"),
        "agrees": _("一致"),
        "differs": _("不一致"),
        "progress": _("進捗"),
        "marks-note": _("計画書が各事業につけた印（○ 計画どおり、△ 遅れ、× 中止）から計算しました。"),
        "check-note": _("計画書が示す値と、印から計算した値を並べています。"),
        "self": _("自己評価"),
        "secretariat": _("事務局"),
        "council": _("調整会議"),
        "comment": _("調整会議の意見"),
        "no-review": _("この年度の評価はまだ確定していません。"),
        "closed-on": _("{day}に確定"),
        "order": _("改善指示"),
        "due": _("期限 {day}"),
        "answer": _("対応: "),
        "day": _("日付"),
        "subject": _("対象"),
        "field": _("項目"),
        "before": _("変更前"),
        "after": _("変更後"),
        "reason": _("理由"),
        "by-order": _("（改善指示による）"),
        "no-changes": _("この年度に、記録された計画の変更はありません。"),
        "rule": _("採点規則"),
        "frozen-digest": _("確定時のダイジェスト（{period}）"),
        "seal-words": _("出来事の鎖の{number}番（{hash}）に封印"),
        "not-sealed": _("まだ封印されていません"),
    }


def overview_words() -> dict[str, str]:
    """Return the words of the overview sheet."""
    return {
        **common_words(),
        "overview": _("計画の全体図"),
        "state-of": _("{year}までの実績による"),
        "progress": _("進捗 {mark}"),
    }


def period_words() -> dict[str, str]:
    """Return what the periods of a review are called."""
    return {"first_half": _("上半期の評価"), "full_year": _("年度の評価")}


def order_words() -> dict[str, str]:
    """Return what the states of an improvement order are called."""
    return {"open": _("対応待ち"), "answered": _("対応済み（確認待ち）"), "accepted": _("確認済み")}


def report_titles() -> dict[str, str]:
    """Return the titles of the chapters of the yearly report."""
    return {
        "part-contents": _("目次"),
        "part-summary": _("結果のあらまし"),
        "part-marks": _("進捗と成果"),
        "section-checks": _("計画書の数値との照合"),
        "section-projects": _("事業ごとの進捗"),
        "part-indicators": _("指標の結果"),
        "part-charts": _("指標の推移"),
        "part-reviews": _("評価の結果"),
        "part-changes": _("計画の変更"),
    }


def _relations() -> dict[str, str]:
    return {
        "relation-basic_policy": _("基本法の方針"),
        "relation-dx_priority": _("自治体DX"),
        "relation-superior_plan": _("上位・関連計画"),
        "relation-policy_field": _("施策分野"),
        "relation-goal_category": _("目標区分"),
        "relation-predecessor": _("前の計画"),
        "relation-legend": _("凡例"),
    }


def part_titles() -> dict[str, str]:
    """Return the titles of the chapters by the name of their label."""
    return {
        "part-contents": _("目次"),
        "part-plan": _("計画のあらまし"),
        "section-goals": _("基本目標ごとの内訳"),
        "section-reading": _("この冊子の読み方"),
        "part-structure": _("計画の体系"),
        "part-indicators": _("指標の一覧"),
        "part-matrix-sdg": _("SDGsとの対応"),
        "part-matrix-basic_policy": _("基本法の基本方針との対応"),
        "part-matrix-dx_priority": _("自治体DXの重点取組事項との対応"),
        "part-sections": _("担当課別の索引"),
        "part-reported": _("計画書が示す数値"),
    }


def status_words() -> dict[str, str]:
    """Return what the states of an indicator are called."""
    return {str(status): status_word(status) for status in Status}


def class_words() -> dict[str, str]:
    """Return what the classes of a project are called."""
    return {"": "", **{str(value): class_short(value) for value in PortfolioClass.values}}


def sdg_words() -> dict[str, str]:
    """Return the names of the 17 Sustainable Development Goals (持続可能な開発目標) by number."""
    return {str(number): sdg_name(number) for number in range(1, 18)}
