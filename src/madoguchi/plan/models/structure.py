"""The structure of a plan (計画体系): plan → goal → measure → project → yearly actions, and what each is tied to."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from madoguchi.trust.api import OwnedModel, Unit

from ..enums import PlanStatus, PortfolioClass, RelationKind


class Plan(OwnedModel):
    """A municipal plan (ICT推進計画など) with its years; a city has several, one replacing the other."""

    code = models.SlugField("コード", max_length=40)
    title = models.CharField("計画名", max_length=200)
    start_fiscal_year = models.PositiveSmallIntegerField("開始年度")
    end_fiscal_year = models.PositiveSmallIntegerField("終了年度")
    philosophy = models.TextField("基本理念", blank=True)
    status = models.CharField("状態", max_length=10, choices=PlanStatus, default=PlanStatus.ACTIVE)
    predecessor = models.ForeignKey(
        "self", verbose_name="前計画", null=True, blank=True, on_delete=models.SET_NULL, related_name="successors"
    )
    reported = models.JSONField("計画書が示す集計値", default=list, blank=True)
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)
    published_at = models.DateTimeField("公開日時")

    class Meta:
        verbose_name = verbose_name_plural = "計画"
        ordering = ["-start_fiscal_year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code"], name="plan_code_once"),
            models.CheckConstraint(
                condition=Q(end_fiscal_year__gte=F("start_fiscal_year")), name="plan_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def fiscal_years(self) -> range:
        """Return the fiscal years of the plan in order."""
        return range(self.start_fiscal_year, self.end_fiscal_year + 1)


class PlanPart(OwnedModel):
    """What goals, measures and projects have in common."""

    code = models.CharField("番号", max_length=20, blank=True)
    title = models.CharField("名称", max_length=300)
    summary = models.TextField("内容", blank=True)
    order = models.PositiveIntegerField("並び順", default=0)
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class Goal(PlanPart):
    """A goal (基本目標・基本方針・柱)."""

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="goals")

    class Meta(PlanPart.Meta):
        verbose_name = verbose_name_plural = "基本目標"


class Measure(PlanPart):
    """A measure (施策) of a goal."""

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="measures")
    goal = models.ForeignKey(Goal, verbose_name="基本目標", on_delete=models.CASCADE, related_name="measures")

    class Meta(PlanPart.Meta):
        verbose_name = verbose_name_plural = "施策"


class Project(PlanPart):
    """
    A project (事業・取組) of a measure, or of the goal where the plan knows no measures.

    ``feasibility`` (実現性) and ``new_value`` (新たな価値) run from 1 to 5 and place the project on the portfolio map.
    ``progress`` is the document's own mark where it reports on a finished plan. From the fiscal year
    ``discontinued_from`` on the project is no longer carried out (見直しによる中止).
    """

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="projects")
    goal = models.ForeignKey(Goal, verbose_name="基本目標", on_delete=models.CASCADE, related_name="projects")
    measure = models.ForeignKey(
        Measure, verbose_name="施策", null=True, blank=True, on_delete=models.CASCADE, related_name="projects"
    )
    sections = models.JSONField("担当課（計画書の表記）", default=list, blank=True)
    units = models.ManyToManyField(Unit, verbose_name="担当組織", blank=True, related_name="+", through="ProjectUnit")
    portfolio_class = models.CharField("事業区分", max_length=10, choices=PortfolioClass, blank=True)
    feasibility = models.PositiveSmallIntegerField(
        "実現性", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    new_value = models.PositiveSmallIntegerField(
        "新たな価値", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    is_priority = models.BooleanField("重点", default=False)
    is_new = models.BooleanField("新規", default=False)
    progress = models.CharField("計画書の進捗評価", max_length=4, blank=True)
    effects = models.TextField("期待される効果", blank=True)
    overall_target = models.TextField("全体目標", blank=True)
    discontinued_from = models.SmallIntegerField("中止した年度", null=True, blank=True)

    class Meta(PlanPart.Meta):
        verbose_name = verbose_name_plural = "事業"

    @property
    def section_names(self) -> list[str]:
        """The sections as the plan names them, else the units that answer for the project."""
        return self.sections or [share.unit.name for share in self.responsibilities.select_related("unit")]


class ProjectUnit(OwnedModel):
    """The organisation unit that answers for a project; one is the lead (主管課)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="responsibilities")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField("主管", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "担当組織"
        ordering = ["-is_lead", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "unit"], name="unit_once_per_project")]

    def __str__(self) -> str:
        return f"{self.project_id}:{self.unit_id}"


class Action(OwnedModel):
    """
    A row of a project's schedule (行動目標): the task, and its word for each fiscal year.

    ``words``: ``[{"fiscal_year": 2023, "text": "導入", "continued": false, "line": 71}, …]`` in order of years.
    """

    project = models.ForeignKey(Project, verbose_name="事業", on_delete=models.CASCADE, related_name="actions")
    label = models.CharField("取組", max_length=300, blank=True)
    words = models.JSONField("年度ごとの予定", default=list, blank=True)
    order = models.PositiveIntegerField("並び順", default=0)
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行動目標"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label or "（予定）"


class Relation(OwnedModel):
    """A tie of a plan or one of its parts to SDGs, national policies, superior plans or a predecessor project."""

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="relations")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="relations")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="relations")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField("種類", max_length=20, choices=RelationKind)
    target = models.CharField("相手", max_length=300)
    predecessor = models.ForeignKey(
        Project,
        verbose_name="前計画の事業",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="successors",
    )
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "関連"
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.target}"
