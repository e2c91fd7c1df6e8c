"""Playlists for staff: what is shown one after the other, with previews."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...enums import SignageKind
from ...errors import MessagingError
from ...forms.signage import ItemForm, PlaylistForm, describe_schedule
from ...models import Playlist, PlaylistItem
from ...permissions import screen_policy
from ...selectors.signage import playlist_slides, slides_of
from ...services import signage
from .office import actor_of, asked, attempt, fill_errors, find_row, office_stage, page, paged


@require_safe
@permission_required(screen_policy, "list")
def index(request: HttpRequest) -> HttpResponseBase:
    """List the playlists."""
    word = request.GET.get("q", "").strip()[:80]
    rows = Playlist.objects.filter(removed_at__isnull=True)
    for part in word.split()[:5]:
        rows = rows.filter(Q(name__icontains=part) | Q(note__icontains=part))
    rows = rows.annotate(
        item_count=Count("items", filter=Q(items__removed_at__isnull=True), distinct=True),
        schedule_count=Count("schedules", distinct=True),
    )
    found = paged(request, rows.order_by("name", "pk"))
    return page(request, "playlists", _("番組"), tab="playlists", page=found, word=word)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a playlist."""
    form = PlaylistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = signage.add_playlist(actor=actor_of(request), **form.cleaned_data)
        messages.success(request, _("番組を作りました。表示するものを追加してください。"))
        return redirect("signage_office:playlist", made.pk)
    return _named(request, form, _("番組をつくる"), reverse("signage_office:playlists"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def rename(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Rename a playlist."""
    found = _find(pk)
    form = PlaylistForm(request.POST or None, initial={"name": found.name, "note": found.note})
    if request.method == "POST" and form.is_valid():
        signage.change_playlist(playlist=found, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, _("名前を変えました。"))
        return redirect("signage_office:playlist", found.pk)
    return _named(request, form, _("名前を変える"), reverse("signage_office:playlist", args=[found.pk]))


def _named(request: HttpRequest, form: PlaylistForm, title: str, back: str) -> HttpResponseBase:
    status = 422 if form.errors else 200
    return page(request, "form", title, tab="playlists", form=form, back=back, submit=_("保存する"), status=status)


def _find(pk: int) -> Playlist:
    found: Playlist = find_row(Playlist.objects.filter(removed_at__isnull=True), pk)
    return found


def _find_item(pk: int) -> PlaylistItem:
    rows = PlaylistItem.objects.select_related("playlist", "asset__stored")
    found: PlaylistItem = find_row(rows.filter(removed_at__isnull=True, playlist__removed_at__isnull=True), pk)
    return found


@require_safe
@permission_required(screen_policy, "list")
def playlist(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a playlist with pictures of everything in it, at the ratio of a screen."""
    found = _find(pk)
    upright = request.GET.get("turn") == "portrait"
    rows = playlist_slides(found, office_stage(request, ("ja",)))
    context: dict[str, Any] = {
        "playlist": found,
        "rows": rows,
        "upright": upright,
        "kinds": SignageKind.choices,
        "seconds": sum(slide.seconds for row in rows if not row["item"].stopped_at for slide in row["slides"]),
        "schedules": [(one, describe_schedule(one)) for one in found.schedules.select_related("screen")],
    }
    return page(request, "playlist", found.name, tab="playlists", trail=_trail(), **context)


def _trail(*more: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in ((_("番組"), reverse("signage_office:playlists")), *more)]


@require_POST
@permission_required(screen_policy, "edit")
def stop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a playlist off every screen now, or let it be shown again."""
    found = _find(pk)
    stopped = request.POST.get("stopped") == "1"
    said = _("すべての画面で止めました。") if stopped else _("放映を再開しました。")
    attempt(
        request, lambda: signage.set_playlist_stopped(playlist=found, stopped=stopped, actor=actor_of(request)), said
    )
    return redirect("signage_office:playlist", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a playlist with its hours."""
    found = _find(pk)
    return asked(
        request,
        title=_("番組を削除する"),
        text=_("「%(name)s」と、その放映予定を削除します。放映の記録は残ります。") % {"name": found.name},
        submit=_("削除する"),
        back=reverse("signage_office:playlist", args=[found.pk]),
        after=reverse("signage_office:playlists"),
        doing=lambda: signage.remove_playlist(playlist=found, actor=actor_of(request)),
        said=_("番組を削除しました。"),
        tab="playlists",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def add_item(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Put something at the end of a playlist."""
    found = _find(pk)
    if kind not in SignageKind.values:
        raise Http404(kind)
    form = ItemForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            signage.add_item(playlist=found, kind=kind, actor=actor_of(request), **form.values())
        except MessagingError as error:
            fill_errors(form, error)
        else:
            messages.success(request, _("番組に追加しました。画面には数秒で反映されます。"))
            return redirect("signage_office:playlist", found.pk)
    title = _("%(kind)sを追加する") % {"kind": SignageKind(kind).label}
    return _item_page(request, form, title, found)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change something in a playlist."""
    found = _find_item(pk)
    form = ItemForm(request.POST or None, kind=found.kind, item=found)
    if request.method == "POST" and form.is_valid():
        try:
            signage.change_item(item=found, actor=actor_of(request), **form.values())
        except MessagingError as error:
            fill_errors(form, error)
        else:
            messages.success(request, _("保存しました。画面には数秒で反映されます。"))
            return redirect("signage_office:playlist", found.playlist_id)
    slides = [one for one in slides_of(_find_item(pk), office_stage(request)) if one.is_true(clock.now())]
    return _item_page(request, form, found.name, found.playlist, slides=slides)


def _item_page(
    request: HttpRequest, form: ItemForm, title: str, found: Playlist, **context: object
) -> HttpResponseBase:
    back = reverse("signage_office:playlist", args=[found.pk])
    status = 422 if form.errors else 200
    return page(
        request, "item", title, tab="playlists", form=form, back=back, trail=_trail((found.name, back)), status=status,
        **{"slides": [], **context},
    )  # fmt: skip


@require_POST
@permission_required(screen_policy, "edit")
def move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Exchange an item with its neighbour."""
    found = _find_item(pk)
    signage.move_item(item=found, up=request.POST.get("to") == "up", actor=actor_of(request))
    return redirect(f"{reverse('signage_office:playlist', args=[found.playlist_id])}#item-{found.pk}")


@require_POST
@permission_required(screen_policy, "edit")
def stop_item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one item off every screen now, or let it be shown again."""
    found = _find_item(pk)
    stopped = request.POST.get("stopped") == "1"
    said = _("「%(name)s」を止めました。") if stopped else _("「%(name)s」の放映を再開しました。")
    attempt(
        request,
        lambda: signage.set_item_stopped(item=found, stopped=stopped, actor=actor_of(request)),
        said % {"name": found.name},
    )
    return redirect("signage_office:playlist", found.playlist_id)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def remove_item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take an item out of its playlist."""
    found = _find_item(pk)
    return asked(
        request,
        title=_("番組から外す"),
        text=_("「%(name)s」を番組から外します。放映の記録は残ります。") % {"name": found.name},
        submit=_("外す"),
        back=reverse("signage_office:playlist", args=[found.playlist_id]),
        doing=lambda: signage.remove_item(item=found, actor=actor_of(request)),
        said=_("番組から外しました。"),
        tab="playlists",
    )
