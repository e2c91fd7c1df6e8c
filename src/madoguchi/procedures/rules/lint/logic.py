"""Conditions and calculations: names, cycles, what can never be seen, what looks ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.kit import clock, feel

from ..definition import Component, Definition, FormField
from ..forms.evaluation import Evaluation
from ..forms.parts import PARTS, row_fields
from .expressions import Reading, read
from .findings import N_, LintFinding, Place, Severity, places
from .reach import Reach, can_hold


@dataclass(frozen=True, slots=True)
class Use:
    """One expression of a definition: where it stands, what kind it is, what may be named in it beside the form."""

    path: str
    kind: str
    text: str
    name: str
    inner: frozenset[str] = frozenset()
    place: Place | None = None


@dataclass(slots=True)
class _Form:
    definition: Definition
    fields: dict[str, FormField] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)


def check(definition: Definition) -> Iterator[LintFinding]:
    """Yield what is wrong with the conditions and calculations of a form and of its documents."""
    form = _form(definition)
    for use in form.uses:
        yield from _check_use(form, use)
    yield from _cycles(form)
    yield from _never_visible(form)
    yield from _prices(form)


def _form(definition: Definition) -> _Form:
    form = _Form(definition)
    for number, step in enumerate(definition.form.steps):
        for item in step.fields:
            form.fields.setdefault(item.code, item)
            form.order.setdefault(item.code, number)
    form.uses = list(_uses(definition))
    members = {part.code for parts in PARTS.values() for part in parts}
    members |= {place.field.code for place in places(definition) if place.group is not None}
    for use in form.uses:
        names = frozenset(form.fields) | use.inner | {"today"}
        form.readings[use.path] = read(use.text, names, frozenset(members))
    return form


def _uses(definition: Definition) -> Iterator[Use]:
    for number, step in enumerate(definition.form.steps):
        if step.visible_if:
            yield Use(f"form.steps.{number}.visible_if", "step", step.visible_if, step.title.ja or step.code)
    for place in places(definition):
        inner = frozenset(item.code for item in row_fields(place.group)) if place.group else frozenset()
        for kind in ("visible_if", "required_if", "calculation"):
            text = getattr(place.field, kind)
            if text:
                yield Use(f"{place.path}.{kind}", kind, text, place.name, inner, place)
    for index, document in enumerate(definition.documents):
        if document.required_if:
            path = f"documents.{index}.required_if"
            yield Use(path, "document", document.required_if, document.name.ja)


def _check_use(form: _Form, use: Use) -> Iterator[LintFinding]:
    reading = form.readings[use.path]
    if reading.error:
        yield LintFinding(
            "condition_broken",
            Severity.ERROR,
            use.path,
            N_("「%(name)s」の条件か式「%(text)s」は読めません：%(reason)s"),
            N_("書き直してください。読めない条件は、いつも「当てはまらない」になります。"),
            {"name": use.name, "text": use.text, "reason": reading.error},
        )
        return
    # Conditions of documents may also name answers of the finder.
    unknown = () if use.kind == "document" else sorted(reading.unknown)
    for name in unknown:
        yield LintFinding(
            "condition_unknown_name",
            Severity.ERROR,
            use.path,
            N_("「%(name)s」の条件か式に、用紙にない名前「%(unknown)s」があります。"),
            N_('項目の名前（コード）のつづりを確かめてください。文字として比べるときは "%(unknown)s" と書きます。'),
            {"name": use.name, "unknown": name},
        )
    for base, member in sorted(reading.members):
        if _has_no_member(form, base, member):
            yield LintFinding(
                "condition_unknown_part",
                Severity.ERROR,
                use.path,
                N_("「%(base)s」に「%(part)s」という部分はありません。"),
                N_("部分の名前を確かめてください。"),
                {"base": base, "part": member},
            )
    yield from _fails(form, use)
    yield from _looks_ahead(form, use, reading)


def _has_no_member(form: _Form, base: str, member: str) -> bool:
    known = form.fields.get(base)
    if known is None or known.component not in PARTS:
        return False
    return member not in {part.code for part in PARTS[known.component]}


def _fails(form: _Form, use: Use) -> Iterator[LintFinding]:
    """Name a condition that cannot be worked out at all, such as one that compares a text with a number."""
    if use.place is not None and use.place.group is not None:
        return
    try:
        expression = feel.compile_expression(use.text, feel.Names(variables=frozenset({*form.fields, "today"})))
        expression.evaluate(Evaluation(form.definition, {}, clock.today()).scope())
    except feel.FeelError as error:
        yield LintFinding(
            "condition_fails",
            Severity.ERROR,
            use.path,
            N_("「%(name)s」の条件か式「%(text)s」は計算できません：%(reason)s"),
            N_("書き直してください。計算できない条件は、いつも「当てはまらない」になります。"),
            {"name": use.name, "text": use.text, "reason": str(error)},
        )
    except TypeError:
        return


def _looks_ahead(form: _Form, use: Use, reading: Reading) -> Iterator[LintFinding]:
    if use.place is None or use.kind == "calculation":
        return
    here = (
        form.order.get(use.place.field.code, 0) if use.place.group is None else form.order.get(use.place.group.code, 0)
    )
    later = sorted(name for name in reading.names if form.order.get(name, -1) > here)
    for name in later:
        yield LintFinding(
            "condition_looks_ahead",
            Severity.WARNING,
            use.path,
            N_("「%(name)s」の条件は、あとの段階の項目「%(later)s」によります。"),
            N_("先に答える項目を使うか、項目の順番を変えてください。"),
            {"name": use.name, "later": form.fields[name].label.ja or name},
        )


def _cycles(form: _Form) -> Iterator[LintFinding]:
    needs: dict[str, set[str]] = {code: set() for code in form.fields}
    for use in form.uses:
        if use.place is not None and use.place.group is None and use.kind != "required_if":
            needs[use.place.field.code] |= form.readings[use.path].names & form.fields.keys()
    for code in form.fields:
        if _reaches(needs, code):
            where = next(place.path for place in places(form.definition) if place.field is form.fields[code])
            yield LintFinding(
                "cycle",
                Severity.ERROR,
                where,
                N_("「%(name)s」は、めぐりめぐって自分自身で決まります。"),
                N_("条件か計算式の輪を切ってください。"),
                {"name": form.fields[code].label.ja or code},
            )


def _reaches(needs: Mapping[str, set[str]], start: str) -> bool:
    waiting, seen = list(needs[start]), set()
    while waiting:
        code = waiting.pop()
        if code == start:
            return True
        if code not in seen:
            seen.add(code)
            waiting.extend(needs.get(code, ()))
    return False


def _never_visible(form: _Form) -> Iterator[LintFinding]:
    reach = Reach(form.definition, {use.path: form.readings[use.path].names for use in form.uses})
    for use in form.uses:
        if use.kind not in {"visible_if", "step"} or form.readings[use.path].error or form.readings[use.path].unknown:
            continue
        if use.place is not None and use.place.group is not None:
            continue
        possible = can_hold(reach, use.text, form.readings[use.path].names)
        if possible is not False:
            continue
        required = use.place is not None and use.place.field.asks and use.place.field.required
        yield LintFinding(
            "required_hidden" if required else "never_visible",
            Severity.ERROR if required else Severity.WARNING,
            use.path,
            N_("必須の「%(name)s」は、どう答えても表示されません（条件：%(text)s）。")
            if required
            else N_("「%(name)s」は、どう答えても表示されません（条件：%(text)s）。"),
            N_("条件を直すか、項目を消してください。"),
            {"name": use.name, "text": use.text},
        )


def _prices(form: _Form) -> Iterator[LintFinding]:
    """Name calculated values that no answers can ever work out."""
    for place in places(form.definition):
        if place.field.component is Component.CALCULATED and place.group is None and place.field.calculation:
            path = f"{place.path}.calculation"
            reading = form.readings.get(path)
            if reading is not None and not reading.error and not reading.names and _is_null(form, place.field):
                yield LintFinding(
                    "calculation_null",
                    Severity.WARNING,
                    path,
                    N_("「%(name)s」の式は、いつも空になります。"),
                    N_("式を直してください。"),
                    {"name": place.name},
                )


def _is_null(form: _Form, item: FormField) -> bool:
    answers: dict[str, Any] = {}
    return Evaluation(form.definition, answers, date(2026, 4, 1)).evaluate(item.calculation) is None
