"""Closed vocabularies of the plan room."""

from __future__ import annotations

from django.db import models


class IndicatorLevel(models.TextChoices):
    """KGI hangs on a goal or measure, KPI on a project."""

    KGI = "kgi", "KGI（施策目標値）"
    KPI = "kpi", "KPI（成果指標）"


class IndicatorType(models.TextChoices):
    """What an indicator counts."""

    COUNT = "count", "件数"
    RATIO = "ratio", "割合"
    DURATION = "duration", "時間"
    MONEY = "money", "金額"
    MILESTONE = "milestone", "到達段階"
    EXISTENCE = "existence", "有無"


class IndicatorKind(models.TextChoices):
    """How the yearly values of an indicator relate to each other."""

    ANNUAL = "annual", "年間"
    CUMULATIVE = "cumulative", "累計"
    STOCK = "stock", "時点"


class Direction(models.TextChoices):
    """Whether more or less is better."""

    UP = "up", "大きいほどよい"
    DOWN = "down", "小さいほどよい"


class PortfolioClass(models.TextChoices):
    """Class of a project by feasibility × new value (事業区分)."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    CANDIDATE = "candidate", "候補"


class PlanStatus(models.TextChoices):
    """Where a plan stands."""

    ACTIVE = "active", "計画期間中"
    FINISHED = "finished", "終了"


class DraftStatus(models.TextChoices):
    """Where an imported document stands."""

    OPEN = "open", "確認中"
    PUBLISHED = "published", "公開済み"
    DISCARDED = "discarded", "破棄"


class ActualStatus(models.TextChoices):
    """Where an actual value stands; only approved ones count."""

    SUBMITTED = "submitted", "承認待ち"
    APPROVED = "approved", "承認済み"
    RETURNED = "returned", "差し戻し"


class ActualSource(models.TextChoices):
    """Where an actual value came from."""

    DOCUMENT = "document", "計画書"
    MANUAL = "manual", "手入力"
    METER = "meter", "自動計測"
    PUSH = "push", "外部システム"
    CSV = "csv", "CSV取込"


class BindingKind(models.TextChoices):
    """How an indicator gets its actual values."""

    METER = "meter", "自動計測"
    MANUAL = "manual", "手入力（根拠資料つき）"
    PUSH = "push", "外部システムからの送信"


class RoundPeriod(models.TextChoices):
    """Which part of a fiscal year a review round looks at."""

    FIRST_HALF = "first_half", "上半期"
    FULL_YEAR = "full_year", "年度"


class RoundStatus(models.TextChoices):
    """Steps of a review round (相模原市ICT総合戦略 第6章の流れ)."""

    SELF_EVALUATION = "self_evaluation", "自己評価"
    SECRETARIAT = "secretariat", "事務局確認"
    COUNCIL = "council", "調整会議"
    CLOSED = "closed", "確定"


class EvaluationStatus(models.TextChoices):
    """Where the evaluation of one project stands in a round."""

    WAITING = "waiting", "未提出"
    SUBMITTED = "submitted", "提出済み"
    SCORED = "scored", "事務局確認済み"
    DECIDED = "decided", "調整会議済み"


class OrderStatus(models.TextChoices):
    """Where an improvement order (改善指示) stands."""

    OPEN = "open", "対応待ち"
    ANSWERED = "answered", "対応済み（確認待ち）"
    ACCEPTED = "accepted", "確認済み"


class RelationKind(models.TextChoices):
    """What a plan, goal, measure or project is tied to."""

    SDG = "sdg", "SDGs"
    BASIC_POLICY = "basic_policy", "官民データ活用推進基本法の基本方針"
    DX_PRIORITY = "dx_priority", "自治体DX推進計画の重点取組事項"
    SUPERIOR_PLAN = "superior_plan", "上位・関連計画"
    POLICY_FIELD = "policy_field", "施策分野"
    GOAL_CATEGORY = "goal_category", "目標区分"
    PREDECESSOR = "predecessor", "前計画の事業"
    LEGEND = "legend", "計画書の凡例"
