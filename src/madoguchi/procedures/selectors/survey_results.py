"""Results of surveys: response, tables, weights, and the same as a file."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from madoguchi.kit import csvio

from ..enums import AnswerMode, InvitationStatus
from ..models import Survey, SurveyAnswer
from ..rules.definition import Component, FormField
from ..rules.forms import Evaluation
from ..rules.survey import (
    CrossTable,
    Group,
    Question,
    Respondent,
    cross_table,
    effective_size,
    frequency_table,
    margin_of_error,
    match_bands,
    population_by_option,
    post_stratify,
)
from ..rules.survey.bands import band_of_words

BANDS = ("-15", "16-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-")
"""The age bands of the draw."""

WRITTEN = frozenset({Component.TEXT, Component.TEXTAREA, Component.INTEGER, Component.NUMBER, Component.DATE})

MODE = "mode"
"""The group every answer has: on the web or on paper."""


@dataclass(frozen=True, slots=True)
class Response:
    """Who was asked and who answered (標本数, 戻り, 有効回収数, 有効回収率 in percent)."""

    sent: int
    undeliverable: int
    valid: int
    void: int
    web: int
    paper: int

    @property
    def reached(self) -> int:
        """Sent and not come back (実質標本数)."""
        return self.sent - self.undeliverable

    @property
    def rate(self) -> Decimal | None:
        """Valid answers per person reached, in percent with one decimal; None where nobody was invited."""
        if not self.reached:
            return None
        return (Decimal(self.valid) / self.reached * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def response_of(survey: Survey) -> Response:
    """Return the response of a survey."""
    invited = dict(survey.invitations.values_list("status").annotate(n=Count("pk")))
    by_mode = dict(survey.answers.filter(is_void=False).values_list("mode").annotate(n=Count("pk")))
    return Response(
        sent=sum(invited.values()),
        undeliverable=invited.get(InvitationStatus.UNDELIVERABLE, 0),
        valid=sum(by_mode.values()),
        void=survey.answers.filter(is_void=True).count(),
        web=by_mode.get(AnswerMode.WEB, 0),
        paper=by_mode.get(AnswerMode.PAPER, 0),
    )


def questions_of(survey: Survey, language: str = "ja") -> list[Question]:
    """Return the questions that can be counted (those with options, and yes or no), in a language."""
    fields = survey.definition.form.fields()
    return [question for field in fields if (question := _question(field, language)) is not None]


def _question(field: FormField, language: str) -> Question | None:
    label = field.label.in_language(language)
    if field.component == Component.YES_NO:
        return Question(field.code, label, (Group("yes", _("はい")), Group("no", _("いいえ"))))
    if field.component in {Component.CHOICE, Component.CHOICES}:
        options = tuple(Group(option.code, option.label.in_language(language)) for option in field.options)
        return Question(field.code, label, options, several=field.component == Component.CHOICES)
    return None


def open_questions(survey: Survey) -> list[FormField]:
    """Return the questions that are answered in words."""
    return [field for field in survey.definition.form.fields() if field.component in WRITTEN]


def written_answers(survey: Survey, code: str) -> list[str]:
    """Return what people wrote to an open question, as they wrote it."""
    rows = survey.answers.filter(is_void=False).values_list("answers", flat=True)
    return [str(value) for answers in rows if (value := answers.get(code)) is not None and str(value).strip()]


def people_of(survey: Survey) -> list[Respondent]:
    """Return the valid answer sheets, weighted to the population where the survey says by which question."""
    rows = list(survey.answers.filter(is_void=False).order_by("pk").values_list("answers", "mode"))
    weights = _weights(survey, [answers for answers, _mode in rows])
    return [Respondent(answers, {MODE: mode}, weight) for (answers, mode), weight in zip(rows, weights, strict=True)]


def _weights(survey: Survey, sheets: list[dict[str, Any]]) -> list[float]:
    population = weight_population(survey, survey.weight_by)
    if not sum(population.values()):
        return [1.0] * len(sheets)
    groups: list[Hashable | None] = [answers.get(survey.weight_by) for answers in sheets]
    return post_stratify(groups, population).values


def weight_population(survey: Survey, code: str) -> dict[Hashable, float]:
    """Return the people per option of a question about age, as of the draw; empty where the bands do not fit it."""
    question = next((item for item in questions_of(survey) if item.code == code and not item.several), None)
    if question is None:
        return {}
    counted = population_by_option(question.options, survey.population, survey.minimum_age or 0)
    found: dict[Hashable, float] = {}
    found.update(counted.items())
    return found


def weight_questions(survey: Survey) -> list[Question]:
    """Return the questions whose options fit the age bands of the draw: those an answer can be weighted by."""
    bands = list(survey.population) or [band for band in BANDS if _asked(band, survey.minimum_age)]
    single = [question for question in questions_of(survey) if not question.several]
    return [question for question in single if match_bands(question.options, bands, survey.minimum_age or 0)]


def _asked(band: str, minimum: int | None) -> bool:
    meant = band_of_words(band)
    return meant is not None and meant[1] >= (minimum or 0)


@dataclass(frozen=True, slots=True)
class Result:
    """A question's tables: everybody, by how they answered, weighted where weights are known; with the margin of error.

    ``margin`` is the widest half width of the 95 % interval of a share (0 to 1), None where the answers are no random sample.
    ``effective`` is the size of the simple random sample that would be as exact (Kish).
    """

    table: CrossTable
    weighted: CrossTable | None
    by_mode: CrossTable
    margin: float | None
    effective: float


def results_of(survey: Survey, *, suppress: bool = True, language: str = "ja") -> list[Result]:
    """Return the tables of every question that can be counted."""
    people = people_of(survey)
    asked = _asked_people(survey, people)
    return [
        _result(question, asked.get(question.code, people), survey, suppress=suppress)
        for question in questions_of(survey, language)
    ]


def _asked_people(survey: Survey, people: list[Respondent]) -> dict[str, list[Respondent]]:
    """
    Return who was asked each question that depends on other answers.

    Whoever skipped it as told has not left it out: such people are no part of its base.
    """
    definition = survey.definition
    conditional = [
        field for step in definition.form.steps for field in step.fields if step.visible_if or field.visible_if
    ]
    found: dict[str, list[Respondent]] = {field.code: [] for field in conditional}
    if not conditional:
        return found
    for person in people:
        evaluation = Evaluation(definition, person.answers)
        for field in conditional:
            if evaluation.is_visible(field):
                found[field.code].append(person)
    return found


def _result(question: Question, people: list[Respondent], survey: Survey, *, suppress: bool) -> Result:
    weighted = any(person.weight != 1.0 for person in people)
    size = effective_size([person.weight for person in people])
    population = sum(int(number) for number in survey.population.values()) or None
    return Result(
        table=frequency_table(question, people),
        weighted=frequency_table(question, people, weighted=True) if weighted else None,
        by_mode=cross_table(question, people, _modes(), lambda person: person.groups[MODE], suppress=suppress),
        margin=None if survey.is_open_to_all else margin_of_error(0.5, size, population),
        effective=size,
    )


def _modes() -> list[Group]:
    return [Group(mode.value, str(mode.label)) for mode in (AnswerMode.PAPER, AnswerMode.WEB)]


def crossed(survey: Survey, code: str, by: str, *, weighted: bool = False, suppress: bool = True) -> CrossTable | None:
    """Return a question by the answers to another one, or by ``mode``; None where one of them cannot be counted.

    Groups must not overlap, so a question with several answers gives no columns.
    """
    questions = {question.code: question for question in questions_of(survey)}
    question = questions.get(code)
    if question is None or (by != MODE and (by not in questions or questions[by].several)):
        return None
    columns = _modes() if by == MODE else list(questions[by].options)

    def group_of(person: Respondent) -> Hashable | None:
        value = person.groups[MODE] if by == MODE else person.answers.get(by)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value if isinstance(value, str) else None

    people = people_of(survey)
    asked = _asked_people(survey, people).get(code, people)
    return cross_table(question, asked, columns, group_of, weighted=weighted, suppress=suppress)


def answers_by_day(survey: Survey) -> dict[date, dict[str, int]]:
    """Return the valid answers by day and mode, every day from the first to the last."""
    counted = survey.answers.filter(is_void=False).values_list("received_on", "mode").annotate(n=Count("pk"))
    found = {(day, mode): number for day, mode, number in counted.order_by("received_on")}
    if not found:
        return {}
    first, last = min(day for day, _mode in found), max(day for day, _mode in found)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: {mode: found.get((day, mode), 0) for mode in AnswerMode.values} for day in days}


def answer_rows(survey: Survey) -> Iterable[list[str]]:
    """Yield the answer sheets as rows of a file: a heading, then one row each, without anything that names a person."""
    fields = [field for field in survey.definition.form.fields() if field.asks]
    yield ["番号", "回答方法", "受付日", "有効", *(field.label.ja or field.code for field in fields)]
    for number, answer in enumerate(SurveyAnswer.objects.filter(survey=survey).order_by("pk").iterator(), start=1):
        values = [_written(answer.answers.get(field.code)) for field in fields]
        valid = "無効" if answer.is_void else "有効"
        yield [str(number), str(AnswerMode(answer.mode).label), answer.received_on.isoformat(), valid, *values]


def _written(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_written(item) for item in value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return "" if value is None else str(value)


def answers_csv(survey: Survey) -> bytes:
    """Return the answer sheets as a CSV file (UTF-8 with BOM)."""
    rows = list(answer_rows(survey))
    return csvio.write_csv(rows[0], rows[1:])
