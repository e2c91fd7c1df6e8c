"""What the operations of the plan API share: parameters, refusals, the municipality that is asked about."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from ninja.errors import HttpError

from madoguchi.trust.api import Municipality, get_municipality
from madoguchi.trust.errors import UnknownMunicipalityError

REFUSALS = frozenset({400, 404, 422})
Key = Annotated[
    str | None, Query(max_length=40, pattern=r"^[a-z0-9-]*$", description="自治体のキー。省略するとホスト名の自治体")
]


def municipality_of(request: HttpRequest, key: str | None) -> Municipality:
    """Return the municipality with this key, or that of the host name; answers 404 for one that is not here."""
    if not key:
        return request.municipality  # type: ignore[attr-defined,no-any-return]
    try:
        return get_municipality(key)
    except (UnknownMunicipalityError, ValueError) as error:
        raise HttpError(404, "この自治体は登録されていません。municipality のキーを確かめてください。") from error
