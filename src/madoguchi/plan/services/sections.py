"""Tying the sections that a plan names to the organisation units of the city."""

from __future__ import annotations

from django.db import transaction

from madoguchi.trust.api import Unit, current_municipality

from ..models import Indicator, Plan, Project, ProjectUnit

EVERYBODY = frozenset({"各課", "全課", "全庁", "関係各課", "公共施設関連課", "関係課"})


@transaction.atomic
def link_sections(*, plan: Plan) -> int:
    """
    Create the units that the plan's projects name where they are missing, and link them; returns how many links.

    The first section named is the lead (主管課) and answers for the project's indicators. Names that mean everybody (各課)
    become no unit.
    """
    links = 0
    for project in Project.objects.filter(plan=plan):
        names = [name for name in project.sections if name not in EVERYBODY]
        for position, name in enumerate(dict.fromkeys(names)):
            _, created = ProjectUnit.objects.get_or_create(
                municipality=current_municipality(),
                project=project,
                unit=_unit(name, plan.start_fiscal_year),
                defaults={"is_lead": position == 0},
            )
            links += created
        _give_owner(project)
    return links


@transaction.atomic
def give_section(*, plan: Plan, name: str) -> Unit | None:
    """
    Let one section lead every project of a plan whose projects name none, and answer for their indicators.

    Returns the unit, or None where the plan names sections itself.
    """
    projects = Project.objects.filter(plan=plan)
    if any(project.sections for project in projects):
        return None
    unit = _unit(name, plan.start_fiscal_year)
    for project in projects:
        ProjectUnit.objects.get_or_create(
            municipality=current_municipality(), project=project, unit=unit, defaults={"is_lead": True}
        )
        _give_owner(project)
    return unit


def _give_owner(project: Project) -> None:
    """Let the lead section answer for the project's indicators that nobody answers for yet."""
    lead = project.responsibilities.filter(is_lead=True).first()
    if lead is not None:
        Indicator.objects.filter(project=project, owner_unit__isnull=True).update(owner_unit=lead.unit)


def _unit(name: str, fiscal_year: int) -> Unit:
    known = Unit.objects.filter(name=name, valid_to_fiscal_year__isnull=True).first()
    if known is not None:
        return known
    return Unit.objects.create(municipality=current_municipality(), name=name[:80], valid_from_fiscal_year=fiscal_year)
