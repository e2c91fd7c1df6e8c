"""Drawing the sample of a survey from the register of residents (住民基本台帳法第11条の2 に準じた無作為抽出)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from madoguchi.kit import ages, clock
from madoguchi.trust.api import Account, Resident, log_access, record_event
from madoguchi.trust.enums import AccessAction

from ... import events
from ...enums import SurveyStatus
from ...errors import SurveyError
from ...models import Survey, SurveyInvitation
from ...permissions import survey_policy
from ...rules import codes
from ...rules.survey import Allocation, allocate, draw_sample
from ...rules.survey.bands import band_of_words

BANDS = ((16, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, 200))
MOST = 20_000
BATCH = 500


@transaction.atomic
def draw_survey(*, survey: Survey, size: int, seed: str, actor: Account) -> int:
    """
    Draw ``size`` residents by age band, in proportion, and make their invitations; returns how many were drawn.

    The seed is kept and published: whoever has the register draws the same people. A draw replaces an earlier one while
    nothing was sent. Raises ``RefusedError``, ``SurveyError`` once the survey is open, for a size out of range or no seed.
    """
    survey_policy.require(actor, "draw", survey)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.status != SurveyStatus.DRAFT:
        raise SurveyError(_("受付を始めた後は、標本を抽出し直せません。"))
    if not 1 <= size <= MOST:
        raise SurveyError(_("標本の数は、1から%(most)sまでで入れてください。") % {"most": MOST})
    if not seed.strip():
        raise SurveyError(_("抽出の種（公表する文字列）を入れてください。あとから誰でも抽出を確かめられます。"))
    people = people_asked(locked)
    locked.seed = seed.strip()
    draw = draw_sample(((str(pk), band) for pk, band in people.items()), size=size, seed=seed.strip())
    SurveyInvitation.objects.filter(survey=locked).delete()
    SurveyInvitation.objects.bulk_create(
        (
            SurveyInvitation(
                municipality=locked.municipality,
                survey=locked,
                number=number,
                code_digest=codes.digest_of(code_of(locked, number=number)),
                resident_id=int(reference),
                stratum=people[int(reference)],
            )
            for number, reference in enumerate(draw.chosen, start=1)
        ),
        batch_size=BATCH,
    )
    locked.drawn_at = clock.now()
    locked.population = {str(name): part.population for name, part in sorted(draw.strata.items(), key=str)}
    locked.revision += 1
    locked.save()
    log_access(actor=actor, subject=locked, purpose=_("アンケートの標本抽出"), action=AccessAction.EXPORT)
    record_event(kind=events.SURVEY_DRAWN, subject=locked, actor=actor, quantity=len(draw.chosen))
    return len(draw.chosen)


def code_of(survey: Survey, *, number: int) -> str:
    """Return the code of an invitation: derived from the installation's key, so that it need not be kept."""
    return codes.derived(settings.SECRET_KEY, "survey", f"{survey.pk}/{survey.drawn_at_key}/{number}")


def people_asked(survey: Survey) -> dict[int, str]:
    """Return the residents of the register a survey asks, by key, with their age band."""
    return dict(_people(clock.today(), survey.minimum_age or 0))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a draw of this size would take of each age band (割当); ``strata`` are in the order of age."""

    strata: dict[str, Allocation]

    @property
    def population(self) -> int:
        """Everybody who could be drawn."""
        return sum(part.population for part in self.strata.values())

    @property
    def size(self) -> int:
        """How many would be drawn: fewer than wanted where there are not so many."""
        return sum(part.size for part in self.strata.values())


def plan_draw(*, survey: Survey, size: int, actor: Account) -> Plan:
    """Return how a sample would be shared among the age bands, without drawing it; raises ``RefusedError``."""
    survey_policy.require(actor, "draw", survey)
    counts = Counter(people_asked(survey).values())
    shares = allocate(dict(counts.items()), max(0, min(size, MOST)))
    ordered = sorted(counts, key=lambda band: (band_of_words(band) or (0, 0))[0])
    return Plan({band: Allocation(counts[band], shares[band]) for band in ordered})


@dataclass(frozen=True, slots=True)
class Letter:
    """One invitation for the printer: number, code, and to whom it goes (empty where the person is not known any more)."""

    number: int
    code: str
    name: str
    postal_code: str
    address: str


def access_invitations(
    *, survey: Survey, actor: Account, action: AccessAction, first: int = 1, last: int | None = None
) -> list[Letter]:
    """
    Return the invitations from a number to a number, names and addresses included; the look is logged.

    Codes are made again from the installation's key. Raises ``RefusedError``, ``SurveyError`` once the survey is closed and
    who was invited is forgotten.
    """
    survey_policy.require(actor, "draw", survey)
    if survey.status not in {SurveyStatus.DRAFT, SurveyStatus.OPEN}:
        raise SurveyError(_("締め切ったあとは、送り先の名簿は残っていません。"))
    rows = survey.invitations.filter(number__gte=first).select_related("resident")
    if last is not None:
        rows = rows.filter(number__lte=last)
    log_access(actor=actor, subject=survey, purpose=_("アンケートの調査票の発送"), action=action)
    return [_letter(survey, row) for row in rows]


def _letter(survey: Survey, row: SurveyInvitation) -> Letter:
    person = row.resident
    known = ("", "", "") if person is None else (person.name, person.postal_code, person.address)
    return Letter(row.number, code_of(survey, number=row.number), *known)


def _people(today: date, minimum: int) -> Iterator[tuple[int, str]]:
    there = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    rows = Resident.objects.filter(there, birth_date__isnull=False).values_list("pk", "birth_date")
    for pk, born in rows.iterator(chunk_size=5000):
        age = -1 if born is None else ages.age_on(born, today)
        if age >= max(minimum, 0):
            yield pk, band_of(age)


def band_of(age: int) -> str:
    """Return the age band of an age, such as "30-39"; "80-" for the oldest and "-15" for children."""
    for low, high in BANDS:
        if low <= age <= high:
            return f"{low}-" if high > 120 else f"{low}-{high}"
    return "-15"
