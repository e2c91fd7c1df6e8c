"""What a definition tells before anybody applies: law, documents, contact, deadline, results, questions, finder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from madoguchi.kit import feel

from ..definition import Component, Definition
from ..finder.events import CATEGORIES, LIFE_EVENTS
from ..finder.questions import QUESTIONS
from .findings import N_, LintFinding, Severity


def check(definition: Definition) -> Iterator[LintFinding]:
    """Yield what is missing or dead around the form."""
    yield from _missing(definition)
    yield from _documents(definition)
    yield from _deadline(definition)
    yield from _outputs(definition)
    yield from _questions(definition)
    yield from _finder(definition)


def _missing(definition: Definition) -> Iterator[LintFinding]:
    if not definition.name.ja.strip():
        yield LintFinding(
            "unlabelled", Severity.ERROR, "name", N_("手続の名称がありません。"), N_("手続の名称を書いてください。")
        )
    if not definition.summary:
        yield LintFinding(
            "summary_missing",
            Severity.WARNING,
            "summary",
            N_("手続の説明がありません。"),
            N_("だれが何のためにする手続かを、1文で書いてください。"),
        )
    if not definition.laws:
        yield LintFinding(
            "law_missing",
            Severity.WARNING,
            "laws",
            N_("根拠となる法令や条例がありません。"),
            N_("法律・条例・要綱の名称と条を書いてください。どの情報を求めてよいかは、根拠で決まります。"),
        )
    if not definition.contact.section and not definition.contact.phone:
        yield LintFinding(
            "contact_missing",
            Severity.WARNING,
            "contact",
            N_("問い合わせ先がありません。"),
            N_("担当の課と電話番号を書いてください。"),
        )
    if not definition.who:
        yield LintFinding(
            "who_missing",
            Severity.HINT,
            "who",
            N_("だれができる手続か、書かれていません。"),
            N_("できる人（本人、家族、代理の人など）を書いてください。"),
        )
    if "retention" not in definition.model_fields_set:
        yield LintFinding(
            "retention_missing",
            Severity.HINT,
            "retention",
            N_("文書の保存年限が決められていません（5年とみなします）。"),
            N_("文書管理規程を確かめて、保存年限を選んでください。"),
        )
    if not definition.tests:
        yield LintFinding(
            "tests_missing",
            Severity.WARNING,
            "tests",
            N_("テストがありません。"),
            N_(
                "よくある申請を1つ、断られる申請を1つ、テストとして残してください。変更したときに、こわれていないことが分かります。"
            ),
        )
    if not definition.minutes.before:
        yield LintFinding(
            "minutes_missing",
            Severity.HINT,
            "minutes",
            N_("紙で受け付けたときの職員の処理時間がありません。"),
            N_("1件あたりの分数を書いてください。減った時間を計る元になります。"),
        )


def _documents(definition: Definition) -> Iterator[LintFinding]:
    files = [field for field in definition.form.fields() if field.component is Component.FILE]
    if not definition.documents:
        yield LintFinding(
            "documents_missing",
            Severity.WARNING,
            "documents",
            N_("必要な書類が書かれていません。"),
            N_("要る書類と、どこで手に入るかを書いてください。要らないときは「本人確認書類」だけでも書いてください。"),
        )
    elif files and not any(document.online == "attach" for document in definition.documents):
        yield LintFinding(
            "documents_differ",
            Severity.WARNING,
            "documents",
            N_("用紙ではファイルを付けますが、必要な書類の一覧に「添付する」ものがありません。"),
            N_("一覧と用紙をそろえてください。"),
        )
    codes = Counter(document.code for document in definition.documents)
    for index, document in enumerate(definition.documents):
        if codes[document.code] > 1:
            yield LintFinding(
                "code_twice",
                Severity.ERROR,
                f"documents.{index}.code",
                N_("書類の名前（コード）「%(code)s」が2つあります。"),
                N_("別の名前にしてください。"),
                {"code": document.code},
            )


def _deadline(definition: Definition) -> Iterator[LintFinding]:
    deadline = definition.deadline
    if deadline is None or not deadline.from_field:
        return
    field = definition.form.find(deadline.from_field)
    dates = {Component.DATE, Component.BIRTH_DATE, Component.CALCULATED}
    if field is None or field.component not in dates:
        yield LintFinding(
            "deadline_field",
            Severity.ERROR,
            "deadline.from_field",
            N_("期限を数える日の項目「%(code)s」は、日付の項目ではありません。"),
            N_("用紙の日付の項目を選んでください。"),
            {"code": deadline.from_field},
        )


def _outputs(definition: Definition) -> Iterator[LintFinding]:
    codes = {field.code for field in definition.form.fields()}
    for number, output in enumerate(definition.outputs):
        for index, code in enumerate(output.fields):
            if code.split(".", 1)[0] not in codes:
                yield LintFinding(
                    "output_field",
                    Severity.ERROR,
                    f"outputs.{number}.fields.{index}",
                    N_("渡す文書「%(name)s」に、用紙にない項目「%(code)s」があります。"),
                    N_("用紙の項目を選び直してください。"),
                    {"name": output.name.ja, "code": code},
                )


def _questions(definition: Definition) -> Iterator[LintFinding]:
    asked = Counter(item.question.ja for item in definition.faq)
    for index, item in enumerate(definition.faq):
        if not item.question.ja or not item.answer.ja:
            yield LintFinding(
                "faq_dead",
                Severity.WARNING,
                f"faq.{index}",
                N_("よくある質問に、質問か答えがありません。"),
                N_("両方を書くか、消してください。"),
            )
        elif asked[item.question.ja] > 1:
            yield LintFinding(
                "faq_dead",
                Severity.WARNING,
                f"faq.{index}",
                N_("よくある質問に、同じ質問が2つあります：「%(question)s」"),
                N_("答えを1つにまとめてください。"),
                {"question": item.question.ja},
            )


def _finder(definition: Definition) -> Iterator[LintFinding]:
    if not definition.life_events:
        yield LintFinding(
            "life_event_missing",
            Severity.WARNING,
            "life_events",
            N_("どのライフイベントにも結び付いていません。"),
            N_("ライフイベントを選んでください。手続ナビで見つかるようになります。"),
        )
    for index, event in enumerate(definition.life_events):
        if event not in LIFE_EVENTS:
            yield _unknown(f"life_events.{index}", event)
    if definition.category and definition.category not in CATEGORIES:
        yield _unknown("category", definition.category)
    for index, rule in enumerate(definition.finder):
        if rule.question not in QUESTIONS:
            yield _unknown(f"finder.{index}.question", rule.question)
        try:
            feel.compile_unary_tests(rule.test)
        except feel.FeelError as error:
            yield LintFinding(
                "finder_broken",
                Severity.ERROR,
                f"finder.{index}.test",
                N_("手続ナビの条件「%(text)s」は読めません：%(reason)s"),
                N_('条件を書き直してください（例：>= 18、"renting"）。'),
                {"text": rule.test, "reason": str(error)},
            )
        if not rule.reason:
            yield LintFinding(
                "finder_unexplained",
                Severity.WARNING,
                f"finder.{index}.reason",
                N_("手続ナビで「いらない」と言う理由が書かれていません。"),
                N_("なぜ当てはまらないのかを書いてください。"),
            )


def _unknown(path: str, code: str) -> LintFinding:
    return LintFinding(
        "vocabulary",
        Severity.WARNING,
        path,
        N_("「%(code)s」は共通の一覧にありません。"),
        N_("一覧から選んでください。独自のものは、手続ナビの入口に出ません。"),
        {"code": code},
    )
