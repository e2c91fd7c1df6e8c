"""Procedures, checks of answers and the finder: for everybody."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from ninja import Query, Router
from ninja.errors import HttpError

from madoguchi.kit import clock

from ..rules import forms
from ..rules.definition import write_definition
from ..rules.finder.index import Judgement, Reason
from ..rules.finder.parts import Status
from ..rules.finder.questions import FinderQuestion, answer_label, read_answer
from ..schema import CheckIn, CheckOut, FinderIn, FinderOut, Problem, ProcedureList, ProcedureOut
from ..selectors.finding import Catalogue, Offer, catalogue
from .common import PUBLIC_REFUSALS, CodePath, Limit, Offset, described

router = Router(tags=["procedures"])
Words = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$", description="ことば")]
Filter = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]*$")]


@router.get("/", response={200: ProcedureList, PUBLIC_REFUSALS: Problem}, summary=N_("公開している手続"))
def procedures(
    request: HttpRequest,
    q: Words = "",
    category: Filter = "",
    life_event: Filter = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """List the procedures residents can begin, by name, or by fit where words are given."""
    found = catalogue()
    offers = list(found.offers.values())
    if q.strip():
        offers = found.search(q)
    if category:
        offers = [offer for offer in offers if offer.definition.category == category]
    if life_event:
        offers = [offer for offer in offers if life_event in offer.definition.life_events]
    return {"count": len(offers), "items": [_summary(offer) for offer in offers[offset : offset + limit]]}


def _summary(offer: Offer) -> dict[str, Any]:
    definition = offer.definition
    return {
        "code": definition.code,
        "name": _text(definition.name),
        "summary": _text(definition.summary),
        "category": definition.category,
        "life_events": list(definition.life_events),
        "channels": list(definition.channels),
        "assurance": str(definition.assurance),
        "payment": str(definition.payment),
        "minutes_to_apply": definition.minutes_to_apply,
        "processing_days": definition.processing_days,
        "version": offer.number,
        "url": reverse("procedures:start", args=[definition.code]),
    }


def _text(text: Any) -> dict[str, str]:
    return {"ja": text.ja, "easy": text.easy, "en": text.en}


def _offer(code: str) -> Offer:
    offer = catalogue().offers.get(code)
    if offer is None:
        raise HttpError(404, _("この手続は公開されていません。コードを確かめてください。"))
    return offer


@router.post("/finder", response={200: FinderOut, PUBLIC_REFUSALS: Problem}, summary=N_("手続ナビ"))
def finder(request: HttpRequest, body: FinderIn) -> Any:
    """Judge the procedures of a life event by the answers so far, and say what to ask next."""
    found = catalogue()
    answers = _answers(found, body)
    question = found.index.next_question(body.life_event, answers)
    return {
        "question": None if question is None else _question(question, body.language),
        "results": [
            _result(found, item, answers, body.language) for item in found.index.judge(body.life_event, answers)
        ],
    }


def _answers(found: Catalogue, body: FinderIn) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for item in body.answers:
        question = found.index.questions.get(item.question)
        answer = None if question is None else read_answer(question, item.values)
        if question is None or answer is None:
            raise HttpError(422, _("質問「%(code)s」への答えを読み取れません。") % {"code": item.question})
        answers[item.question] = answer
    return answers


def _question(question: FinderQuestion, language: str) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": str(question.kind),
        "text": question.text.in_language(language),
        "options": [{"code": one.code, "label": one.label.in_language(language)} for one in question.choices],
    }


def _result(found: Catalogue, judgement: Judgement, answers: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "code": judgement.code,
        "name": found.offers[judgement.code].definition.name.in_language(language),
        "answer": judgement.answer,
        "reasons": [_reason(found, reason, language) for reason in judgement.reasons(answers)],
    }


def _reason(found: Catalogue, reason: Reason, language: str) -> str:
    question = found.index.questions.get(reason.question)
    if reason.text and reason.status != Status.FITS:
        return reason.text.in_language(language)
    if question is None:
        return reason.question
    asked = question.text.in_language(language)
    return asked if reason.answer is None else f"{asked}: {answer_label(question, reason.answer, language)}"


@router.get("/{code}", response={200: ProcedureOut, PUBLIC_REFUSALS: Problem}, summary=N_("手続の内容"))
def procedure(request: HttpRequest, code: CodePath) -> Any:
    """Return a procedure with its whole definition."""
    offer = _offer(code)
    return {**_summary(offer), "definition": write_definition(offer.definition)}


@router.get("/{code}/schema", response={200: dict[str, Any], PUBLIC_REFUSALS: Problem}, summary=N_("回答のJSON Schema"))
def schema(request: HttpRequest, code: CodePath) -> Any:
    """Return the JSON Schema 2020-12 of the answers."""
    return forms.json_schema(_offer(code).definition)


@router.post("/{code}/check", response={200: CheckOut, PUBLIC_REFUSALS: Problem}, summary=N_("回答の確認"))
def check(request: HttpRequest, code: CodePath, body: CheckIn) -> Any:
    """Judge answers without sending them, and say what they would cost and need."""
    definition = _offer(code).definition
    today = clock.today()
    problems = forms.check_all(definition, body.answers, today)
    answers = forms.clean(definition, body.answers)
    result, reason = forms.eligibility_of(definition, answers, today)
    return {
        "valid": not problems,
        "problems": [
            {"path": item["field"], "code": item["code"], "message": item["reason"]} for item in described(problems)
        ],
        "answers": answers,
        "fee": forms.fee_of(definition, answers, today),
        "eligible": result,
        "reason": reason.ja,
        "documents": [document.code for document in forms.documents_of(definition, answers)],
        "deadline": _deadline(definition, answers, today),
    }


def _deadline(definition: Any, answers: dict[str, Any], today: date) -> date | None:
    return forms.deadline_of(definition, answers, today)
