"""Forms for re-planning a project (計画の見直し)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.kit import fiscal

from ..enums import Direction, IndicatorKind, IndicatorType
from ..models import Action, ImprovementOrder, Indicator, Project
from ..rules.revision import NewIndicator, ProjectRevision, word_of

SHORT = {"class": "input"}


class RevisionForm(forms.Form):
    """
    Everything of a project that can be re-planned, on one page.

    ``years`` are the fiscal years that are not frozen; only they have fields. ``sections`` is there for those who may
    change who is responsible.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=300)
    summary = forms.CharField(label=gettext_lazy("内容"), required=False, widget=forms.Textarea, max_length=10_000)
    effects = forms.CharField(
        label=gettext_lazy("期待される効果"), required=False, widget=forms.Textarea, max_length=10_000
    )
    overall_target = forms.CharField(
        label=gettext_lazy("全体目標"), required=False, widget=forms.Textarea, max_length=4000
    )
    sections = forms.CharField(
        label=gettext_lazy("担当課"),
        required=False,
        widget=forms.Textarea,
        max_length=2000,
        help_text=gettext_lazy("1行に1つ。先頭が主管課になります。"),
    )
    discontinued_from = forms.TypedChoiceField(
        label=gettext_lazy("事業の中止"), required=False, coerce=int, empty_value=""
    )
    new_label = forms.CharField(label=gettext_lazy("追加する指標の名称"), required=False, max_length=300)
    new_unit = forms.CharField(label=gettext_lazy("単位"), required=False, max_length=40)
    new_type = forms.ChoiceField(label=gettext_lazy("種類"), choices=IndicatorType.choices, required=False)
    new_kind = forms.ChoiceField(label=gettext_lazy("集計"), choices=IndicatorKind.choices, required=False)
    new_direction = forms.ChoiceField(label=gettext_lazy("向き"), choices=Direction.choices, required=False)
    new_baseline = forms.CharField(label=gettext_lazy("基準値"), required=False, max_length=300)
    order = forms.ModelChoiceField(
        label=gettext_lazy("答える改善指示"), queryset=ImprovementOrder.objects.none(), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("見直しの理由"),
        widget=forms.Textarea,
        max_length=4000,
        help_text=gettext_lazy("見直しの根拠と、期待する成果への影響を書いてください。履歴と公開ページに載ります。"),
    )

    def __init__(
        self,
        *args: Any,
        project: Project,
        actions: Sequence[Action],
        indicators: Sequence[Indicator],
        years: Sequence[int],
        orders: Iterable[ImprovementOrder],
        may_change_sections: bool,
        **kwargs: Any,
    ) -> None:
        """Make a field for each word of the schedule and each target of an open year."""
        self.project, self.actions, self.indicators, self.years = project, actions, indicators, years
        super().__init__(*args, **kwargs)
        self._fill_choices(orders)
        self._fill_values()
        if not may_change_sections:
            del self.fields["sections"]
        for action in actions:
            self._add_words(action)
        for indicator in indicators:
            self._add_targets(indicator)
        for year in years:
            self._add_cell(f"new_target-{year}", "", _("追加する指標の%(year)sの目標値") % {"year": fiscal.label(year)})

    def _fill_choices(self, orders: Iterable[ImprovementOrder]) -> None:
        found = ImprovementOrder.objects.filter(pk__in=[order.pk for order in orders])
        order: Any = self.fields["order"]
        order.queryset, order.empty_label = found, _("改善指示への対応ではない")
        self._year_choices("discontinued_from", _("中止しない"), self.project.discontinued_from)

    def _year_choices(self, name: str, nothing: str, current: int | None) -> None:
        labels = [(year, _("%(year)sから") % {"year": fiscal.label(year)}) for year in self.years]
        # A year that is frozen stays what it is.
        frozen = current if current is not None and current not in self.years else None
        kept = [] if frozen is None else [(frozen, _("%(year)sから") % {"year": fiscal.label(frozen)})]
        field: Any = self.fields[name]
        field.choices = [*([] if kept else [("", nothing)]), *kept, *labels]
        field.initial = current or ""

    def _fill_values(self) -> None:
        self.fields["version"].initial = self.project.version
        for name in ("title", "summary", "effects", "overall_target"):
            self.fields[name].initial = getattr(self.project, name)
        self.fields["sections"].initial = "\n".join(self.project.sections)

    def _add_cell(self, name: str, value: str, label: str) -> None:
        widget = forms.TextInput(attrs={**SHORT, "aria-label": label})
        self.fields[name] = forms.CharField(label=label, initial=value, required=False, max_length=300, widget=widget)

    def _add_words(self, action: Action) -> None:
        for year in self.years:
            label = f"{action.label or _('予定')} {fiscal.label(year)}"
            self._add_cell(f"word-{action.pk}-{year}", word_of(action.words, year), label)

    def _add_targets(self, indicator: Indicator) -> None:
        known = {target.fiscal_year: target.text for target in indicator.targets.all()}
        for year in self.years:
            label = _("%(label)sの%(year)sの目標値") % {"label": indicator.label, "year": fiscal.label(year)}
            self._add_cell(f"target-{indicator.pk}-{year}", known.get(year, ""), label)
        name = f"retire-{indicator.pk}"
        label = _("%(label)sを使わなくする年度") % {"label": indicator.label}
        select = forms.Select(attrs={"class": "select", "aria-label": label})
        self.fields[name] = forms.TypedChoiceField(
            label=label, required=False, coerce=int, empty_value="", widget=select
        )
        self._year_choices(name, _("使い続ける"), indicator.retired_from)

    def cells(self, kind: str, pk: int | None = None) -> list[Any]:
        """Return the bound fields of a row of the page's tables, year by year."""
        stem = kind if pk is None else f"{kind}-{pk}"
        return [self[f"{stem}-{year}"] for year in self.years]

    def retiring(self, pk: int) -> Any:
        """Return the bound field that retires an indicator."""
        return self[f"retire-{pk}"]

    def revision(self) -> ProjectRevision:
        """Return what the form asks for; the service finds out what differs."""
        data = self.cleaned_data
        sections = data["sections"].splitlines() if "sections" in data else None
        return ProjectRevision(
            title=data["title"],
            summary=data["summary"],
            effects=data["effects"],
            overall_target=data["overall_target"],
            sections=sections,
            discontinued_from=data["discontinued_from"] or 0,
            schedule={item.pk: self._years("word", item.pk) for item in self.actions},
            targets={item.pk: self._years("target", item.pk) for item in self.indicators},
            retire={item.pk: data[f"retire-{item.pk}"] or 0 for item in self.indicators},
            add=[self._new()] if data["new_label"].strip() else [],
        )

    def _years(self, kind: str, pk: int) -> dict[int, str]:
        return {year: self.cleaned_data[f"{kind}-{pk}-{year}"] for year in self.years}

    def _new(self) -> NewIndicator:
        data = self.cleaned_data
        return NewIndicator(
            label=data["new_label"],
            unit=data["new_unit"],
            type=data["new_type"] or IndicatorType.COUNT,
            kind=data["new_kind"] or IndicatorKind.ANNUAL,
            direction=data["new_direction"] or Direction.UP,
            baseline_text=data["new_baseline"],
            targets={year: data[f"new_target-{year}"] for year in self.years},
        )


class RestoreForm(forms.Form):
    """The reason for giving a field back the value it had."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("元に戻す理由"), widget=forms.Textarea, max_length=4000)
