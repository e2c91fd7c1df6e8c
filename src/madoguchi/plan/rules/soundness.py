"""What keeps a checked draft from becoming a plan: faults that no table would take, named by line and place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .draft import DraftAction, DraftGoal, DraftIndicator, DraftMeasure, DraftPlan, DraftProject, Relation, YearValue

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Western years a plan may speak of; 令和5年 read as 5, or a page number read as a year, falls outside."""

CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
RELATIONS = frozenset(
    {"sdg", "basic_policy", "dx_priority", "superior_plan", "policy_field", "goal_category", "predecessor", "legend"}
)
LONGEST = {"title": 300, "code": 20, "label": 300, "unit": 40, "text": 300, "basis": 40, "as_of": 60, "progress": 4,
           "evaluation": 4}  # fmt: skip
NAMES = {"title": "名称", "code": "番号", "label": "名称", "unit": "単位", "text": "表記", "basis": "比較の基準",
         "as_of": "時点", "progress": "進捗評価", "evaluation": "評価"}  # fmt: skip
LONGEST_PLAN_TITLE = 200
LARGEST_LINE = 2**31 - 1

Part = DraftGoal | DraftMeasure | DraftProject


def faults(plans: Iterable[DraftPlan]) -> Iterator[str]:
    """Yield every fault in words: source line, place, what is wrong and what to do. Nothing when it can be published."""
    plans = tuple(plans)
    if not plans:
        yield "計画が1つも入っていません。計画書を読み取り直してください。"
    for code in _twice(plan.code for plan in plans):
        yield f"計画のコード「{code}」が2回使われています。片方を別のコードに訂正してください。"
    for plan in plans:
        yield from _plan(plan)


def _plan(plan: DraftPlan) -> Iterator[str]:
    where = _where(plan.line, "計画", plan.title)
    if not CODE.fullmatch(plan.code):
        yield f"{where}: コード「{plan.code}」に使えるのは、半角の英字・数字・「-」「_」で40字までです。"
    if not plan.title.strip() or len(plan.title) > LONGEST_PLAN_TITLE:
        yield f"{where}: 計画名は1〜{LONGEST_PLAN_TITLE}字にしてください。"
    for year in (plan.start_fiscal_year, plan.end_fiscal_year):
        yield from _year(year, where)
    if plan.end_fiscal_year < plan.start_fiscal_year:
        yield f"{where}: 終了年度（{plan.end_fiscal_year}）が開始年度（{plan.start_fiscal_year}）より前です。"
    yield from _relations(plan.relations, where)
    for goal in plan.goals:
        yield from _part(goal, "基本目標", plan.end_fiscal_year)


def _part(part: Part, kind: str, end: int) -> Iterator[str]:
    where = _where(part.line, kind, part.title)
    yield from _lengths(part, ("title", "code", "progress"), where)
    if not part.title.strip():
        yield f"{where}: 名称がありません。"
    yield from _relations(part.relations, where)
    for indicator in part.indicators:
        yield from _indicator(indicator, where, end)
    for action in getattr(part, "actions", ()):
        yield from _action(action, where)
    for measure in getattr(part, "measures", ()):
        yield from _part(measure, "施策", end)
    for project in getattr(part, "projects", ()):
        yield from _part(project, "事業", end)


def _indicator(indicator: DraftIndicator, above: str, end: int) -> Iterator[str]:
    where = f"{above} 指標「{indicator.label}」"
    yield from _lengths(indicator, ("label", "unit", "evaluation"), where)
    if not indicator.label.strip():
        yield f"{where}: 指標の名称がありません。"
    baseline = () if indicator.baseline is None else (indicator.baseline,)
    for value in (*baseline, *indicator.targets, *indicator.actuals):
        yield from _value(value, where)
    for what, values in (("目標値", indicator.targets), ("実績", indicator.actuals)):
        # A value without a year counts for the last year of the plan.
        for year in _twice(end if value.fiscal_year is None else value.fiscal_year for value in values):
            yield f"{where}: {year}年度の{what}が2つあります。どちらかの年度を訂正してください。"


def _value(value: YearValue, where: str) -> Iterator[str]:
    if value.fiscal_year is not None:
        yield from _year(value.fiscal_year, f"{value.line}行目 {where}")
    yield from _lengths(value, ("text", "basis", "as_of"), where)
    yield from _line(value.line, where)


def _action(action: DraftAction, where: str) -> Iterator[str]:
    yield from _lengths(action, ("label",), f"{where} 行動目標")
    for word in action.words:
        yield from _year(word.fiscal_year, f"{where} 行動目標「{action.label}」")


def _relations(relations: tuple[Relation, ...], where: str) -> Iterator[str]:
    for relation in relations:
        if relation.kind not in RELATIONS:
            yield f"{where}: 関連の種類「{relation.kind}」はありません（{'、'.join(sorted(RELATIONS))}）。"


def _year(year: int, where: str) -> Iterator[str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield f"{where}: 年度「{year}」は西暦{FIRST_YEAR}〜{LAST_YEAR}に訂正してください。"


def _line(line: int, where: str) -> Iterator[str]:
    if not 0 <= line <= LARGEST_LINE:
        yield f"{where}: 行番号「{line}」は0以上にしてください。"


def _lengths(part: object, names: tuple[str, ...], where: str) -> Iterator[str]:
    for name in names:
        if len(getattr(part, name, "")) > LONGEST[name]:
            yield f"{where}: {NAMES[name]}は{LONGEST[name]}字以内に訂正してください。"


def _where(line: int, kind: str, title: str) -> str:
    return f"{line}行目 {kind}「{title[:30]}」"


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]
