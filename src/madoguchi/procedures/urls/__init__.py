"""Addresses of the procedures room, put together from one module per kind of page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from madoguchi.procedures.rest import applications_router, procedures_router

from .applying import applying_urls
from .builder import builder_urls
from .exports import core_export_urls
from .finding import coverage_urls, finding_urls, start_urls
from .lookups import lookup_urls
from .mine import mine_urls
from .office import office_urls as application_office_urls
from .surveys import public_survey_urls, survey_urls

public_urls: list[URLPattern | URLResolver] = [*lookup_urls, *finding_urls, *applying_urls, *start_urls]
"""Under ``/procedures/`` (namespace ``procedures``): lists, the finder, start pages, forms."""

my_urls: list[URLPattern | URLResolver] = [*mine_urls]
"""Under ``/mine/`` (namespace ``mine``): a person's own matters."""

staff_urls: list[URLPattern | URLResolver] = [*coverage_urls, *builder_urls]
"""Under ``/builder/`` (namespace ``builder``): procedures made by staff."""

staff_survey_urls: list[URLPattern | URLResolver] = [*survey_urls]
"""Under ``/office/surveys/`` (namespace ``surveys``)."""

answer_urls: list[URLPattern | URLResolver] = [*public_survey_urls]
"""Under ``/surveys/`` (namespace ``survey``): answering, results, public comment."""

office_urls: list[URLPattern | URLResolver] = [*application_office_urls]
"""Under ``/office/applications/`` (namespace ``applications``)."""

export_urls: list[URLPattern | URLResolver] = [*core_export_urls]
"""Under ``/office/exports/`` (namespace ``exports``): handing applications on to core systems."""

__all__ = [
    "answer_urls",
    "applications_router",
    "export_urls",
    "my_urls",
    "office_urls",
    "procedures_router",
    "public_urls",
    "staff_survey_urls",
    "staff_urls",
]
