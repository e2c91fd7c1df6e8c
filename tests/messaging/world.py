"""One of everything of the messaging room in a city, and the addresses that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern

from madoguchi.kit import clock
from madoguchi.messaging import urls
from madoguchi.messaging.enums import AlertRuleAction, NeedCode
from madoguchi.messaging.models import (
    AlertRule,
    Attachment,
    Delivery,
    Link,
    MessageTemplate,
    Telegram,
)
from madoguchi.messaging.rules.tokens import sign
from madoguchi.messaging.services import alerts, sending, signage, telegrams
from madoguchi.messaging.services.endpoints import confirmation_token
from madoguchi.messaging.services.guests import manage_path
from madoguchi.messaging.services.inbox import feed_token, renew_feed
from madoguchi.messaging.services.needs import register_need
from madoguchi.messaging.services.recipients import add_guest, recipient_of
from madoguchi.messaging.services.subscriptions import subscribe
from madoguchi.messaging.services.topics import add_topic
from madoguchi.trust.api import Account, municipality_in_scope, store_file
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import make_account, make_staff, make_unit

from .conftest import make_endpoint, make_message
from .signage_city import make_item, make_playlist, make_screen, picture
from .telegrams import earthquake

SECRET = "ひみつの見本"
"""Stands in every text and name of a world, so that it is seen where it must not be."""

FOLDERS: dict[str, list[URLPattern]] = {
    "cap": urls.cap_urls,
    "emergency": urls.alert_urls,
    "inbox": urls.inbox_urls,
    "l": urls.link_urls,
    "line": urls.line_urls,
    "messages": urls.message_urls,
    "now": urls.now_urls,
    "office/signage": urls.signage_urls,
    "preferences": urls.preference_urls,
    "signage": urls.screen_urls,
}
DUTIES = {"koho": Role.PUBLISHER, "kiki": Role.CRISIS_MANAGER, "chief": Role.SECTION_CHIEF, "clerk": Role.SECTION_STAFF}


def make_people(prefix: str = "") -> dict[str, Account]:
    """Return staff of every duty of the room, and a resident."""
    unit = make_unit(f"{prefix}健康課")
    made = {login: make_staff(f"{prefix}{login}", duty, unit=unit if login in ("chief", "clerk") else None)
            for login, duty in DUTIES.items()}  # fmt: skip
    made["resident"] = make_account(f"{prefix}hanako", kind=AccountKind.RESIDENT, name=f"{SECRET} 花子")
    return made


def make_world(people: dict[str, Account]) -> dict[str, dict[str, str]]:
    """Make one of everything in the city in scope; return by folder what stands in the parameters of addresses."""
    koho, kiki, resident = people["koho"], people["kiki"], people["resident"]
    kids = add_topic(code="kids", names={"ja": "子育て", "en": "Kids"}, actor=None, system=True)
    person = recipient_of(account=resident)
    subscribe(recipient=person, topic=kids, source="own")
    endpoint = make_endpoint(person, "email", "himitsu@city.example")
    need = register_need(recipient=person, code=NeedCode.WALKING, note=SECRET, actor=resident)
    message = _message(kids, koho)
    entry = Delivery.objects.get(message=message, recipient=person, channel="inbox")
    alert, draft = _alerts(kiki)
    check = alert.checks.get()
    renew_feed(actor=resident, recipient=person)
    person.refresh_from_db()
    _rule(), _template()
    return {
        "cap": {"key": alert.key},
        "emergency": {"key": alert.key, "pk": str(check.pk), "action": "claim"},
        "emergency/alerts": {"key": draft.key, "pk": str(need.pk), "action": "claim"},
        "emergency/people": {"pk": str(need.pk), "action": "confirm"},
        "emergency/rules": {"pk": str(AlertRule.objects.get().pk)},
        "emergency/telegrams": {"key": Telegram.objects.get().key},
        "inbox": {
            "delivery_id": str(entry.pk),
            "attachment_id": str(Attachment.objects.get().pk),
            "thread": "procedures.application:2026-000001",
            "token": sign("delivery", str(entry.pk)),
            "key": message.key,
        },
        "inbox/feed": {"token": feed_token(person)},
        "l": {"key": Link.objects.get().key},
        "line": {"token": sign("delivery", str(entry.pk)), "attachment_id": "1", "language": "ja"},
        "messages": {"key": message.key, "code": "kids", "pk": str(Attachment.objects.get().pk)},
        "messages/templates": {"key": MessageTemplate.objects.get().key},
        "now": {"key": alert.key, "token": sign("delivery", str(entry.pk))},
        "preferences": {"channel": "email", "pk": str(endpoint.pk), "token": sign("stop", str(entry.pk))},
        "preferences/confirm": {"token": confirmation_token(endpoint)},
        "preferences/guest": {"token": manage_path(add_guest()).rstrip("/").rpartition("/")[2]},
        **_signage(koho),
    }


def _message(topic: Any, author: Account) -> Any:
    contents = {"ja": {"subject": SECRET, "body": f"{SECRET} https://city.example/a", "short": SECRET}}
    message = make_message({"topic": [topic.code]}, contents=contents, topic=topic, author=author, changed_by=author)
    stored = store_file(purpose="messaging.attachment", content=picture(), name="a.png", actor=author)
    Attachment.objects.create(municipality=municipality_in_scope(), message=message, stored=stored, label=SECRET)
    sending.start_message(message_id=message.pk)
    return message


def _alerts(officer: Account) -> tuple[Any, Any]:
    words = {"ja": {"headline": "大雨", "description": "", "instruction": "避難所へ。"}}
    made = [
        alerts.draft_alert(actor=officer, event_code="flood", event_name="洪水", event_key=key, contents=words)
        for key in ("flood-1", "flood-2")
    ]
    city = municipality_in_scope()
    telegrams.take_telegram(data=earthquake("2", city=f"{city.code[:5]}00", name=city.name), source="file")
    return alerts.issue_alert(alert=made[0], actor=officer), made[1]


def _rule() -> None:
    now = clock.now()
    AlertRule.objects.create(
        municipality=municipality_in_scope(),
        name=SECRET,
        action=AlertRuleAction.NONE,
        created_at=now,
        changed_at=now,
    )


def _template() -> None:
    MessageTemplate.objects.create(municipality=municipality_in_scope(), name=SECRET, created_at=clock.now())


def _signage(actor: Account) -> dict[str, dict[str, str]]:
    screen, _secret = make_screen(actor)
    playlist = make_playlist(actor, SECRET)
    item = make_item(playlist, actor, f"{SECRET}2")
    asset = signage.add_asset(content=picture(), file_name="a.png", name=SECRET, alt="絵", actor=actor)
    schedule = playlist.schedules.get()
    number = {"number": screen.number}
    return {
        "office/signage": number,
        "office/signage/playlists": {"pk": str(playlist.pk), "kind": "text"},
        "office/signage/items": {"pk": str(item.pk)},
        "office/signage/schedules": {"pk": str(schedule.pk)},
        "office/signage/assets": {"pk": str(asset.pk)},
        "signage": {**number, "pk": str(asset.pk), "digest": asset.stored.digest[:16]},
    }


def addresses(world: dict[str, dict[str, str]], odd: str = "") -> Iterator[str]:
    """Yield every address of the room with what stands in a world, or with ``odd`` in place of every parameter."""
    for folder, patterns in FOLDERS.items():
        for pattern in patterns:
            route = str(pattern.pattern)
            first = route.partition("/")[0]
            known = {**world.get(folder, {}), **world.get(f"{folder}/{first}", {})}
            yield f"/{folder}/{_filled(route, known, odd)}"


def _filled(route: str, known: dict[str, str], odd: str) -> str:
    parts = []
    for part in route.split("<"):
        inside, closing, rest = part.partition(">")
        parts.append((odd or known.get(inside.rpartition(":")[2], "1")) + rest if closing else part)
    return "".join(parts)
