"""Putting together what a document says and having it typeset."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from madoguchi.kit import clock, era
from madoguchi.trust.api import Municipality, municipality_in_scope

from ..errors import ContentError
from ..models import IssuedDocument, IssuerProfile
from ..registry import TYPESETTER, Pages, typesetters
from ..rules.content import problems_of
from ..rules.ground import ground_svg
from ..rules.themes import theme_of
from ..selectors.templates import TemplateSource, find_template

_JAPANESE = {"ja", "ja-easy"}
TRIAL_NUMBER, TRIAL_CODE = "0000-00000-0", "0000-0000-0000"


def check_content(template: TemplateSource, *, content: Mapping[str, Any]) -> None:
    """Do nothing when the content fits the template; raise ``ContentError`` naming each misfit."""
    found = problems_of(content, template.schema)
    if found:
        message = _("文書の内容がひな形「%(name)s」に合いません：%(problems)s")
        raise ContentError(message % {"name": template.name, "problems": "、".join(found)}, found)


def compose(*, document: IssuedDocument) -> Pages:
    """Return the pages of an issued document, not yet sealed; the same document gives the same bytes."""
    template = find_template(document.template, version=document.template_version)
    local = clock.local(document.created_at)
    facts = {
        "number": document.number,
        "code": document.code,
        "url": verify_url(document.municipality, document=document),
        "title": document.title,
        "recipient": document.recipient_name,
        "date": plain_date(local.date(), language=document.language),
        "valid_until": plain_date(document.valid_until, language=document.language),
        "is_sealed": True,
    }
    return _typeset(template, document.content, facts, document.language, document.created_at)


def render_pages(
    *,
    template: TemplateSource,
    content: Mapping[str, Any],
    language: str,
    is_strict: bool | None = None,
    seconds: float = 30,
    is_trial: bool = False,
) -> Pages:
    """
    Return the pages of content that is not issued: a receipt, a checklist.

    A trial run of a template (``is_trial``) has what an issued document has, with a number and code that are none.
    """
    check_content(template, content=content)
    moment = clock.now()
    day = clock.local(moment).date()
    facts = {
        "number": TRIAL_NUMBER if is_trial else "",
        "code": TRIAL_CODE if is_trial else "",
        "url": "https://example.jp/verify/" if is_trial else "",
        "title": str(content.get("title") or template.name),
        "recipient": _("見本 花子") if is_trial else "",
        "date": plain_date(day, language=language),
        "valid_until": plain_date(day + timedelta(days=90), language=language) if is_trial else "",
        "is_sealed": is_trial,
    }
    return _typeset(template, content, facts, language, moment, is_strict=is_strict, seconds=seconds, pictures=is_trial)


def _typeset(
    template: TemplateSource,
    content: Mapping[str, Any],
    facts: dict[str, Any],
    language: str,
    moment: datetime,
    *,
    is_strict: bool | None = None,
    seconds: float = 30,
    pictures: bool = False,
) -> Pages:
    strict = template.is_strict if is_strict is None else is_strict
    data = _data(template, content, facts, language, moment)
    return typesetters.get(TYPESETTER).typeset(
        source=template.source, data=data, moment=moment, is_strict=strict, seconds=seconds, pictures=pictures
    )


def _data(
    template: TemplateSource, content: Mapping[str, Any], facts: dict[str, Any], language: str, moment: datetime
) -> dict[str, Any]:
    municipality = municipality_in_scope()
    theme = theme_of(municipality.colour)
    day = clock.local(moment)
    return {
        "text_lang": "ja" if language in _JAPANESE else language,
        "words": template.words_in(language),
        "city": {"name": municipality.name, "name_en": municipality.name_en or municipality.name},
        "issuer": issuer(municipality, content=content),
        "doc": {
            **facts,
            "qr": qr_svg(facts["url"]) if facts["url"] else "",
            "reference": str(content.get("reference_number") or ""),
        },
        "content": dict(content),
        "theme": theme,
        "ground": ground_svg(theme["key"]),
        "is_sample": municipality.is_demonstration,
        "made_on": {"year": day.year, "month": day.month, "day": day.day},
    }


def issuer(municipality: Municipality, *, content: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return how the municipality names itself: its profile, the content's own words before it, else 「○○市長」."""
    profile = IssuerProfile.objects.first() or IssuerProfile()
    own = dict((content or {}).get("signatory") or {})
    contact = dict((content or {}).get("contact") or {})
    return {
        "head": own.get("head") or profile.head_title or f"{municipality.name}長",
        "name": own.get("name", profile.head_name),
        "section": contact.get("section") or profile.section,
        "phone": contact.get("phone") or profile.phone or municipality.phone,
    }


def verify_url(municipality: Municipality, *, document: IssuedDocument) -> str:
    """Return the whole address of the page that says whether a document is good."""
    host = municipality.hosts.order_by("pk").values_list("host", flat=True).first() or f"{municipality.key}.localhost"
    pattern = settings.DOCUMENT_ADDRESS or ("https://{host}" if settings.HTTPS else "http://{host}")
    return pattern.replace("{host}", host).rstrip("/") + document.verify_path


def qr_svg(text: str) -> str:
    """Return a QR code (medium error correction) as SVG."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", border=2, scale=4, light="#ffffff", xmldecl=False)
    return out.getvalue().decode()


def plain_date(day: date | None, *, language: str) -> str:
    """Return a date as documents write it, without the weekday: 令和8年11月20日; empty for None."""
    if day is None:
        return ""
    return era.format_date(day, "ja" if language == "ja" else language).partition("（" if language == "ja" else " (")[0]
