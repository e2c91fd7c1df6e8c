"""Models of the plan room."""

from .comparison import ComparisonFigure
from .draft import PlanDraft
from .indicator import Actual, Indicator, PushToken, Target
from .push import PushReceipt
from .review import ChangeRecord, Evaluation, ImprovementOrder, PortfolioMove, ReviewRound, ScoringRule
from .structure import Action, Goal, Measure, Plan, Project, ProjectUnit, Relation

__all__ = [
    "Action",
    "Actual",
    "ChangeRecord",
    "ComparisonFigure",
    "Evaluation",
    "Goal",
    "ImprovementOrder",
    "Indicator",
    "Measure",
    "Plan",
    "PlanDraft",
    "PortfolioMove",
    "Project",
    "ProjectUnit",
    "PushReceipt",
    "PushToken",
    "Relation",
    "ReviewRound",
    "ScoringRule",
    "Target",
]
