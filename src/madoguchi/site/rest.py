"""One API of all rooms, with one OpenAPI description and one form of refusal (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from madoguchi import __version__
from madoguchi.messaging.errors import ContentError
from madoguchi.messaging.urls import messages_router
from madoguchi.plan.urls import api_router as plan_router
from madoguchi.procedures.errors import FieldsError
from madoguchi.procedures.urls import applications_router, procedures_router

PROBLEM = "application/problem+json"
TITLES = {
    400: "リクエストを読み取れません",
    401: "認証が必要です",
    403: "許可されていません",
    404: "見つかりません",
    409: "今は受け付けられません",
    422: "内容に誤りがあります",
    429: "送信が多すぎます",
}


class Api(NinjaAPI):
    """The API with a description that says in which form refusals really come."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the OpenAPI 3.1 description."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content[PROBLEM] = content.pop("application/json")
        return schema


api = Api(
    title="窓口 Madoguchi",
    version=__version__,
    description="自治体の計画・手続・データの公開API。認証の要らない読み取りは誰でも使えます。",
    docs_url=None,
    openapi_url="/openapi.json",
)
api.add_router("/plan", plan_router)
api.add_router("/procedures", procedures_router)
api.add_router("/applications", applications_router)
api.add_router("/messages", messages_router)


def _problem(request: HttpRequest, status: int, title: str, detail: str, errors: Any = None) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors}
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = PROBLEM
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response["Retry-After"] = "60"
    return response


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which field is wrong and why."""
    errors = [{"field": ".".join(str(part) for part in item["loc"]), "reason": item["msg"]} for item in error.errors]
    fields = "、".join(item["field"] for item in errors)
    return _problem(request, 422, TITLES[422], f"次の項目を確かめてください: {fields}", errors)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Turn an HTTP error into a problem document."""
    return _problem(request, error.status_code, TITLES.get(error.status_code, "リクエストを処理できません"), str(error))


@api.exception_handler(FieldsError)
def on_fields_error(request: HttpRequest, error: FieldsError) -> HttpResponse:
    """Say which answers are to be put right."""
    return _problem(request, 422, TITLES[422], str(error), error.errors)


@api.exception_handler(ContentError)
def on_content_error(request: HttpRequest, error: ContentError) -> HttpResponse:
    """Say which texts or settings of a message are to be put right."""
    errors = [{"field": field, "reason": reason} for field, reason in error.problems]
    return _problem(request, 422, TITLES[422], str(error), errors)
