"""Addresses of organisation and staff; to be included under ``organisation/``."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from ..views import organisation, registry, staff

app_name = "organisation"
urlpatterns: list[URLPattern] = [
    path("", organisation.organisation, name="index"),
    path("permissions/", organisation.permissions, name="permissions"),
    path("units/", organisation.units, name="units"),
    path("units/add/", organisation.add_unit, name="add_unit"),
    path("units/<int:pk>/", organisation.unit, name="unit"),
    path("units/<int:pk>/change/", organisation.change_unit, name="change_unit"),
    re_path(
        r"^units/(?P<pk>[0-9]{1,18})/(?P<action>rename|merge|abolish)/$",
        organisation.reorganise,
        name="reorganise_unit",
    ),
    path("staff/", staff.staff, name="staff"),
    path("staff/invite/", staff.invite, name="invite"),
    path("staff/locks/", staff.locks, name="locks"),
    path("staff/<int:pk>/", staff.person, name="person"),
    path("staff/<int:pk>/change/", staff.change_person, name="change_person"),
    path("staff/<int:pk>/duties/add/", staff.assign_duty, name="assign_duty"),
    path("staff/<int:pk>/link/", staff.new_link, name="new_link"),
    path("staff/<int:pk>/<slug:action>/", staff.act, name="act"),
    path("registry/", registry.index, name="registry"),
    path("registry/doubts/", registry.doubts, name="registry_doubts"),
    path("registry/doubts/<int:pk>/", registry.doubt, name="registry_doubt"),
    path("registry/<slug:reference>/", registry.show, name="registry_import"),
    path("registry/<slug:reference>/apply/", registry.apply, name="registry_apply"),
    path("duties/<int:pk>/end/", staff.end_duty, name="end_duty"),
]
