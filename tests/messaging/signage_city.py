"""A publisher, playlists and paired screens for the tests of signage."""

from __future__ import annotations

import io
import json
from typing import Any

from django.test import Client
from PIL import Image

from madoguchi.kit import clock
from madoguchi.messaging.models import Alert, Playlist, PlaylistItem, Screen
from madoguchi.messaging.services import alerts, signage
from madoguchi.trust.api import Account
from madoguchi.trust.enums import Role
from tests.trust.people import make_staff

COOKIE = "madoguchi_screen"


def make_publisher(login: str = "koho") -> Account:
    return make_staff(login, Role.PUBLISHER)


def make_screen(actor: Account, name: str = "本庁舎1階", **fields: Any) -> tuple[Screen, str]:
    """Return a paired screen and the secret of its device."""
    offered, secret = signage.offer_code()
    screen = signage.claim_code(code=offered.code, name=name, actor=actor)
    if fields:
        screen = signage.change_screen(screen=screen, actor=actor, **fields)
    return screen, secret


def make_playlist(actor: Account, *titles: str, **schedule: Any) -> Playlist:
    """Return a playlist of texts that is shown everywhere."""
    playlist = signage.add_playlist(name="平日の窓口", actor=actor)
    for title in titles or ("カードの受け取り",):
        make_item(playlist, actor, title)
    signage.add_schedule(playlist=playlist, actor=actor, **schedule)
    return playlist


def make_item(playlist: Playlist, actor: Account, title: str, **fields: Any) -> PlaylistItem:
    contents = {"ja": {"title": title, "body": "2階へお越しください。"}}
    return signage.add_item(
        playlist=playlist, kind="text", name=title, actor=actor, **{"contents": contents, "seconds": 10, **fields}
    )


def make_alert(**fields: Any) -> Alert:
    drafted = alerts.draft_alert(
        actor=None,
        event_code="flood",
        event_name="洪水",
        contents={"ja": {"headline": "大雨", "description": "", "instruction": "避難所へ移動してください。"}},
        **fields,
    )
    return alerts.issue_alert(alert=drafted, actor=None, automatic=True)


def device(secret: str, host: str = "localhost") -> Client:
    client = Client(headers={"host": host})
    client.cookies[COOKIE] = secret
    return client


def ask(client: Client, screen: Screen, name: str, **headers: str) -> Any:
    return client.get(f"/signage/{screen.number}/{name}/", headers=headers)


def send(client: Client, screen: Screen, name: str, document: Any, **headers: str) -> Any:
    text = document if isinstance(document, str) else json.dumps(document)
    return client.post(f"/signage/{screen.number}/{name}/", text, content_type="application/json", headers=headers)


def entry(subject: str, *, plays: int = 1, seconds: int = 10, **times: int) -> dict[str, Any]:
    """Return a line of a player's report about the present hour."""
    moment = int(clock.now().timestamp() * 1000)
    hour = moment // 3_600_000 * 3_600_000
    return {"subject": subject, "plays": plays, "seconds": seconds, "hour": hour, "first": hour, "last": moment} | times


def picture(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(out, "PNG")
    return out.getvalue()
