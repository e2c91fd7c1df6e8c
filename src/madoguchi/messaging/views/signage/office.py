"""What staff's pages of signage have in common: who may, tabs, pictures of screens, answers to refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, account_of

from ...errors import ContentError, MessagingError
from ...models import Screen, SignageAsset
from ...permissions import screen_policy
from ...selectors.signage import Stage
from .common import site_of

PER_PAGE = 24
ALL_LANGUAGES = ("ja", "ja-easy", "en")


def actor_of(request: HttpRequest) -> Account:
    """Return the signed-in account; the view's guard has met everybody else."""
    account = account_of(request)
    assert account is not None  # noqa: S101 - permission_required has refused visitors
    return account


def find_screen(number: str) -> Screen:
    """Return the screen of a number; raises ``Http404``."""
    found = (
        Screen.objects.select_related("unit", "override", "paired_by").filter(number=number, removed_at=None).first()
    )
    if found is None:
        raise Http404(_("この画面は見つかりません。"))
    return found


def find_row(rows: QuerySet[Any], pk: int) -> Any:
    """Return a row that has not been removed; raises ``Http404``."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("見つかりません。削除されたかもしれません。"))
    return found


def office_address(asset: SignageAsset) -> str:
    """Return where staff's pages find a file."""
    return reverse("signage_office:asset_file", args=[asset.pk])


def office_stage(request: HttpRequest, languages: tuple[str, ...] = ALL_LANGUAGES) -> Stage:
    """Return the stage of previews."""
    return Stage(languages, office_address, site_of(request))


def paged(request: HttpRequest, rows: Any) -> Page[Any]:
    """Return the page of a list that was asked for."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def page(
    request: HttpRequest, template: str, here: str, *, tab: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a staff page of signage."""
    trail = [{"label": _("サイネージ"), "url": reverse("signage_office:index")}]
    names = [
        ("index", _("画面")), ("playlists", _("番組")), ("schedules", _("放映予定")), ("assets", _("素材")),
        ("plays", _("放映の記録")),
    ]  # fmt: skip
    frame = {
        "tabs_of_signage": [
            {"label": label, "url": reverse(f"signage_office:{name}"), "current": name == tab} for name, label in names
        ],
        "breadcrumbs": [*trail, *context.pop("trail", []), {"label": here, "url": ""}] if here else trail,
        "here": here,
        "may_edit": screen_policy.allows(account_of(request), "edit"),
    }
    return render(request, f"messaging/signage/{template}.html", {**frame, **context}, status=status)


def attempt(request: HttpRequest, doing: Callable[[], Any], said: str) -> bool:
    """Do something and say how it went."""
    try:
        doing()
    except MessagingError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


def fill_errors(form: Form, error: MessagingError, field: str | None = None) -> None:
    """Put what a service refused at its fields."""
    problems = error.problems if isinstance(error, ContentError) else []
    for name, text in problems:
        form.add_error(name if name in form.fields else None, text)
    if not problems:
        form.add_error(field, str(error))


def asked(
    request: HttpRequest, *, title: str, text: str, submit: str, back: str, doing: Callable[[], Any], said: str, tab: str,
    after: str = "", danger: bool = True,
) -> HttpResponse:  # fmt: skip
    """Ask before something is done that cannot be taken back; ``POST`` does it."""
    if request.method == "POST":
        done = attempt(request, doing, said)
        return redirect(after or back if done else back)
    return page(request, "confirm", title, tab=tab, text=text, submit=submit, back=back, danger=danger)


def key_of(row: Model) -> int:
    """Return the number of a row."""
    return int(row.pk)
