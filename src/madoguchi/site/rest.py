"""One API of all rooms, with one OpenAPI description and one form of refusal (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from madoguchi import __version__
from madoguchi.plan.urls import api_router as plan_router

api = NinjaAPI(
    title="窓口 Madoguchi",
    version=__version__,
    description="自治体の計画・手続・データの公開API。認証の要らない読み取りは誰でも使えます。",
    docs_url=None,
    openapi_url="/openapi.json",
)
api.add_router("/plan", plan_router)


def _problem(request: HttpRequest, status: int, title: str, detail: str, errors: Any = None) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors}
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = "application/problem+json"
    return response


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which field is wrong and why."""
    errors = [{"field": ".".join(str(part) for part in item["loc"]), "reason": item["msg"]} for item in error.errors]
    fields = "、".join(item["field"] for item in errors)
    return _problem(request, 422, "入力に誤りがあります", f"次の項目を確かめてください: {fields}", errors)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Turn an HTTP error into a problem document."""
    return _problem(request, error.status_code, "リクエストを処理できません", str(error))
