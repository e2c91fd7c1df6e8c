"""Moves on the portfolio map (事業区分 A・B・C・候補) by feasibility × new value (相模原市ICT総合戦略 第4章2)."""

from __future__ import annotations

from madoguchi.kit import clock
from madoguchi.trust.api import Account, current_municipality, record_event

from .. import events
from ..enums import PortfolioClass
from ..errors import PlanError, StaleError
from ..models import PortfolioMove, Project
from ..permissions import project_policy
from .changes import record_change
from .refusals import recording_refusals

POSITIONS = range(1, 6)


@recording_refusals(events.REVISION_REFUSED, subject="project")
def move_project(
    *,
    project: Project,
    to_class: PortfolioClass | str,
    feasibility: int | None,
    new_value: int | None,
    reason: str,
    actor: Account,
    version: int | None = None,
) -> PortfolioMove:
    """
    Move a project to a class and a place: feasibility (実現性) and new value (新たな価値) from 1 to 5, both or neither.

    A candidate may have no place yet. Entering class A makes a priority project (重点事業), leaving it ends that.
    ``version`` is the one the actor saw, None where the caller has just read it. Raises ``RefusedError``, ``StaleError``
    and ``PlanError`` (no reason, nothing changed, a place outside the map).
    """
    project_policy.require(actor, "move", project)
    found = Project.objects.select_for_update().get(pk=project.pk)
    place = _place(feasibility, new_value)
    _check_move(found, PortfolioClass(to_class), place, reason, version)
    move = PortfolioMove.objects.create(
        municipality=current_municipality(),
        project=found,
        from_class=found.portfolio_class,
        to_class=to_class,
        from_position=place_of(project=found),
        to_position=place,
        reason=reason.strip(),
        moved_by=actor,
        moved_at=clock.now(),
    )
    _apply(found, move, actor)
    data = {"from": move.from_class, "to": move.to_class, "place": move.to_position}
    record_event(kind=events.PROJECT_MOVED, subject=found, actor=actor, data=data)
    return move


@recording_refusals(events.REVISION_REFUSED, subject="move")
def undo_move(*, move: PortfolioMove, reason: str, actor: Account) -> PortfolioMove:
    """
    Move a project back to where it was before a move, as a new move; only the newest move can be undone.

    Raises as ``move_project``.
    """
    newest = PortfolioMove.objects.filter(project_id=move.project_id).order_by("-moved_at", "-id").first()
    if newest is None or newest.pk != move.pk:
        raise PlanError("このあとに別の移動があります。いちばん新しい移動だけを元に戻せます。")
    feasibility, new_value = move.from_position or (None, None)
    if not move.from_class:
        raise PlanError("移動の前は区分がありませんでした。新しい移動として区分を選んでください。")
    return move_project(
        project=move.project,
        to_class=move.from_class,
        feasibility=feasibility,
        new_value=new_value,
        reason=reason,
        actor=actor,
    )


def place_of(*, project: Project) -> list[int]:
    """Return the place of a project on the map as [feasibility, new value]; empty where it has none."""
    if project.feasibility is None or project.new_value is None:
        return []
    return [project.feasibility, project.new_value]


def _place(feasibility: int | None, new_value: int | None) -> list[int]:
    if feasibility is None and new_value is None:
        return []
    if feasibility is None or new_value is None or not {feasibility, new_value} <= set(POSITIONS):
        raise PlanError("実現性と新たな価値は、どちらも1から5で選んでください。")
    return [feasibility, new_value]


def _check_move(project: Project, to_class: PortfolioClass, place: list[int], reason: str, version: int | None) -> None:
    if version is not None and project.version != version:
        theirs = {"区分": project.get_portfolio_class_display(), "位置": str(place_of(project=project))}
        raise StaleError(yours={"区分": to_class.label, "位置": str(place)}, theirs=theirs)
    if not reason.strip():
        raise PlanError("区分を変える理由を書いてください。")
    if not place and to_class != PortfolioClass.CANDIDATE:
        raise PlanError("A・B・Cの事業には、実現性と新たな価値を選んでください。位置がなくてよいのは候補だけです。")
    if (to_class, place) == (project.portfolio_class, place_of(project=project)):
        raise PlanError("区分も位置も変わっていません。")


def _apply(project: Project, move: PortfolioMove, actor: Account) -> None:
    before = {"区分": move.from_class, "位置": move.from_position}
    project.portfolio_class = move.to_class
    project.feasibility, project.new_value = move.to_position or (None, None)
    if PortfolioClass.A in {move.from_class, move.to_class}:
        project.is_priority = move.to_class == PortfolioClass.A
    project.version += 1
    project.save(update_fields=["portfolio_class", "feasibility", "new_value", "is_priority", "version"])
    record_change(
        plan=project.plan,
        subject=project,
        field="事業区分",
        before=before,
        after={"区分": move.to_class, "位置": move.to_position},
        reason=move.reason,
        actor=actor,
    )
