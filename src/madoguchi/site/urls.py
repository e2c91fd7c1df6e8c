"""All addresses of an installation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from madoguchi.plan.urls import public_urls, steering_urls

from .design import urlpatterns as design_urls
from .rest import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("madoguchi.trust.urls.accounts")),
    path("api/", api.urls),
    path("design/", include((design_urls, "design"))),
    path("me/", include("madoguchi.trust.urls.me")),
    path("organisation/", include("madoguchi.trust.urls.organisation")),
    path("plan/", include((public_urls, "plan"))),
    path("steering/", include((steering_urls, "steering"))),
]
