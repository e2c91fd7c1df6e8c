"""The portfolio map (実現性 × 新たな価値): projects by class and place, and how they moved."""

from __future__ import annotations

from dataclasses import dataclass

from ..enums import PortfolioClass
from ..models import Plan, PortfolioMove, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A project with its number on the map."""

    number: int
    project: Project

    @property
    def has_place(self) -> bool:
        """Tell whether it has a place of its own, not only that of its class."""
        return self.project.feasibility is not None and self.project.new_value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The map of a plan; ``unclassed`` are projects to which the plan gives no class and nobody a place."""

    placed: tuple[Placed, ...]
    unclassed: tuple[Project, ...]
    counts: dict[str, int]
    moves: tuple[PortfolioMove, ...]


def portfolio(plan: Plan) -> Portfolio:
    """Return the map of a plan of the municipality in scope, projects numbered in the order of the plan."""
    projects = list(
        Project.objects.filter(plan=plan).select_related("goal").defer("summary", "effects").order_by("order", "id")
    )
    on_map = [item for item in projects if _is_on_map(item)]
    moves = PortfolioMove.objects.filter(project__plan=plan).select_related("project").order_by("-moved_at", "-id")
    return Portfolio(
        placed=tuple(Placed(number=number, project=item) for number, item in enumerate(on_map, 1)),
        unclassed=tuple(item for item in projects if not _is_on_map(item)),
        counts={key: sum(item.portfolio_class == key for item in on_map) for key in PortfolioClass.values},
        moves=tuple(moves[:50]),
    )


def _is_on_map(project: Project) -> bool:
    return bool(project.portfolio_class) or (project.feasibility is not None and project.new_value is not None)
