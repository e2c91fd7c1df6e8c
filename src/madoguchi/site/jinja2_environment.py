"""The Jinja2 environment of the pages: what every template may call, and how values are written."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from markupsafe import Markup

from madoguchi.site import formats

_FILTERS = {
    "date": formats.format_date,
    "datetime": formats.format_datetime,
    "time": formats.format_time,
    "number": formats.format_number,
    "yen": formats.format_yen,
    "fiscal_year": formats.format_fiscal_year,
    "phrases": formats.phrases,
    "tel": formats.tel,
}


def environment(**options: Any) -> jinja2.Environment:
    """Return the environment that renders every page.

    An unknown variable is an error, so a misspelt name shows in a test and not as a hole in a page.
    """
    options.update(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made = jinja2.Environment(  # noqa: S701 - Django passes autoescape=True
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], **options
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True, pgettext=translation.pgettext, npgettext=translation.npgettext
    )
    made.globals.update(
        url=url,
        static=static,
        query=query,
        current_language=formats.current_language,
        html_language=formats.html_language,
    )
    made.filters.update(_FILTERS)
    return made


def _gettext(message: str) -> str:
    return translation.gettext(message) if message else ""


def _ngettext(singular: str, plural: str, number: int) -> str:
    return translation.ngettext(singular, plural, number)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named view with its arguments; an unknown name raises NoReverseMatch."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def static(path: str) -> str:
    """
    Return the address of a static file, with what it holds in ``?v=``: browsers may keep it until it changes.

    Works before the front end is built.
    """
    try:
        address = staticfiles_storage.url(path)
    except ValueError:
        address = f"/static/{path}"
    file = finders.find(path)
    return f"{address}?v={_digest(file, Path(file).stat().st_mtime_ns)}" if isinstance(file, str) else address


@lru_cache(maxsize=100)
def _digest(file: str, _changed: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]


def query(request: HttpRequest | None, **changes: object) -> Markup:
    """Return the query string of the request with some parameters changed; None or an empty text removes one."""
    from django.http import QueryDict

    parameters = QueryDict(mutable=True) if request is None else request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return Markup("?{}").format(parameters.urlencode())
