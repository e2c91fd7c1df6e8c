"""Publishing menus: what is there already stays, what changed is made anew, what is old goes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .... import events
from ....enums import ChannelKey, EndpointStatus
from ....errors import MessagingError
from ....models import Endpoint
from ....rules.line import chunks_of
from ..account import account_of
from ..client import LineClient, LineRefusedError, client_of
from .doors import HEIGHT, WIDTH, doors
from .drawing import picture_of

MENU_LANGUAGES = ("ja", "ja-easy", "en")
DEFAULT = "ja"
OURS = "madoguchi-"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: language → LINE's number of its menu, and how many were new or taken away."""

    menus: dict[str, str]
    made: int
    deleted: int
    linked: int


def menu_request(language: str) -> dict[str, Any]:
    """Return the menu of a language as the Messaging API wants it; its name changes with what it says."""
    with translation.override(language):
        areas = [door.area(place) for place, door in enumerate(doors())]
        request: dict[str, Any] = {
            "size": {"width": WIDTH, "height": HEIGHT},
            "selected": True,
            "chatBarText": _("メニュー"),
            "areas": areas,
        }
    said = json.dumps(request, ensure_ascii=False, sort_keys=True).encode()
    return {**request, "name": f"{OURS}{language}-{hashlib.sha256(said).hexdigest()[:12]}"}


def publish_menus(*, actor_id: int | None = None) -> Published:
    """
    Publish the menus of the municipality in scope: the Japanese one to everybody, the others to whoever chose their language.

    Doing it again changes nothing. Raises ``MessagingError`` where there is no account, or LINE refuses.
    """
    client = _client()
    there = {
        menu.name: menu.rich_menu_id
        for menu in client.ask(lambda api: api.get_rich_menu_list(**client.limits)).richmenus
    }
    requests = {language: menu_request(language) for language in MENU_LANGUAGES}
    made = sum(request["name"] not in there for request in requests.values())
    menus = {
        language: there.get(request["name"]) or _create(client, language, request)
        for language, request in requests.items()
    }
    for language, menu_id in menus.items():
        _set_alias(client, f"{OURS}{language}", menu_id)
    client.ask(lambda api: api.set_default_rich_menu(menus[DEFAULT], **client.limits))
    linked = sum(_link_all(client, language, menu_id) for language, menu_id in menus.items() if language != DEFAULT)
    names = {request["name"] for request in requests.values()}
    old = [menu_id for name, menu_id in there.items() if name.startswith(OURS) and name not in names]
    for menu_id in old:
        _delete(client, menu_id)
    _note(actor_id, made, linked)
    return Published(menus, made, len(old), linked)


def give_menu(endpoint: Endpoint) -> bool:
    """Show a friend the menu in their language; False where no menus were published."""
    account = account_of()
    if account is None or endpoint.status != EndpointStatus.ACTIVE:
        return False
    client = client_of(account)
    language = endpoint.recipient.language if endpoint.recipient.language in MENU_LANGUAGES else DEFAULT
    try:
        if language == DEFAULT:
            client.ask(lambda api: api.unlink_rich_menu_id_from_user(endpoint.address, **client.limits))
            return True
        alias = client.ask(lambda api: api.get_rich_menu_alias(f"{OURS}{language}", **client.limits))
        client.ask(lambda api: api.link_rich_menu_id_to_user(endpoint.address, alias.rich_menu_id, **client.limits))
    except LineRefusedError as error:
        if error.status != 404:
            raise
        return False
    return True


def _client() -> LineClient:
    account = account_of()
    if account is None:
        raise MessagingError(_("LINEの設定がありません。MADOGUCHI_LINE を設定してください。"))
    return client_of(account)


def _create(client: LineClient, language: str, request: dict[str, Any]) -> str:
    from linebot.v3.messaging import RichMenuRequest

    with translation.override(language):
        picture = picture_of(doors())
    content = RichMenuRequest.from_dict(request)
    client.ask(lambda api: api.validate_rich_menu_object(content, **client.limits))
    menu_id = str(client.ask(lambda api: api.create_rich_menu(content, **client.limits)).rich_menu_id)
    try:
        client.upload_menu_picture(menu_id, picture)
    except MessagingError:
        # Without its picture a menu is of no use, and the next try would take it for finished.
        _delete(client, menu_id)
        raise
    return menu_id


def _set_alias(client: LineClient, alias: str, menu_id: str) -> None:
    from linebot.v3.messaging import CreateRichMenuAliasRequest, UpdateRichMenuAliasRequest

    change = UpdateRichMenuAliasRequest(richMenuId=menu_id)
    try:
        client.ask(lambda api: api.update_rich_menu_alias(alias, change, **client.limits))
    except LineRefusedError as error:
        if error.status != 404:
            raise
        new = CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu_id)
        client.ask(lambda api: api.create_rich_menu_alias(new, **client.limits))


def _link_all(client: LineClient, language: str, menu_id: str) -> int:
    from linebot.v3.messaging import RichMenuBulkLinkRequest

    friends = Endpoint.objects.filter(
        channel=ChannelKey.LINE,
        status=EndpointStatus.ACTIVE,
        ended_at__isnull=True,
        recipient__language=language,
    )
    users = list(friends.order_by("id").values_list("address", flat=True))
    for part in chunks_of(users):
        request = RichMenuBulkLinkRequest(richMenuId=menu_id, userIds=part)
        client.ask(lambda api, request=request: api.link_rich_menu_id_to_users(request, **client.limits))  # type: ignore[misc]
    return len(users)


def _delete(client: LineClient, menu_id: str) -> None:
    try:
        client.ask(lambda api: api.delete_rich_menu(menu_id, **client.limits))
    except LineRefusedError as error:
        if error.status != 404:
            raise


@transaction.atomic
def _note(actor_id: int | None, made: int, linked: int) -> None:
    actor = Account.objects.filter(pk=actor_id).first() if actor_id else None
    record_event(
        kind=events.LINE_MENU_PUBLISHED,
        subject=municipality_in_scope(),
        actor=actor,
        quantity=linked,
        data={"made": made},
    )
