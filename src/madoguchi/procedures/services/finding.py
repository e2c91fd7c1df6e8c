"""Checklists: kept, ticked off, mailed, and turned into applications that start together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids
from madoguchi.trust.api import Account, Event, log_access, municipality_in_scope, record_event

from .. import events
from ..errors import ProceduresError
from ..models import Checklist, ChecklistItem, Draft
from ..permissions import checklist_policy
from ..rules.codes import digest_of
from ..rules.definition import Assurance
from ..rules.finder.questions import Answer, write_answer
from ..selectors.finding import Catalogue, find_checklist_by_number, version_of
from .applying import start_draft

KEPT = timedelta(days=183)
"""How long a checklist is kept: half a year."""
ONE_DAY = 24 * 3600
MAILS_A_DAY = 3
"""How often one checklist may be mailed in a day, so that nobody floods a stranger's mailbox."""


@transaction.atomic
def save_checklist(
    *, catalogue: Catalogue, event: str, answers: Mapping[str, Answer], language: str, account: Account | None
) -> Checklist:
    """
    Keep what the finder found for half a year under an address nobody can guess, and return it.

    Holds the answers to the finder's questions and no names. Raises ``ProceduresError`` when nothing was found.
    """
    found = catalogue.list_for(event, answers)
    if not found:
        raise ProceduresError(_("当てはまる手続がないため、保存するものがありません。答えを変えてお試しください。"))
    now = clock.now()
    checklist = Checklist.objects.create(
        municipality=municipality_in_scope(),
        number=_free_number(),
        account=account,
        life_event=event,
        answers={code: write_answer(answer) for code, answer in answers.items()},
        language=language,
        created_at=now,
        expires_at=now + KEPT,
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            municipality=checklist.municipality,
            checklist=checklist,
            procedure_id=catalogue.offers[entry.definition.code].procedure_id,
            answer=entry.judgement.answer,
            order=order,
        )
        for order, entry in enumerate(found)
    )
    record_event(
        kind=events.CHECKLIST_SAVED,
        subject=checklist,
        actor=account,
        quantity=len(found),
        data={"life_event": event, "language": language},
    )
    return checklist


def note_finder_use(*, event: str, answers: Mapping[str, Answer], found: int, language: str, visitor: str) -> bool:
    """
    Count that somebody reached a result of the finder; returns whether it was counted.

    ``visitor`` tells browsers apart without naming anybody: it is kept for a day, digested with the installation's key. The
    same visitor with the same answers counts once, a search without any answer and a program (``is_program``) never.
    """
    if not answers:
        return False
    given = sorted((code, write_answer(answer)) for code, answer in answers.items())
    municipality = municipality_in_scope()
    run = f"{municipality.pk}/{clock.today()}/{visitor}/{event}/{given}"
    key = f"finder/{salted_hmac('procedures.finder', run, algorithm='sha256').hexdigest()}"
    if not caches["default"].add(key, 1, timeout=ONE_DAY):
        return False
    data = {"life_event": event, "language": language, "answers": len(answers)}
    record_event(kind=events.FINDER_USED, subject=municipality, quantity=found, data=data)
    return True


def _free_number() -> str:
    number = ids.new_case_number()
    while Checklist.objects.filter(number=number).exists():
        number = ids.new_case_number()
    return number


@transaction.atomic
def tick_items(*, checklist: Checklist, done: Iterable[int], actor: Account | None) -> int:
    """Mark exactly these items of a checklist as done and the others as open; returns how many changed."""
    wanted, now, changed = set(done), clock.now(), 0
    for item in checklist.items.select_for_update():
        if (item.pk in wanted) != (item.done_at is not None):
            item.done_at = now if item.pk in wanted else None
            item.save(update_fields=["done_at"])
            changed += 1
    if changed:
        record_event(kind=events.CHECKLIST_TICKED, subject=checklist, actor=actor, quantity=changed)
    return changed


def can_mail() -> bool:
    """Say whether this installation sends mail for residents (``MADOGUCHI_MAIL``)."""
    return bool(getattr(settings, "OUTGOING_MAIL", False))


def mail_checklist(*, checklist: Checklist, address: str, title: str, body: str, actor: Account | None) -> None:
    """
    Mail a checklist to an address, which is not kept anywhere.

    Raises ``ProceduresError`` when mail is off, the address is none, or the checklist was mailed three times today.
    """
    if not can_mail():
        raise ProceduresError(
            _("この市では、まだメールで送れません。印刷するか、このページのアドレスを控えてください。")
        )
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ProceduresError(
            _("メールアドレスの形が正しくありません。例：name@example.jp のように入力してください。")
        ) from error
    with transaction.atomic():
        Checklist.objects.select_for_update().get(pk=checklist.pk)
        sent = Event.objects.filter(
            key=events.CHECKLIST_MAILED.key,
            subject_type=checklist._meta.label_lower,
            subject_id=str(checklist.pk),
            at__gt=clock.now() - timedelta(days=1),
        ).count()
        if sent >= MAILS_A_DAY:
            raise ProceduresError(_("このリストは、今日すでに3回送りました。明日もう一度お試しください。"))
        record_event(kind=events.CHECKLIST_MAILED, subject=checklist, actor=actor)
        EmailMessage(subject=title, body=body, to=[address]).send()


def access_checklist(*, actor: Account | None, number: str, purpose: str) -> Checklist | None:
    """Return a checklist by the number said at the counter, for staff; logged. None where there is no such number."""
    checklist_policy.require(actor, "open")
    parsed = ids.parse_case_number(number)
    found = find_checklist_by_number(parsed) if parsed else None
    if found is not None:
        log_access(actor=actor, subject=found, purpose=purpose)
    return found


@transaction.atomic
def start_bundle(
    *,
    catalogue: Catalogue,
    checklist: Checklist,
    codes: Iterable[str],
    account: Account | None,
    browser_secret: str,
    language: str,
) -> list[Draft]:
    """
    Begin the online applications of a checklist together; returns their drafts in the order of the list.

    They share a ``bundle``, so that answers are carried over. Those that need an account are begun only with one. What was
    begun already and not sent is returned as it is, not begun twice. Raises ``ProceduresError`` when nothing can be begun.
    """
    wanted = set(codes)
    secret = "" if account else digest_of(browser_secret)
    own = Draft.objects.filter(
        checklist_item__checklist=checklist, account=account, secret_digest=secret, expires_at__gt=clock.now()
    )
    first = own.exclude(bundle="").first()
    bundle = first.bundle if first else ids.new_id()
    drafts = []
    for item in checklist.items.select_related("procedure").order_by("order", "pk"):
        offer = catalogue.offers.get(item.procedure.code)
        if offer is None or offer.code not in wanted or not offer.is_online:
            continue
        if account is None and offer.definition.assurance != Assurance.NONE:
            continue
        begun = own.filter(checklist_item=item, version_id=offer.version_id).first()
        drafts.append(
            begun
            or start_draft(
                version=version_of(offer),
                account=account,
                browser_secret=browser_secret,
                language=language,
                prefill_consent=account is not None,
                bundle=bundle,
                checklist_item=item,
            )
        )
    if not drafts:
        raise ProceduresError(
            _(
                "選んだ手続の中に、今オンラインで始められるものがありません。サインインするか、別の手続を選んでください。"
            )
        )
    record_event(kind=events.BUNDLE_STARTED, subject=checklist, actor=account, quantity=len(drafts))
    return drafts
