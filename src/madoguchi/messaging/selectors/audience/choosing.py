"""
A rule as one query of recipients.

Negation is moved to the conditions first. So what the registry knows of people who have not agreed is used neither for nor
against them: they fall under no condition on it, and under no denied one either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.kit.fiscal import fiscal_year

from ...errors import AudienceError
from ...models import Child, Need, Recipient, Subscription
from ...registry import audience_sources
from ...rules import audience as rules


def select_recipients(
    rule: rules.Rule, *, is_emergency: bool = False, today: date | None = None
) -> QuerySet[Recipient]:
    """
    Return the people a rule means, each once: those who have not ended, and outside emergencies have not paused.

    Outside emergencies the registry is asked about those alone who have agreed (``usable``). Conditions on children are each
    about some child: ``all`` of two of them may be met by two children. What is not known of somebody is not so: a person whose
    day of birth is unknown is of no age, and falls under the denial of every age. Raises ``AudienceError`` for a source that is
    not there.
    """
    found = Recipient.objects.filter(ended_at__isnull=True)
    if not is_emergency:
        found = found.filter(_not_paused(clock.now()))
    return found.filter(condition_of(rule, ignores_consent=is_emergency, today=today))


def usable() -> Q:
    """Return the condition for people of whom everything may be asked: they have agreed, or told it all themselves."""
    return Q(resident__isnull=True) | Q(consented_at__isnull=False)


def condition_of(rule: rules.Rule, *, ignores_consent: bool, today: date | None = None) -> Q:
    """Return the condition of a rule on recipients."""
    return _Writer(ignores_consent, today or clock.today()).write(rule)


def _not_paused(now: datetime) -> Q:
    return Q(paused_until__isnull=True) | Q(paused_until__lte=now)


def _nobody() -> Q:
    return Q(pk__in=[])


def _everybody() -> Q:
    # An empty Q would vanish from an alternative instead of making it true.
    return Q(pk__isnull=False)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one rule as a condition; ``ignores_consent`` is for emergencies."""

    ignores_consent: bool
    today: date

    def write(self, rule: rules.Rule) -> Q:
        if isinstance(rule, rules.All):
            found = Q()
            for part in rule.parts:
                found &= self.write(part)
            return found
        if isinstance(rule, rules.Any):
            found = _nobody()
            for at, part in enumerate(rule.parts):
                found = found | self.write(part) if at else self.write(part)
            return found
        if isinstance(rule, rules.Not):
            inner = rule.part
            if isinstance(inner, rules.All | rules.Any | rules.Not):
                return self.write(rules.negate(inner))
            return self.allowed(inner) & ~self.plain(inner)
        return self.affirmed(rule)

    def affirmed(self, rule: rules.Condition) -> Q:
        if self.ignores_consent:
            return self.plain(rule)
        if isinstance(rule, rules.ChildAge | rules.ChildGrade):
            # Children somebody declared are their own word, whether or not the registry may be asked.
            declared = Child.objects.filter(self.births(rule), is_declared=True).values("recipient")
            return self.plain(rule) & (usable() | Q(pk__in=declared))
        return self.plain(rule) & self.allowed(rule)

    def allowed(self, rule: rules.Condition) -> Q:
        """Return the condition for people of whom this may be asked at all."""
        if self.ignores_consent or isinstance(rule, rules.Everyone | rules.Topics | rules.Recipients):
            return Q()
        if isinstance(rule, rules.Needs):
            return Q(consented_at__isnull=False)
        if isinstance(rule, rules.Languages):
            return usable() | Q(is_language_declared=True)
        if isinstance(rule, rules.Sources):
            source = audience_sources.find(rule.key)
            return usable() if source is None or source.needs_consent else Q()
        return usable()

    def plain(self, rule: rules.Condition) -> Q:
        """Return the condition by what is known, whether or not it may be used."""
        if isinstance(rule, rules.Everyone):
            return _everybody()
        if isinstance(rule, rules.Age):
            return _between("birth_date", *rules.births_of_ages(rule.first, rule.last, rule.on or self.today))
        if isinstance(rule, rules.Born):
            return _between("birth_date", rule.first, rule.last)
        if isinstance(rule, rules.ChildAge | rules.ChildGrade):
            return Q(pk__in=Child.objects.filter(self.births(rule)).values("recipient"))
        if isinstance(rule, rules.PostalCodes):
            return self.postal(rule)
        return self.listed(rule)

    def listed(self, rule: rules.Condition) -> Q:
        if isinstance(rule, rules.Topics):
            wanted = Subscription.objects.filter(topic__code__in=rule.codes, ended_at__isnull=True)
            return Q(pk__in=wanted.values("recipient"))
        if isinstance(rule, rules.Towns):
            return Q(town__in=rule.names)
        if isinstance(rule, rules.Languages):
            return Q(language__in=rule.codes)
        if isinstance(rule, rules.Needs):
            return Q(pk__in=Need.objects.filter(code__in=rule.codes, ended_at__isnull=True).values("recipient"))
        if isinstance(rule, rules.Recipients):
            return Q(key__in=rule.keys)
        return self.known_to(rule) if isinstance(rule, rules.Sources) else _nobody()

    def known_to(self, rule: rules.Sources) -> Q:
        source = audience_sources.find(rule.key)
        if source is None:
            words = _("「%(key)s」という選び方は、この窓口にはありません。対象を選び直してください。")
            raise AudienceError(words % {"key": rule.key})
        return Q(pk__in=source.select(Recipient.objects.all(), rule.values).values("pk"))

    def postal(self, rule: rules.PostalCodes) -> Q:
        found = _nobody()
        for at, prefix in enumerate(rule.prefixes):
            written = Q(postal_code__startswith=prefix)
            if len(prefix) > 3:
                written |= Q(postal_code__startswith=f"{prefix[:3]}-{prefix[3:]}")
            found = found | written if at else written
        return found

    def births(self, rule: rules.ChildAge | rules.ChildGrade) -> Q:
        if isinstance(rule, rules.ChildAge):
            return _between("birth_date", *rules.births_of_ages(rule.first, rule.last, rule.on or self.today))
        year = rule.fiscal_year if rule.fiscal_year is not None else fiscal_year(self.today)
        found = _nobody()
        for at, grade in enumerate(rule.grades):
            one = _between("birth_date", *rules.births_of_grade(grade, year))
            found = found | one if at else one
        return found


def _between(field: str, first: date | None, last: date | None) -> Q:
    found = Q()
    if first is not None:
        found &= Q(**{f"{field}__gte": first})
    if last is not None:
        found &= Q(**{f"{field}__lte": last})
    return found
