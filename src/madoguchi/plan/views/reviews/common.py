"""What the pages of the review cycle have in common: breadcrumbs, menu, forms that meet a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.kit import fiscal

from ...enums import RoundPeriod
from ...errors import FrozenPeriodError, PlanError, StaleError
from ...models import Evaluation, ImprovementOrder, ReviewRound
from ...permissions import review_policy
from ...selectors.navigation import steering_navigation
from ..actors import actor_of
from ..framing import optional_url

CONFLICT, UNPROCESSABLE = 409, 422


def frame(request: HttpRequest, current: str, *steps: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Return the context of a steering page: breadcrumbs from ``steps`` of (label, address), the menu, what is allowed."""
    top = optional_url("steering:overview")
    first = [(_("計画の進行管理"), top)] if top else []
    trail = [*first, (_("評価"), reverse("steering:reviews")), *steps]
    return {
        "breadcrumbs": [{"label": label, "url": url} for label, url in trail],
        "navigation": menu(request, current),
        "tabs": tabs(current),
        "can": {action for action in ("open", "advance") if review_policy.allows(actor_of(request), action)},
        **more,
    }


def menu(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the menu of the steering pages with the entry that this page belongs to, whatever its address."""
    here = {"rules": "reviews"}.get(current, current)
    place = reverse(f"steering:{here}") if here else ""
    return [{**entry, "current": entry["url"] == place} for entry in steering_navigation(request)]


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the lists of the review cycle: its rounds and the rules they are scored by."""
    pages = [("reviews", _("評価の一覧")), ("rules", _("採点規則"))]
    return [{"label": label, "url": reverse(f"steering:{name}"), "current": name == current} for name, label in pages]


def round_step(review: ReviewRound) -> tuple[str, str]:
    """Return the breadcrumb of a round."""
    return f"{review.plan.title} {round_name(review)}", reverse("steering:review", args=[review.pk])


def round_name(review: ReviewRound) -> str:
    """Return what people call a round in the language of the reader: 令和6年度（上半期）."""
    periods = {RoundPeriod.FIRST_HALF.value: _("上半期"), RoundPeriod.FULL_YEAR.value: _("年間")}
    year = fiscal.label(review.fiscal_year, get_language() or "ja")
    return _("%(year)s（%(period)s）") % {"year": year, "period": periods[review.period]}


def find_round(pk: int) -> ReviewRound:
    """Return a round of the municipality; raises ``Http404``."""
    found = ReviewRound.objects.select_related("plan", "scoring_rule").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_evaluation(pk: int) -> Evaluation:
    """Return an evaluation of the municipality with its round and project; raises ``Http404``."""
    found = Evaluation.objects.select_related(
        "round__plan", "round__scoring_rule", "project__goal", "project__measure", "project__plan",
        "submitted_by", "scored_by", "decided_by",
    ).filter(pk=pk).first()  # fmt: skip
    if found is None:
        raise Http404
    return found


def find_order(pk: int) -> ImprovementOrder:
    """Return an improvement order of the municipality; raises ``Http404``."""
    found = ImprovementOrder.objects.select_related(
        "project__plan", "evaluation__round__plan", "ordered_by", "answered_by", "accepted_by"
    )
    order = found.filter(pk=pk).first()
    if order is None:
        raise Http404
    return order


class Attempt:
    """
    A service called with what a form holds; a refusal becomes an error of the form.

    ``done`` tells whether it worked, ``stale`` carries both versions where somebody was faster, ``status`` is the HTTP
    status of the page that shows the form again.
    """

    def __init__(self, form: Form) -> None:
        """Start with a form that may be invalid already."""
        self.form = form
        self.done = False
        self.result: Any = None
        self.stale: StaleError | None = None
        self.status = UNPROCESSABLE if form.errors else 200

    def run(self, service: Callable[..., Any], **arguments: Any) -> bool:
        """Call the service; refusals for a missing duty go on to the 403 page."""
        try:
            self.result = service(**arguments)
        except PlanError as error:
            self._refused(error)
            return False
        self.done = True
        return True

    def _refused(self, error: PlanError) -> None:
        self.form.add_error(None, str(error))
        self.status = CONFLICT if isinstance(error, StaleError | FrozenPeriodError) else UNPROCESSABLE
        if isinstance(error, StaleError):
            self.stale = error

    def renew(self, **hidden: object) -> None:
        """Let the form be sent again: it now carries what is stored (``version`` or ``status``)."""
        data: Any = self.form.data
        changed = data.copy()
        for name, value in hidden.items():
            changed[self.form.add_prefix(name)] = str(value)
        self.form.data = changed


def comparison(attempt: Attempt | None) -> list[dict[str, str]]:
    """Return both versions of a stale form as rows of a diff."""
    if attempt is None or attempt.stale is None:
        return []
    yours, theirs = attempt.stale.yours, attempt.stale.theirs
    return [
        {"label": name, "before": theirs.get(name, ""), "after": yours.get(name, "")}
        for name in dict.fromkeys([*yours, *theirs])
    ]
