"""Images and videos for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import access_file, account_of, open_file, permission_required

from ...errors import MessagingError
from ...forms.signage import AssetForm, AssetTextForm
from ...models import SignageAsset
from ...permissions import screen_policy
from ...services import signage
from .office import actor_of, asked, fill_errors, find_row, office_address, page, paged


@require_safe
@permission_required(screen_policy, "list")
def index(request: HttpRequest) -> HttpResponseBase:
    """List the images and videos."""
    word, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")
    rows = SignageAsset.objects.select_related("stored").filter(removed_at__isnull=True)
    for part in word.split()[:5]:
        rows = rows.filter(Q(name__icontains=part) | Q(alt__icontains=part))
    if kind in ("image", "video"):
        rows = rows.filter(stored__media_type__startswith=f"{kind}/")
    rows = rows.annotate(use_count=Count("items", filter=Q(items__removed_at__isnull=True))).order_by(
        "-uploaded_at", "-pk"
    )
    found = paged(request, rows)
    context: dict[str, Any] = {
        "page": found,
        "rows": [(asset, office_address(asset)) for asset in found.object_list],
        "word": word,
        "kind": kind,
        "kinds": [("", _("すべて")), ("image", _("画像")), ("video", _("動画"))],
        "is_filtered": bool(word or kind),
    }
    return page(request, "assets", _("素材"), tab="assets", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def new(request: HttpRequest) -> HttpResponseBase:
    """Take in an image or a video."""
    form = AssetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            signage.add_asset(
                content=data["file"],
                file_name=data["file"].name,
                name=data["name"],
                alt=data["alt"],
                actor=actor_of(request),
            )
        except MessagingError as error:
            fill_errors(form, error, "file")
        else:
            messages.success(request, _("素材を登録しました。"))
            return redirect("signage_office:assets")
    return page(
        request, "form", _("素材を登録する"), tab="assets", form=form, back=reverse("signage_office:assets"),
        submit=_("登録する"), status=422 if form.errors else 200,
    )  # fmt: skip


def _find(pk: int) -> SignageAsset:
    rows = SignageAsset.objects.select_related("stored").filter(removed_at__isnull=True)
    found: SignageAsset = find_row(rows, pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def asset(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change name and description of a file."""
    found = _find(pk)
    form = AssetTextForm(request.POST or None, initial={"name": found.name, "alt": found.alt})
    if request.method == "POST" and form.is_valid():
        signage.change_asset(asset=found, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, _("保存しました。"))
        return redirect("signage_office:assets")
    return page(
        request, "asset", found.name, tab="assets", form=form, asset=found, address=office_address(found),
        uses=found.items.filter(removed_at__isnull=True).select_related("playlist"), status=422 if form.errors else 200,
    )  # fmt: skip


@require_safe
@permission_required(screen_policy, "list")
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a file on staff's pages."""
    found = _find(pk)
    try:
        stored = access_file(actor=account_of(request), file_id=found.stored_id)
        response = FileResponse(open_file(stored), content_type=stored.media_type)
    except FileNotFoundError:
        raise Http404(pk) from None
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a file no playlist shows."""
    found = _find(pk)
    return asked(
        request,
        title=_("素材を削除する"),
        text=_("「%(name)s」を素材の一覧から削除します。") % {"name": found.name},
        submit=_("削除する"),
        back=reverse("signage_office:asset", args=[found.pk]),
        after=reverse("signage_office:assets"),
        doing=lambda: signage.remove_asset(asset=found, actor=actor_of(request)),
        said=_("素材を削除しました。"),
        tab="assets",
    )
