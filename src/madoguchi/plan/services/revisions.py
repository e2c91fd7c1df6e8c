"""Re-planning (計画の見直し): a project, its schedule and its indicators change, with a reason and a history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Account, current_municipality, record_event

from .. import events
from ..enums import Direction, IndicatorKind, IndicatorLevel, IndicatorType
from ..errors import PlanError, StaleError
from ..models import Action, ChangeRecord, ImprovementOrder, Indicator, Plan, Project, ProjectUnit, Target
from ..permissions import plan_policy, project_policy
from ..rules.concepts import concept_of
from ..rules.reading.values import parse_value
from ..rules.revision import TEXT_FIELDS, NewIndicator, ProjectRevision, read_target, with_word, word_of
from .changes import record_change
from .comparison import publish_figures
from .refusals import recording_refusals
from .reviews.freezing import require_open_period
from .sections import link_sections


@dataclass(frozen=True, slots=True)
class Done:
    """One change that was made."""

    subject: Project | Indicator
    field: str
    before: Any
    after: Any


@recording_refusals(events.REVISION_REFUSED, subject="project")
def revise_project(
    *,
    project: Project,
    revision: ProjectRevision,
    reason: str,
    version: int,
    actor: Account,
    order: ImprovementOrder | None = None,
) -> list[ChangeRecord]:
    """
    Change a project, all or nothing; returns the rows of the history.

    ``order`` is the improvement order that the change answers. The sections are changed by the secretariat alone. Raises
    ``RefusedError``, ``StaleError``, ``FrozenPeriodError`` for figures of a frozen year, and ``PlanError`` naming what is
    wrong, when no reason is given or nothing changed.
    """
    project_policy.require(actor, "edit", project)
    if revision.sections is not None and list(revision.sections) != project.sections:
        plan_policy.require(actor, "edit", project.plan)
    found = Project.objects.select_for_update(of=("self",)).select_related("plan").get(pk=project.pk)
    _check(found, revision, reason, version, order)
    done = [*_texts(found, revision), *_sections(found, revision), *_discontinued(found, revision)]
    done += [*_schedule(found, revision), *_targets(found, revision), *_retired(found, revision)]
    done += [_added(found, item) for item in revision.add]
    return _finish(found, done, reason, actor, order)


@recording_refusals(events.REVISION_REFUSED, subject="record")
def restore_value(*, record: ChangeRecord, reason: str, version: int, actor: Account) -> list[ChangeRecord]:
    """
    Give a field the value it had before a change, as a new change; ``version`` is that of the project.

    Raises ``PlanError`` for what cannot be brought back (an added indicator is retired instead), else as
    ``revise_project``.
    """
    project = project_of(record=record)
    revision = _revision_back(record)
    if project is None or revision is None:
        raise PlanError("この変更は、元に戻す対象ではありません。事業の見直しの画面で変更してください。")
    return revise_project(project=project, revision=revision, reason=reason, version=version, actor=actor)


def project_of(*, record: ChangeRecord) -> Project | None:
    """Return the project that a row of the history is about, or None."""
    if record.subject_type == "project":
        return Project.objects.filter(pk=record.subject_id).first()
    if record.subject_type == "indicator":
        return Project.objects.filter(indicators__pk=record.subject_id).first()
    return None


def can_restore(*, record: ChangeRecord) -> bool:
    """Tell whether a row of the history can be taken back by a new change."""
    return _revision_back(record) is not None


def _revision_back(record: ChangeRecord) -> ProjectRevision | None:
    name, _, rest = record.field.partition(":")
    before = record.before
    if record.subject_type == "project" and name in TEXT_FIELDS:
        text: dict[str, Any] = {name: str(before or "")}
        return ProjectRevision(**text)
    if record.subject_type == "project" and name == "sections":
        return ProjectRevision(sections=list(before or []))
    if record.subject_type == "project" and name == "discontinued_from":
        return ProjectRevision(discontinued_from=int(before or 0))
    if record.subject_type == "project" and name == "schedule":
        action, _, year = rest.partition("/")
        return ProjectRevision(schedule={int(action): {int(year): str(before or "")}})
    if record.subject_type == "indicator" and name == "target":
        return ProjectRevision(targets={record.subject_id: {int(rest): str(before or "")}})
    if record.subject_type == "indicator" and name == "retired_from":
        return ProjectRevision(retire={record.subject_id: int(before or 0)})
    return None


def _check(
    project: Project, revision: ProjectRevision, reason: str, version: int, order: ImprovementOrder | None
) -> None:
    if project.version != version:
        yours = {"名称": revision.title or "", "内容": revision.summary or ""}
        raise StaleError(yours=yours, theirs={"名称": project.title, "内容": project.summary})
    if not reason.strip():
        raise PlanError("見直しの理由を書いてください。")
    if revision.title is not None and not revision.title.strip():
        raise PlanError("事業の名称を書いてください。")
    if order is not None and order.project_id != project.pk:
        raise PlanError("この改善指示は、別の事業に出されたものです。")


def _finish(
    project: Project, done: list[Done], reason: str, actor: Account, order: ImprovementOrder | None
) -> list[ChangeRecord]:
    if not done:
        raise PlanError("変更されたところがありません。")
    project.version += 1
    project.save()
    rows = [
        record_change(
            plan=project.plan,
            subject=item.subject,
            field=item.field,
            before=item.before,
            after=item.after,
            reason=reason.strip(),
            actor=actor,
            order=order,
        )
        for item in done
    ]
    data = {"changes": [row.pk for row in rows], "order": order.pk if order else None}
    record_event(kind=events.PROJECT_REVISED, subject=project, actor=actor, quantity=len(rows), data=data)
    publish_figures(plan=project.plan)
    return rows


def _texts(project: Project, revision: ProjectRevision) -> Iterator[Done]:
    for name in TEXT_FIELDS:
        wanted = getattr(revision, name)
        before = getattr(project, name)
        if wanted is not None and wanted.strip().replace("\r\n", "\n") != before:
            setattr(project, name, wanted.strip().replace("\r\n", "\n"))
            yield Done(project, name, before, getattr(project, name))


def _sections(project: Project, revision: ProjectRevision) -> Iterator[Done]:
    if revision.sections is None:
        return
    wanted = list(dict.fromkeys(name.strip() for name in revision.sections if name.strip()))
    if wanted == project.sections:
        return
    before, project.sections = project.sections, wanted
    project.save(update_fields=["sections"])
    ProjectUnit.objects.filter(project=project).exclude(unit__name__in=wanted).delete()
    link_sections(plan=project.plan)
    ProjectUnit.objects.filter(project=project).update(is_lead=False)
    ProjectUnit.objects.filter(project=project, unit__name=wanted[0] if wanted else "").update(is_lead=True)
    yield Done(project, "sections", before, wanted)


def _discontinued(project: Project, revision: ProjectRevision) -> Iterator[Done]:
    if revision.discontinued_from is None or (revision.discontinued_from or None) == project.discontinued_from:
        return
    wanted = _year_of(project.plan, revision.discontinued_from)
    _require_open(project.plan, wanted, project.discontinued_from)
    before, project.discontinued_from = project.discontinued_from, wanted
    yield Done(project, "discontinued_from", before, wanted)


def _year_of(plan: Plan, year: int) -> int | None:
    if not year:
        return None
    if year not in plan.fiscal_years:
        first, last = fiscal.label(plan.start_fiscal_year), fiscal.label(plan.end_fiscal_year)
        raise PlanError(f"{fiscal.label(year)}は計画期間（{first}〜{last}）の外です。")
    return year


def _require_open(plan: Plan, *years: int | None) -> None:
    """What begins or ends with a year changes that year and all that follow; none of them may be frozen."""
    known = [year for year in years if year is not None]
    for year in range(min(known), plan.end_fiscal_year + 1) if known else ():
        require_open_period(plan=plan, fiscal_year=year)


def _schedule(project: Project, revision: ProjectRevision) -> Iterator[Done]:
    actions = {action.pk: action for action in Action.objects.filter(project=project)}
    for pk, words in revision.schedule.items():
        action = actions.get(pk)
        if action is None:
            raise PlanError("この事業にない行動目標は変更できません。画面を開き直してください。")
        for year, text in words.items():
            before = word_of(action.words, year)
            if text.strip() == before:
                continue
            require_open_period(plan=project.plan, fiscal_year=_year_of(project.plan, year) or 0)
            action.words = with_word(action.words, year, text)
            action.save(update_fields=["words"])
            yield Done(project, f"schedule:{pk}/{year}", before, text.strip())


def _indicator(project: Project, pk: int) -> Indicator:
    found = Indicator.objects.select_for_update(of=("self",)).filter(project=project, pk=pk).first()
    if found is None:
        raise PlanError("この事業にない指標は変更できません。画面を開き直してください。")
    return found


def _targets(project: Project, revision: ProjectRevision) -> Iterator[Done]:
    for pk, texts in revision.targets.items():
        indicator = _indicator(project, pk)
        current = {target.fiscal_year: target for target in Target.objects.filter(indicator=indicator)}
        for year, text in texts.items():
            before = current[year].text if year in current else ""
            if text.strip() != before:
                _set_target(project.plan, indicator, year, text)
                yield Done(indicator, f"target:{year}", before, text.strip())


def _set_target(plan: Plan, indicator: Indicator, year: int, text: str) -> None:
    _year_of(plan, year)
    require_open_period(plan=plan, fiscal_year=year)
    if indicator.retired_from is not None and year >= indicator.retired_from and text.strip():
        raise PlanError(f"「{indicator.label}」は{fiscal.label(indicator.retired_from)}から使わない指標です。")
    fields = read_target(text, unit=indicator.unit, kind=indicator.type, label=indicator.label, fiscal_year=year)
    if fields is None:
        Target.objects.filter(indicator=indicator, fiscal_year=year).delete()
        return
    Target.objects.update_or_create(
        indicator=indicator,
        fiscal_year=year,
        defaults={"municipality": current_municipality(), "source_line": None, **fields},
    )


def _retired(project: Project, revision: ProjectRevision) -> Iterator[Done]:
    for pk, year in revision.retire.items():
        indicator = _indicator(project, pk)
        wanted = _year_of(project.plan, year)
        if wanted == indicator.retired_from:
            continue
        _require_open(project.plan, wanted, indicator.retired_from)
        before, indicator.retired_from = indicator.retired_from, wanted
        indicator.version += 1
        indicator.save(update_fields=["retired_from", "version"])
        yield Done(indicator, "retired_from", before, wanted)


def _added(project: Project, new: NewIndicator) -> Done:
    indicator = _create(project, new)
    for year, text in new.targets.items():
        if text.strip():
            _set_target(project.plan, indicator, year, text)
    targets = {str(row.fiscal_year): row.text for row in Target.objects.filter(indicator=indicator)}
    if not targets:
        raise PlanError(f"「{indicator.label}」の目標値を、少なくとも1つの年度に書いてください。")
    after = {"指標名": indicator.label, "単位": indicator.unit, "基準値": indicator.baseline_text, "目標値": targets}
    return Done(indicator, "added", None, after)


def _create(project: Project, new: NewIndicator) -> Indicator:
    label = new.label.strip()
    if not label:
        raise PlanError("追加する指標の名称を書いてください。")
    if Indicator.objects.filter(project=project, label=label, retired_from__isnull=True).exists():
        raise PlanError(f"「{label}」という指標は、この事業にすでにあります。")
    known = (new.type in IndicatorType, new.kind in IndicatorKind, new.direction in Direction)
    if not all(known):
        raise PlanError(f"「{label}」の種類・集計・向きを選んでください。")
    baseline = parse_value(new.baseline_text)
    last = Indicator.objects.filter(plan=project.plan).order_by("-order").first()
    return Indicator.objects.create(
        municipality=current_municipality(),
        plan=project.plan,
        goal=project.goal,
        measure=project.measure,
        project=project,
        label=label[:300],
        level=IndicatorLevel.KPI,
        unit=new.unit.strip()[:40],
        type=new.type,
        kind=new.kind,
        direction=new.direction,
        baseline_fiscal_year=new.baseline_fiscal_year,
        baseline_value=baseline.value if baseline else None,
        baseline_text=new.baseline_text.strip()[:300],
        concept=concept_of(label, new.unit.strip(), project.title),
        source_text=f"計画の見直し（{clock.today().isoformat()}）",
        order=last.order + 1 if last else 1,
    )
