"""What is wrong with the plans of the city, in words and with the place where it is put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal

from ..enums import BindingKind
from ..models import Indicator, Plan, Project, PushToken
from ..rules.actual_values import written
from ..rules.lint import (
    Fault,
    Finding,
    IndicatorFacts,
    ProjectFacts,
    Severity,
    TargetFacts,
    check_plan,
    count_by_severity,
)
from .loading import with_values
from .staleness import owner_name


@dataclass(frozen=True, slots=True)
class PlanFindings:
    """The findings of one plan, the heaviest first, and how many there are of each severity."""

    plan: Plan
    findings: list[Finding]
    counts: dict[Severity, int]


def lint_plan(plan: Plan) -> PlanFindings:
    """Check a plan; a constant number of queries whatever its size."""
    tokens = PushToken.objects.filter(revoked_at__isnull=True, expires_at__gt=clock.now())
    indicators = with_values(Indicator.objects.filter(plan=plan)).prefetch_related(Prefetch("push_tokens", tokens))
    projects = [ProjectFacts(id=project.pk, title=project.title) for project in Project.objects.filter(plan=plan)]
    findings = check_plan(plan.fiscal_years, projects, [facts_of(indicator) for indicator in indicators])
    ordered = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
    return PlanFindings(plan, ordered, count_by_severity(findings))


def lint_plans(plans: Iterable[Plan]) -> list[PlanFindings]:
    """Check several plans."""
    return [lint_plan(plan) for plan in plans]


def facts_of(indicator: Indicator) -> IndicatorFacts:
    """Return what the checks know of an indicator loaded by ``with_values`` and with its living ``push_tokens``."""
    past = {
        actual.fiscal_year: actual.value
        for actual in indicator.actuals.all()
        if actual.status == "approved" and actual.value is not None
    }
    if indicator.baseline_fiscal_year is not None and indicator.baseline_value is not None:
        past.setdefault(indicator.baseline_fiscal_year, indicator.baseline_value)
    return IndicatorFacts(
        id=indicator.pk,
        label=indicator.label,
        unit=indicator.unit,
        type=indicator.type,
        kind=indicator.kind,
        direction=indicator.direction,
        project_id=indicator.project_id,
        baseline=indicator.baseline_value,
        targets=[
            TargetFacts(fiscal_year=target.fiscal_year, value=target.value, text=target.text)
            for target in indicator.targets.all()
        ],
        past=sorted(past.items()),
        binding_kind=indicator.binding_kind,
        is_bound=_is_bound(indicator),
        has_source=bool(indicator.source_text or indicator.note),
        has_owner=bool(owner_name(indicator)),
    )


def _is_bound(indicator: Indicator) -> bool:
    if indicator.binding_kind == BindingKind.METER:
        return bool(indicator.binding.get("expression"))
    return indicator.binding_kind != BindingKind.PUSH or bool(indicator.push_tokens.all())


@dataclass(frozen=True, slots=True)
class SubjectFindings:
    """The findings of one indicator or project; ``severity`` is the heaviest of them."""

    subject: str
    subject_id: int
    title: str
    findings: list[Finding]

    @property
    def severity(self) -> Severity:
        """The heaviest severity."""
        return min((finding.severity for finding in self.findings), key=list(Severity).index)


def by_subject(findings: Iterable[Finding]) -> list[SubjectFindings]:
    """Put the findings of one subject together; those with the heaviest findings come first."""
    groups: dict[tuple[str, int], SubjectFindings] = {}
    for finding in findings:
        key = (finding.subject, finding.subject_id)
        group = groups.setdefault(key, SubjectFindings(*key, finding.title, []))
        group.findings.append(finding)
    return sorted(groups.values(), key=lambda group: list(Severity).index(group.severity))


def finding_words(finding: Finding) -> str:
    """Return what is wrong and what to do about it."""
    values = {name: _figure(name, value) for name, value in finding.values.items()}
    words = {
        Fault.NO_BASELINE: _("基準値がありません。どこから始まったのかを入れると、進み具合を計算できます。"),
        Fault.NO_SOURCE: _(
            "実績をどの資料から取るのかが決まっていません。出典を書くか、自動計測に結び付けてください。"
        ),
        Fault.NO_BINDING: _("自動で受け取る設定ですが、計算式または有効なトークンがありません。"),
        Fault.NO_OWNER: _("責任を持つ課や担当者が決まっていません。"),
        Fault.NO_UNIT: _("単位がありません。何を数えるのかが伝わりません。"),
        Fault.NO_TARGET: _("目標値がありません。"),
        Fault.NOT_NUMERIC: _("%(year)sの目標「%(text)s」が数になっていません。届いたかどうかを判定できません。"),
        Fault.OVER_HUNDRED: _("%(year)sの目標（%(value)s%%）が100%%を超えています。"),
        Fault.OUTSIDE_PLAN: _("計画期間の外の年度（%(year)s）に目標があります。"),
        Fault.UNREACHABLE: _(
            "%(year)sの目標に届くには1年に%(step)sずつ良くなる必要がありますが、これまでの最大は%(best)sです。"
        ),
        Fault.ALREADY_MET: _("目標（%(value)s）は、基準値（%(baseline)s）ですでに達成されています。"),
        Fault.NO_INDICATOR: _("この事業には指標がありません。"),
        Fault.NO_OUTCOME: _(
            "「%(label)s」など、行うことだけを測っています。市民や職員にとっての成果を測る指標を加えてください。"
        ),
    }
    text = words[finding.fault]
    return text % values if "%(" in text or "%%" in text else text


def _figure(name: str, value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    return fiscal.label(int(value)) if name == "year" else written(round(float(value), 2), "")


def severity_words(severity: Severity) -> str:
    """Return what a severity is called."""
    return {
        Severity.ERROR: _("直す必要があります"),
        Severity.WARNING: _("確かめてください"),
        Severity.HINT: _("よりよくできます"),
    }[severity]


SEVERITY_TONES = {Severity.ERROR: "bad", Severity.WARNING: "caution", Severity.HINT: "active"}
