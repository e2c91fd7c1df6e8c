"""Look-ups of the form: the towns of a postal code, banks and branches. Public lists only, nothing about anybody."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from madoguchi.kit import places

from ..rules.forms import banks

LONGEST = 60


@require_safe
@cache_control(public=True, max_age=86400)
def postal(request: HttpRequest) -> JsonResponse:
    """Return ``{"places": [{"prefecture", "city", "town"}]}`` for ``?code=``; empty for one that is not in the list."""
    code = request.GET.get("code", "")[:LONGEST]
    found = places.towns_of(code)
    return JsonResponse(
        {"places": [{"prefecture": town.prefecture, "city": town.city, "town": town.town} for town in found]}
    )


@require_safe
@cache_control(public=True, max_age=86400)
def bank(request: HttpRequest) -> JsonResponse:
    """Return ``{"places": [{"code", "name"}]}``: banks for ``?q=`` (the first ones without), or branches for ``?q=`` at ``?bank=``."""
    query, at = request.GET.get("q", "")[:LONGEST], request.GET.get("bank", "")[:LONGEST]
    found = banks.find_branches(banks.bank_code(at) or "", query) if at else banks.find_banks(query)
    return JsonResponse({"places": [{"code": one.code, "name": one.name} for one in found]})
