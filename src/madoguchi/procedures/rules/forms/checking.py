"""Whether answers are what the form asks for. Nothing here raises, whatever is sent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ..definition import Component, Definition, FormField, Step
from . import part_checks, schema, text_checks
from .answers import clean
from .evaluation import Evaluation
from .normalising import normalise
from .parts import ROWS, is_empty, least_rows, row_fields
from .problems import N_, Fault, Problem, joined
from .reading import LONGEST_NUMBER

MOST_VALUES = 20_000
DEEPEST = 12

_UNKNOWN = N_("この項目は用紙にありません。")
_REQUIRED: dict[Component, str] = {
    Component.CHOICE: N_("1つ選んでください。"),
    Component.YES_NO: N_("「はい」か「いいえ」を選んでください。"),
    Component.CHOICES: N_("1つ以上選んでください。"),
    Component.FILE: N_("ファイルを付けてください。"),
    Component.CONSENT: N_("内容をお読みになり、同意するときはチェックを入れてください。"),
    Component.SIGNATURE: N_("お名前を入力するか、手書きで署名してください。"),
    Component.GROUP: N_("1つ以上入力してください。"),
    Component.HOUSEHOLD: N_("1人以上入力してください。"),
    Component.DATE: N_("年・月・日を入力してください。"),
    Component.BIRTH_DATE: N_("生年月日の年・月・日を入力してください。"),
}


def check_step(
    definition: Definition, step: Step, answers: Mapping[str, Any], today: date | None = None
) -> list[Problem]:
    """Return what has to be put right in the visible fields of a step, in their order."""
    refused = _refuse_shape(answers)
    if refused:
        return refused
    found = Evaluation(definition, answers, today)
    return [problem for field in step.fields for problem in _check_visible(found, field, answers.get(field.code))]


def check_all(definition: Definition, answers: Any, today: date | None = None) -> list[Problem]:
    """
    Return everything that has to be put right in answers sent by anybody, people or machines.

    The answers are judged in their one writing (``clean`` keeps the same); fields that conditions hide are left aside, those
    that the form does not have are named. At the end the whole must fit the JSON Schema of the form.
    """
    refused = _refuse_shape(answers)
    if refused:
        return refused
    known = {field.code: field for field in definition.form.fields() if field.component is not Component.NOTE}
    problems = [Problem(str(code)[:120], "unknown", _UNKNOWN) for code in answers if code not in known]
    read = {
        code: normalise(known[code], value) for code, value in answers.items() if code in known and known[code].asks
    }
    found = Evaluation(definition, read, today)
    for field in definition.form.fields():
        problems += _check_visible(found, field, read.get(field.code))
    return problems + list(_check_schema(definition, read, problems, today))


def check_field(
    definition: Definition, field: FormField, value: Any, answers: Mapping[str, Any], today: date | None = None
) -> list[Problem]:
    """Return what has to be put right in one field of the form, visible or not."""
    return _refuse_shape({field.code: value}) or list(
        _problems(Evaluation(definition, answers, today), field, value, field.code, required=field.required)
    )


def _refuse_shape(answers: Any) -> list[Problem]:
    """Refuse what is no object of answers, or so deep or large that looking at it would cost too much."""
    if not isinstance(answers, Mapping):
        return [Problem("", "type", N_("回答は、項目ごとの値の組で送ってください。"))]
    waiting: list[tuple[Any, int]] = [(answers, 0)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_VALUES:
            return [Problem("", "too_large", N_("送られた内容が大きすぎるか、入れ子が深すぎます。"))]
        if isinstance(value, Mapping):
            waiting.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)
    return []


def _check_visible(found: Evaluation, field: FormField, value: Any) -> Iterator[Problem]:
    if field.asks and found.is_visible(field):
        yield from _problems(found, field, value, field.code, required=found.is_required(field))


def _problems(found: Evaluation, field: FormField, value: Any, path: str, *, required: bool) -> Iterator[Problem]:
    if field.component in ROWS and isinstance(value, list):
        yield from _check_rows(found, field, value, path, required=required)
        return
    if is_empty(value):
        if required:
            message = _REQUIRED.get(field.component, N_("入力してください。"))
            yield Problem(path, "required", message, {}, field.label)
        return
    for fault in _faults(field, value, found.today):
        yield Problem(
            joined(path, fault.path), fault.code, fault.message, fault.params, field.label, _said(field, fault)
        )


def _said(field: FormField, fault: Fault) -> Any:
    return field.message if fault.code == "constraint" else type(field.message)()


def _faults(field: FormField, value: Any, today: date) -> list[Fault]:
    check = _CHECKS.get(field.component)
    faults = check(field, value, today) if check else [text_checks.wrong_type()]
    if not faults and field.constraint:
        faults = schema.constraint_faults(field, value)
    return faults


def _check_rows(
    found: Evaluation, field: FormField, rows: list[Any], path: str, *, required: bool
) -> Iterator[Problem]:
    filled = [row for row in rows if not is_empty(row)]
    least = least_rows(field, required)
    if len(filled) < least:
        message = _REQUIRED[field.component] if least == 1 else N_("%(least)sつ以上入力してください。")
        yield Problem(path, "too_few_rows" if least > 1 else "required", message, {"least": least}, field.label)
    if len(filled) > field.maximum_rows:
        message = N_("%(most)sつまで入力できます。いまは%(count)sつです。")
        yield Problem(path, "too_many_rows", message, {"most": field.maximum_rows, "count": len(filled)}, field.label)
        return
    for index, row in enumerate(rows):
        if not is_empty(row):
            yield from _check_row(found, field, row, f"{path}.{index}")


def _check_row(found: Evaluation, field: FormField, row: Any, path: str) -> Iterator[Problem]:
    if not isinstance(row, Mapping):
        yield Problem(path, "type", text_checks.wrong_type().message, {}, field.label)
        return
    inner = {item.code: item for item in row_fields(field)}
    for code in row:
        if code not in inner:
            yield Problem(joined(path, str(code)[:60]), "unknown", _UNKNOWN, {}, field.label)
    for code, item in inner.items():
        if item.asks and found.is_row_visible(field, item, row):
            must = found.is_row_required(field, item, row)
            yield from _problems(found, item, row.get(code), f"{path}.{code}", required=must)


def _check_schema(
    definition: Definition, read: dict[str, Any], problems: list[Problem], today: date | None
) -> Iterator[Problem]:
    named = {problem.field for problem in problems}
    fields = {field.code: field for field in definition.form.fields()}
    for path, message in schema.violations(definition, clean(definition, read, today)):
        code = path.split(".", 1)[0]
        if code not in named and not (code == "" and named):
            said = N_("入力の形式が正しくありません（%(reason)s）。")
            label = fields[code].label if code in fields else type(definition.name)()
            yield Problem(path, "schema", said, {"reason": message}, label)


_Check = Callable[[FormField, Any, date], list[Fault]]


def _check_integer(field: FormField, value: Any, today: date) -> list[Fault]:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return [Fault("integer", N_("数字で入力してください（小数は使えません）。"))]
    return _check_size(value)


def _check_number(field: FormField, value: Any, today: date) -> list[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return [Fault("number", N_("数字で入力してください。"))]
    return _check_size(value)


def _check_money(field: FormField, value: Any, today: date) -> list[Fault]:
    if isinstance(value, bool) or not isinstance(value, int):
        return [Fault("money", N_("金額を円の数字で入力してください（例：12,000）。"))]
    return [Fault("negative", N_("金額は0円以上で入力してください。"))] if value < 0 else _check_size(value)


def _check_size(value: float) -> list[Fault]:
    return [Fault("too_large", N_("数が大きすぎます。お確かめください。"))] if abs(value) >= 10**LONGEST_NUMBER else []


def _check_yes_no(field: FormField, value: Any, today: date) -> list[Fault]:
    return [] if isinstance(value, bool) else [Fault("option", N_("「はい」か「いいえ」を選んでください。"))]


def _check_choice(field: FormField, value: Any, today: date) -> list[Fault]:
    if isinstance(value, str) and any(option.code == value for option in field.options):
        return []
    return [Fault("option", N_("一覧の中から1つ選んでください。"))]


def _check_choices(field: FormField, value: Any, today: date) -> list[Fault]:
    codes = {option.code for option in field.options}
    known = isinstance(value, list) and all(isinstance(code, str) and code in codes for code in value)
    if known and len(set(value)) == len(value):
        return []
    return [Fault("option", N_("一覧の中から選んでください。"))]


def _check_consent(field: FormField, value: Any, today: date) -> list[Fault]:
    return [] if value is True else [Fault("required", _REQUIRED[Component.CONSENT])]


_CHECKS: dict[Component, _Check] = {
    Component.TEXT: lambda field, value, today: text_checks.check_text(field, value),
    Component.TEXTAREA: lambda field, value, today: text_checks.check_text(field, value),
    Component.INTEGER: _check_integer,
    Component.NUMBER: _check_number,
    Component.MONEY: _check_money,
    Component.DATE: lambda field, value, today: text_checks.check_date(value),
    Component.BIRTH_DATE: lambda field, value, today: text_checks.check_birth_date(value, today),
    Component.TIME: lambda field, value, today: text_checks.check_time(value),
    Component.YES_NO: _check_yes_no,
    Component.CHOICE: _check_choice,
    Component.CHOICES: _check_choices,
    Component.PERSON_NAME: lambda field, value, today: part_checks.check_person_name(value),
    Component.ORGANISATION_NAME: lambda field, value, today: part_checks.check_organisation_name(value),
    Component.CORPORATE_NUMBER: lambda field, value, today: text_checks.check_corporate_number(value),
    Component.ADDRESS: lambda field, value, today: part_checks.check_address(value),
    Component.PHONE: lambda field, value, today: text_checks.check_phone(value),
    Component.EMAIL: lambda field, value, today: text_checks.check_email(value),
    Component.BANK_ACCOUNT: lambda field, value, today: part_checks.check_bank_account(value),
    Component.FILE: lambda field, value, today: part_checks.check_files(field, value),
    Component.SIGNATURE: lambda field, value, today: part_checks.check_signature(value),
    Component.CONSENT: _check_consent,
}
