"""What every page may use: the municipality, the account, the language, navigation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock
from madoguchi.messaging.api import banners, unread_count
from madoguchi.plan.api import steering_navigation
from madoguchi.trust.api import account_of, account_policy, operations_policy, resident_policy
from madoguchi.trust.enums import AccountKind
from madoguchi.trust.registry import policies

STEERING = "/steering/"
STAFF = ("/organisation/", "/operations/")
OFFICE = ("/work/", "/builder/", "/ledger/", "/records/", "/office/", "/emergency/", "/messages/", "/line/office/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the shells."""
    return {
        "municipality": getattr(request, "municipality", None),
        "account": getattr(request, "user", None),
        "demonstration": settings.DEMONSTRATION,
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "languages": settings.LANGUAGES,
        "today": clock.today(),
        **_emergencies(request),
        **_menus(request),
    }


def _emergencies(request: HttpRequest) -> dict[str, Any]:
    """Return the banners of what is live now; drills are shown to staff alone."""
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        return {}
    account = account_of(request) if hasattr(request, "user") else None
    drills = account is not None and account.kind == AccountKind.STAFF
    try:
        return {"emergencies": banners(municipality, drills=drills), "sees_drills": drills}
    except DatabaseError:
        # The page that says that something is broken must be shown without the database too.
        return {"sees_drills": drills}


def _menus(request: HttpRequest) -> dict[str, Any]:
    """Return the menu of the shell a page lies in; views that bring a ``navigation`` of their own keep it."""
    if request.path.startswith(STEERING):
        return {"shell_navigation": steering_navigation(request), "home_url": STEERING, **_links(request)}
    if request.path.startswith(STAFF):
        return {"shell_navigation": _menu(request, _organisation(request)), **_links(request)}
    if request.path.startswith(OFFICE):
        return {"shell_navigation": _menu(request, _office(request)), "home_url": "/work/", **_links(request)}
    return {"shell_navigation": _menu(request, _public(request)), "inbox_unread": _unread(request), **_links(request)}


def _unread(request: HttpRequest) -> int | None:
    """Return how many messages a resident has not read, for the bell; None for everybody who has no inbox."""
    account = account_of(request) if hasattr(request, "user") else None
    return None if account is None or account.kind == AccountKind.STAFF else unread_count(account)


def _public(request: HttpRequest) -> list[tuple[str, str]]:
    signed_in = hasattr(request, "user") and account_of(request) is not None
    own = [("inbox:index", _("受信箱")), ("mine:index", _("わたしの手続"))] if signed_in else []
    return [
        ("home", _("トップ")),
        ("procedures:index", _("手続")),
        *own,
        ("plan:index", _("計画")),
        ("survey:index", _("アンケート")),
    ]


OFFICE_ENTRIES = (
    ("cases.case", "list", "work:list", N_("案件")),
    ("messaging.alert", "list", "emergency:index", N_("緊急")),
    ("procedures.checklist", "open", "procedures:checklists", N_("手続リストを番号で開く")),
    ("procedures.procedure", "view_internal", "builder:index", N_("手続をつくる")),
    ("procedures.survey", "view_internal", "surveys:index", N_("アンケート")),
    ("procedures.export", "view", "exports:index", N_("基幹システムへの連携")),
    ("ledger.receivable", "view", "ledger:index", N_("収納")),
    ("records.document", "list", "records:index", N_("発行した文書")),
    ("messaging.message", "list", "messages:index", N_("お知らせ")),
    ("messaging.message", "approve", "line:office", N_("LINE")),
    ("messaging.topic", "edit", "line:office", N_("LINE")),
    ("messaging.screen", "list", "signage_office:index", N_("サイネージ")),
    ("trust.delegation", "view_all", "identity_office:index", N_("本人確認と代理")),
)
"""Policy and action that let somebody see an entry of the office's menu, the page, its name; any of several is enough."""


def _office(request: HttpRequest) -> list[tuple[str, str]]:
    actor = account_of(request) if hasattr(request, "user") else None
    found = [(policies.find(key), action, page, label) for key, action, page, label in OFFICE_ENTRIES]
    seen = {page: label for policy, action, page, label in found if policy is not None and policy.allows(actor, action)}
    return [(page, _(label)) for page, label in seen.items()]


def _organisation(request: HttpRequest) -> list[tuple[str, str]]:
    actor = account_of(request) if hasattr(request, "user") else None
    staff = [("organisation:staff", _("職員"))] if account_policy.allows(actor, "view") else []
    registry = [("organisation:registry", _("住民記録の取り込み"))] if resident_policy.allows(actor, "import") else []
    return [("organisation:index", _("組織")), *staff, *registry, *_operations(request)]


def _operations(request: HttpRequest) -> list[tuple[str, str]]:
    actor = account_of(request) if hasattr(request, "user") else None
    if operations_policy.allows(actor, "view"):
        return [
            ("operations:status", _("稼働状況")),
            ("operations:jobs", _("ジョブ")),
            ("operations:events", _("出来事の記録")),
            ("operations:machines", _("機械連携")),
        ]
    return [("operations:events", _("出来事の記録"))] if operations_policy.allows(actor, "view_events") else []


def _links(request: HttpRequest) -> dict[str, Any]:
    """Return the links of the account menu and of the footer."""
    return {
        "account_links": _known(_account_entries(request)),
        "footer_links": _known(
            [
                ("verify:index", _("文書の確認")),
                ("accessibility", _("アクセシビリティ")),
                ("api", _("公開API")),
                *_tour(),
            ]
        ),
    }


def _account_entries(request: HttpRequest) -> list[tuple[str, str]]:
    account = account_of(request) if hasattr(request, "user") else None
    if account is None:
        return []
    own = ("me:index", _("登録内容"))
    if account.kind != AccountKind.STAFF:
        return [own]
    return [
        ("work:list", _("案件")),
        ("steering:overview", _("計画の進行管理")),
        ("organisation:index", _("組織と職員")),
        own,
    ]


def _tour() -> list[tuple[str, str]]:
    return [("tour", _("見本のご案内"))] if settings.DEMONSTRATION else []


def _menu(request: HttpRequest, entries: list[tuple[str, str]]) -> list[dict[str, Any]]:
    found = _known(entries)
    current = max((item["url"] for item in found if request.path.startswith(item["url"])), key=len, default="")
    return [item | {"current": item["url"] == current} for item in found]


def _known(entries: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return entries whose pages this installation has."""
    found = []
    for name, label in entries:
        try:
            found.append({"label": label, "url": reverse(name)})
        except NoReverseMatch:
            continue
    return found
