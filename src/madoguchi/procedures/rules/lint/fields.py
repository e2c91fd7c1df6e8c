"""The questions of a form: labels, groups, options, length, and what the city knows already (WCAG 2.2, 書かない)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..definition import Component, Definition, FormField, Step
from ..forms.schema import check_constraint, pattern_fault
from .findings import N_, LintFinding, Place, Severity, places

LONGEST_MINUTES = 15
MOST_QUESTIONS = 10
MOST_OPTIONS = 15

_SECONDS = {
    Component.TEXT: 20,
    Component.TEXTAREA: 90,
    Component.DATE: 15,
    Component.PERSON_NAME: 30,
    Component.ORGANISATION_NAME: 30,
    Component.CORPORATE_NUMBER: 40,
    Component.ADDRESS: 60,
    Component.HOUSEHOLD: 90,
    Component.BANK_ACCOUNT: 90,
    Component.FILE: 90,
    Component.SIGNATURE: 30,
    Component.NOTE: 8,
    Component.CALCULATED: 3,
}
_KNOWN = {
    Component.PERSON_NAME: "person.name",
    Component.ADDRESS: "person.address",
    Component.BIRTH_DATE: "person.birth_date",
    Component.HOUSEHOLD: "person.household",
}
_MOVED = ("new_", "old_", "previous", "former", "destination", "moved", "from", "abroad")


def check(definition: Definition) -> Iterator[LintFinding]:
    """Yield what is wrong with single questions and with how many there are."""
    if "online" in definition.channels and not any(step.fields for step in definition.form.steps):
        yield LintFinding(
            "form_empty",
            Severity.ERROR,
            "form.steps",
            N_("オンラインで受け付けるのに、用紙に項目がありません。"),
            N_("項目を作るか、受け付け方からオンラインを外してください。"),
        )
    yield from _codes(definition)
    for place in places(definition):
        yield from _labels(place)
        yield from _options(place)
        yield from _shape(place)
    for number, step in enumerate(definition.form.steps):
        yield from _step(number, step)
    yield from _known_already(definition)
    yield from _length(definition)


def _codes(definition: Definition) -> Iterator[LintFinding]:
    levels: dict[int | None, Counter[str]] = {}
    for place in places(definition):
        names = levels.setdefault(id(place.group) if place.group else None, Counter())
        names[place.field.code] += 1
        if names[place.field.code] == 2:
            yield LintFinding(
                "code_twice",
                Severity.ERROR,
                f"{place.path}.code",
                N_("項目の名前（コード）「%(code)s」が2つあります。"),
                N_("別の名前にしてください。同じ名前の項目は、答えが混ざります。"),
                {"code": place.field.code},
            )
        if place.field.code == "today":
            yield LintFinding(
                "code_reserved",
                Severity.ERROR,
                f"{place.path}.code",
                N_("項目の名前「today」は、条件の中で「今日」の意味に使います。"),
                N_("別の名前にしてください。"),
            )
    steps = Counter(step.code for step in definition.form.steps)
    for number, step in enumerate(definition.form.steps):
        if steps[step.code] > 1:
            yield LintFinding(
                "code_twice",
                Severity.ERROR,
                f"form.steps.{number}.code",
                N_("段階の名前（コード）「%(code)s」が2つあります。"),
                N_("別の名前にしてください。"),
                {"code": step.code},
            )


def _labels(place: Place) -> Iterator[LintFinding]:
    field = place.field
    if field.component is Component.NOTE:
        if not field.label and not field.hint:
            yield LintFinding(
                "note_empty",
                Severity.WARNING,
                place.path,
                N_("何も書かれていない説明があります。"),
                N_("文を書くか、説明を消してください。"),
            )
    elif not field.label.ja.strip():
        rows = field.component in {Component.GROUP, Component.HOUSEHOLD}
        yield LintFinding(
            "unlabelled",
            Severity.ERROR,
            f"{place.path}.label",
            N_("繰り返しのまとまり「%(code)s」に見出しがありません。")
            if rows
            else N_("項目「%(code)s」に見出しがありません。"),
            N_("何を答えるのかを見出しに書いてください。読み上げソフトは、見出しを読みます（WCAG 1.3.1、3.3.2）。"),
            {"code": field.code},
        )
    if field.component is Component.CONSENT and not field.hint and len(field.label.ja) < 12:
        yield LintFinding(
            "consent_unexplained",
            Severity.WARNING,
            f"{place.path}.hint",
            N_("「%(name)s」が何に同意するものか、書かれていません。"),
            N_("同意する内容（何の情報を、何のために使うか）を説明に書いてください。"),
            {"name": place.name},
        )
    if field.constraint and not field.message.ja and not field.hint.ja:
        yield LintFinding(
            "constraint_unexplained",
            Severity.WARNING,
            f"{place.path}.message",
            N_("「%(name)s」には入力のきまりがありますが、説明がありません。"),
            N_("合わないときに出す文（message）か、説明（hint）に、正しい書き方と例を書いてください（WCAG 3.3.3）。"),
            {"name": place.name},
        )


def _options(place: Place) -> Iterator[LintFinding]:
    field = place.field
    if field.component not in {Component.CHOICE, Component.CHOICES}:
        return
    if len(field.options) < (2 if field.component is Component.CHOICE else 1):
        yield LintFinding(
            "options_missing",
            Severity.ERROR,
            f"{place.path}.options",
            N_("「%(name)s」に選ぶものがありません。"),
            N_("選ぶものを2つ以上作ってください。"),
            {"name": place.name},
        )
    codes, labels = (
        Counter(option.code for option in field.options),
        Counter(option.label.ja for option in field.options),
    )
    for index, option in enumerate(field.options):
        if codes[option.code] > 1 or (option.label.ja and labels[option.label.ja] > 1):
            yield LintFinding(
                "options_twice",
                Severity.ERROR,
                f"{place.path}.options.{index}",
                N_("「%(name)s」に同じ選択肢「%(option)s」が2つあります。"),
                N_("片方を消すか、違いが分かる名前にしてください。"),
                {"name": place.name, "option": option.label.ja or option.code},
            )
        if not option.label.ja:
            yield LintFinding(
                "unlabelled",
                Severity.ERROR,
                f"{place.path}.options.{index}.label",
                N_("「%(name)s」の選択肢「%(code)s」に名前がありません。"),
                N_("選択肢の名前を書いてください。"),
                {"name": place.name, "code": option.code},
            )
    if len(field.options) > MOST_OPTIONS:
        yield LintFinding(
            "options_many",
            Severity.HINT,
            f"{place.path}.options",
            N_("「%(name)s」の選択肢が多すぎます（%(count)s）。"),
            N_("前の質問で分けるか、よく選ばれるものを先に並べてください。"),
            {"name": place.name, "count": len(field.options)},
        )


def _shape(place: Place) -> Iterator[LintFinding]:
    field = place.field
    if field.component is Component.GROUP and not any(inner.asks for inner in field.fields):
        yield LintFinding(
            "group_empty",
            Severity.ERROR,
            f"{place.path}.fields",
            N_("繰り返しのまとまり「%(name)s」に項目がありません。"),
            N_("項目を入れるか、まとまりを消してください。"),
            {"name": place.name},
        )
    if field.minimum_rows > field.maximum_rows:
        yield LintFinding(
            "rows_impossible",
            Severity.ERROR,
            f"{place.path}.minimum_rows",
            N_("「%(name)s」の最少の数が、最多の数より大きくなっています。"),
            N_("最少と最多の数を直してください。"),
            {"name": place.name},
        )
    if field.component is Component.CALCULATED and not field.calculation:
        yield LintFinding(
            "calculation_missing",
            Severity.ERROR,
            f"{place.path}.calculation",
            N_("計算する項目「%(name)s」に式がありません。"),
            N_("式を書いてください。"),
            {"name": place.name},
        )
    reason = check_constraint(field.constraint) if field.constraint else ""
    if reason:
        yield LintFinding(
            "constraint_broken",
            Severity.ERROR,
            f"{place.path}.constraint",
            N_("「%(name)s」の入力のきまりは、JSON Schemaとして読めません：%(reason)s"),
            N_('きまりを直してください（例：{"minimum": 1}）。'),
            {"name": place.name, "reason": reason},
        )
    if pattern_fault(field.constraint) == "slow":
        yield LintFinding(
            "constraint_slow",
            Severity.ERROR,
            f"{place.path}.constraint",
            N_("「%(name)s」の入力のきまりは、くり返しの中にくり返しがあり、入力によっては終わりません。"),
            N_("くり返しを1つにまとめてください（例：(a+)+ は a+）。直すまで、このきまりは使われません。"),
            {"name": place.name},
        )
    if field.component is Component.FILE and not field.media_types:
        yield LintFinding(
            "file_any",
            Severity.HINT,
            f"{place.path}.media_types",
            N_("「%(name)s」は、どの種類のファイルでも受け取ります。"),
            N_("受け取る種類を決めてください（例：application/pdf、image/*）。"),
            {"name": place.name},
        )


def _step(number: int, step: Step) -> Iterator[LintFinding]:
    path = f"form.steps.{number}"
    if not step.title.ja.strip():
        yield LintFinding(
            "unlabelled",
            Severity.ERROR,
            f"{path}.title",
            N_("%(number)s番目の段階に題名がありません。"),
            N_("何をたずねる段階かを題名に書いてください（例：引っ越した人）。"),
            {"number": number + 1},
        )
    asked = [field for field in step.fields if field.asks]
    if len(asked) > MOST_QUESTIONS:
        yield LintFinding(
            "step_long",
            Severity.WARNING,
            f"{path}.fields",
            N_("「%(title)s」に質問が%(count)sあります。"),
            N_("1つの段階は%(most)sまでにして、段階を分けてください。スマートフォンでは長い画面で迷います。"),
            {"title": step.title.ja, "count": len(asked), "most": MOST_QUESTIONS},
        )
    if not step.fields:
        yield LintFinding(
            "step_empty",
            Severity.WARNING,
            path,
            N_("「%(title)s」に項目がありません。"),
            N_("項目を入れるか、段階を消してください。"),
            {"title": step.title.ja},
        )
    labels = Counter(field.label.ja for field in asked if field.label.ja)
    for index, field in enumerate(step.fields):
        if field.asks and labels[field.label.ja] > 1:
            yield LintFinding(
                "label_twice",
                Severity.WARNING,
                f"{path}.fields.{index}.label",
                N_("「%(label)s」という見出しが同じ段階に2つあります。"),
                N_("だれの、何のことかが分かる見出しにしてください（WCAG 2.4.6）。"),
                {"label": field.label.ja},
            )


def _known_already(definition: Definition) -> Iterator[LintFinding]:
    found = [place for place in places(definition) if place.group is None]
    for component, attribute in _KNOWN.items():
        asked = [place for place in found if place.field.component is component]
        if any(place.field.prefill for place in asked):
            continue
        own = next((place for place in asked if not place.field.code.startswith(_MOVED)), None)
        if own is not None:
            yield LintFinding(
                "known_already",
                Severity.WARNING,
                f"{own.path}.prefill",
                N_("「%(name)s」は、市がすでに知っていることかもしれません。"),
                N_("申請する本人のことなら、「%(attribute)s」から自動で入るようにしてください（書かせない）。"),
                {"name": own.name, "attribute": attribute},
            )


def seconds_for(field: FormField) -> int:
    """Return how long a question takes somebody who answers it, in seconds."""
    if field.component is Component.GROUP:
        return 10 + max(field.minimum_rows, 1) * sum(seconds_for(inner) for inner in field.fields)
    base = _SECONDS.get(field.component, 12)
    return base // 3 if field.prefill else base


def minutes_for(definition: Definition) -> int:
    """Return how many minutes the form takes; what a condition shows to some counts half."""
    seconds = 60.0
    for step in definition.form.steps:
        for field in step.fields:
            share = 0.5 if field.visible_if or step.visible_if else 1.0
            seconds += seconds_for(field) * share
    return max(1, round(seconds / 60))


def _length(definition: Definition) -> Iterator[LintFinding]:
    minutes = minutes_for(definition)
    if minutes > LONGEST_MINUTES:
        yield LintFinding(
            "too_long",
            Severity.WARNING,
            "form",
            N_("入力に%(minutes)s分ほどかかりそうです。"),
            N_("市が知っていることを自動で入れ、使わない項目を消してください。%(most)s分までが目安です。"),
            {"minutes": minutes, "most": LONGEST_MINUTES},
        )
    if definition.form.steps and minutes > 2 * definition.minutes_to_apply:
        yield LintFinding(
            "minutes_understated",
            Severity.HINT,
            "minutes_to_apply",
            N_("「%(said)s分で終わる」とありますが、%(minutes)s分ほどかかりそうです。"),
            N_("かかる時間を直してください。"),
            {"said": definition.minutes_to_apply, "minutes": minutes},
        )
