"""An alert as a CAP 1.2 document, signed."""

from __future__ import annotations

from madoguchi.trust.api import Municipality, municipality_in_scope

from ...enums import AlertMessageType
from ...models import Alert
from ...rules.alert_texts import WITHOUT_LEVEL, event_name, stage_label, templates
from ...rules.alerts import drill_mark
from ...rules.cap import LANGUAGES, CapAlert, CapArea, CapInfo, to_bytes, write_cap
from ...rules.cap.signing import sign_cap
from ...selectors.settings import site_address
from .keys import own_key

RESPONSES = {5: ("Shelter",), 4: ("Evacuate",), 3: ("Evacuate", "Prepare")}
"""Evacuation level → CAP responseType."""

EVENT_CODE = "madoguchi:event"
LEVEL = "jp:evacuation-level"
MUNICIPALITY_CODE = "JISX0402"
"""Value names of what CAP leaves to each country: 全国地方公共団体コード (JIS X 0402 with check digit)."""


def write_document(alert: Alert) -> str:
    """Return the signed CAP 1.2 file of an alert that has its identifier, sender and time."""
    key, certificate = own_key()
    root = sign_cap(write_cap(as_cap(alert)), key=key, certificate=certificate)
    return to_bytes(root).decode()


def as_cap(alert: Alert) -> CapAlert:
    """Return an alert as a CAP message; one ``info`` per language."""
    if alert.issued_at is None or alert.cap_identifier is None:
        raise ValueError("an alert that was not issued has no CAP message")
    return CapAlert(
        identifier=alert.cap_identifier,
        sender=alert.sender,
        sent=alert.issued_at,
        status=alert.status,
        msg_type=alert.msg_type,
        source="madoguchi",
        note=alert.note,
        references=alert.references,
        incidents=(alert.origin or alert).key,
        infos=tuple(_info(alert, language) for language in sorted(alert.contents, key=_rank)),
    )


def _rank(language: str) -> tuple[int, str]:
    known = list(templates())
    return (known.index(language) if language in known else len(known), language)


def _info(alert: Alert, language: str) -> CapInfo:
    city, texts = municipality_in_scope(), alert.contents[language]
    return CapInfo(
        language=LANGUAGES.get(language, language),
        categories=(alert.category,),
        event=_event(alert, language),
        response_types=_responses(alert),
        urgency=alert.urgency,
        severity=alert.severity,
        certainty=alert.certainty,
        event_codes=((EVENT_CODE, alert.event_code),),
        effective=alert.effective,
        onset=alert.onset,
        expires=alert.expires_at,
        sender_name=city.name_en if language == "en" and city.name_en else city.name,
        headline=texts.get("headline", ""),
        description=texts.get("description", ""),
        instruction=texts.get("instruction", ""),
        web=f"{site_address()}/now/{alert.key}/",
        contact=city.phone,
        parameters=_parameters(alert),
        areas=_areas(alert, city),
    )


def _event(alert: Alert, language: str) -> str:
    """Return the event in words; a drill says so in this too, for some readers show nothing else."""
    known = event_name(alert.event_code, language)
    name = alert.event_name if known == alert.event_code or language == "ja" else known
    stage = stage_label(alert.event_code, alert.evacuation_level, language)
    return f"{drill_mark(language) if alert.is_drill else ''}{name} {stage}".strip()


def _responses(alert: Alert) -> tuple[str, ...]:
    if alert.msg_type == AlertMessageType.CANCEL:
        return ("AllClear",)
    return RESPONSES.get(alert.evacuation_level or 0, ("Monitor",))


def _parameters(alert: Alert) -> tuple[tuple[str, str], ...]:
    if alert.evacuation_level is None or alert.event_code in WITHOUT_LEVEL:
        return ()
    return ((LEVEL, str(alert.evacuation_level)),)


def _areas(alert: Alert, city: Municipality) -> tuple[CapArea, ...]:
    code = ((MUNICIPALITY_CODE, city.code),)
    if not alert.areas:
        return (CapArea(f"{city.prefecture}{city.name}", geocodes=code),)
    return tuple(
        CapArea(
            f"{city.name}{area['name']}" if area.get("town") else str(area["name"]),
            polygons=tuple(area.get("polygons", ())),
            geocodes=code + ((("madoguchi:area", str(area["code"])),) if area.get("code") else ()),
        )
        for area in alert.areas
    )
