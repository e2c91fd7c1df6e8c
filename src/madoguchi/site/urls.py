"""All addresses of an installation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from madoguchi.plan.urls import public_urls, steering_urls

from .design import urlpatterns as design_urls
from .rest import api
from .views import errors, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("madoguchi.trust.urls.accounts")),
    path("", pages.home, name="home"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("api/", pages.api_description, name="api"),
    path("api/", api.urls),
    path("tour/", pages.tour, name="tour"),
    path("design/", include((design_urls, "design"))),
    path("files/", include("madoguchi.trust.urls.files")),
    path("me/", include("madoguchi.trust.urls.me")),
    path("operations/", include("madoguchi.trust.urls.operations")),
    path("organisation/", include("madoguchi.trust.urls.organisation")),
    path("plan/", include((public_urls, "plan"))),
    path("steering/", include((steering_urls, "steering"))),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
