"""Handing out stored files."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .. import services
from ..enums import AccessAction
from ..errors import RefusedError
from ..models import StoredFile
from ..permissions import account_of
from ..rules import file_types

# What a browser may show itself; everything else is only ever saved.
SHOWN = file_types.IMAGES - {file_types.TIFF} | {file_types.PDF}


@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out a stored file to those its purpose lets read it; ``?view`` shows pictures and PDF in the browser."""
    shows = "view" in request.GET
    try:
        stored = services.access_file(
            actor=account_of(request),
            file_id=pk,
            action=AccessAction.VIEW if shows else AccessAction.DOWNLOAD,
            address=request.META.get("REMOTE_ADDR") or None,
        )
        content = services.open_file(stored)
    except (StoredFile.DoesNotExist, FileNotFoundError):
        raise Http404(_("このファイルはありません。")) from None
    except RefusedError:
        if account_of(request) is None:
            return redirect_to_login(request.get_full_path())
        raise
    is_attachment = not (shows and stored.media_type in SHOWN)
    response = FileResponse(
        content, as_attachment=is_attachment, filename=stored.name, content_type=_content_type(stored.media_type)
    )
    # Whatever the file holds, it runs nothing and asks for nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type in {file_types.JSON, file_types.XML} else media_type
