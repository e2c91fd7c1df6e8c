"""Forms of the review cycle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.kit import fiscal

from ..enums import RoundPeriod
from ..models import Plan, ScoringRule
from ..rules.review_flow import PROGRESS_MARKS, reason_missing
from ..rules.scoring import NO_MARK
from ..selectors.review_words import in_words

LONGEST = 4000


def _date(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _text(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea, **options)


class OpenForm(forms.Form):
    """A new round of a plan."""

    fiscal_year = forms.TypedChoiceField(label=_("対象の年度"), coerce=int)
    period = forms.ChoiceField(
        label=_("対象期間"),
        widget=forms.RadioSelect,
        choices=[
            (RoundPeriod.FULL_YEAR, _("年度（すべての事業）")),
            (RoundPeriod.FIRST_HALF, _("上半期（重点事業だけ）")),
        ],
        initial=RoundPeriod.FULL_YEAR,
    )
    self_evaluation_due = _date(_("自己評価の期限"), help_text=_("担当課がこの日までに提出します。"))
    council_date = _date(_("調整会議の開催日"), required=False)
    rule = forms.ModelChoiceField(
        label=_("採点規則"),
        queryset=ScoringRule.objects.none(),
        help_text=_("この評価が終わるまで、選んだ版を使い続けます。"),
    )

    def __init__(self, *args: Any, plan: Plan, rules: Iterable[ScoringRule], **kwargs: Any) -> None:
        """Offer the years of the plan and the newest version of each rule."""
        super().__init__(*args, **kwargs)
        years = [(year, fiscal.label(year)) for year in plan.fiscal_years]
        self.fields["fiscal_year"].choices = years  # type: ignore[attr-defined]  # a choice field
        ids = [rule.pk for rule in rules]
        self.fields["rule"].queryset = ScoringRule.objects.filter(pk__in=ids)  # type: ignore[attr-defined]  # a model choice field
        self.fields["rule"].empty_label = str(_("選んでください"))  # type: ignore[attr-defined]  # a model choice field


class VersionForm(forms.Form):
    """A form about something two people may change at once: it carries the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SubmitForm(VersionForm):
    """The self-evaluation of a section."""

    progress = forms.ChoiceField(
        label=_("進捗"),
        widget=forms.RadioSelect,
        choices=lambda: [(mark, f"{mark}　{in_words(meaning)}") for mark, meaning in PROGRESS_MARKS.items()],
    )
    reason = _text(
        _("理由"),
        required=False,
        help_text=_("△または×のときは必ず書いてください。何が、なぜ、これからどうするかの順に書くと伝わります。"),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason at its own field, where the summary of errors leads to."""
        data = super().clean() or {}
        mark = data.get("progress", "")
        if reason_missing(mark, data.get("reason", "")):
            self.add_error("reason", _("進捗を%(mark)sとするときは、理由を書いてください。") % {"mark": mark})
        return data


class MarkForm(VersionForm):
    """A mark of the secretariat or the council with an opinion."""

    mark = forms.ChoiceField(label=_("評価"), widget=forms.RadioSelect)
    comment = _text(_("意見"), required=False)

    def __init__(self, *args: Any, marks: Iterable[str], suggested: str = "", **kwargs: Any) -> None:
        """Offer the marks of the round's rule; ``suggested`` is chosen at first."""
        super().__init__(*args, **kwargs)
        self.fields["mark"].choices = [(mark, _("−　評価しない") if mark == NO_MARK else mark) for mark in marks]  # type: ignore[attr-defined]  # a choice field
        self.fields["mark"].initial = suggested


class ReasonForm(VersionForm):
    """A reason for sending something back."""

    reason = _text(_("差し戻す理由"), help_text=_("担当課に表示されます。"))


class OrderForm(VersionForm):
    """An improvement order of the council."""

    text = _text(_("改善の指示"), help_text=_("何を、どこまで改善するかを書いてください。"))
    due_date = _date(_("対応の期限"))


class StatusForm(forms.Form):
    """A form about something whose status says whether somebody else was faster."""

    status = forms.CharField(widget=forms.HiddenInput)


class AnswerForm(StatusForm):
    """The answer of a section to an improvement order."""

    answer = _text(_("対応の内容"), help_text=_("何を見直したか、いつまでに何をするかを書いてください。"))


class AcceptForm(StatusForm):
    """The council's opinion on an answer; required only when it is sent back."""

    comment = _text(_("意見"), required=False, help_text=_("差し戻すときは、理由を必ず書いてください。"))


class StepForm(StatusForm):
    """Bringing a round on or back."""

    reason = _text(_("理由"), required=False)


class MoveForm(VersionForm):
    """A place on the portfolio map."""

    to_class = forms.ChoiceField(
        label=_("事業区分"),
        widget=forms.RadioSelect,
        choices=[
            ("A", _("A　重点事業（実現性も新たな価値も高い）")),
            ("B", _("B　実現性が高い")),
            ("C", _("C　実現性が低い")),
            ("candidate", _("候補　精査が必要")),
        ],
    )
    feasibility = forms.TypedChoiceField(
        label=_("実現性"), coerce=int, empty_value=None, required=False, help_text=_("5がもっとも高い")
    )
    new_value = forms.TypedChoiceField(
        label=_("新たな価値"), coerce=int, empty_value=None, required=False, help_text=_("5がもっとも大きい")
    )
    reason = _text(_("区分を変える理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the places of the map."""
        super().__init__(*args, **kwargs)
        places = [("", _("決めない（候補だけ）")), *((str(n), str(n)) for n in range(1, 6))]
        for name in ("feasibility", "new_value"):
            self.fields[name].choices = places  # type: ignore[attr-defined]  # choice fields
