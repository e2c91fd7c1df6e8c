"""Starting, filling in, reviewing and sending an application."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from ..views.applying import done, later, review, start, step


class _Key:
    """A draft's key: 26 characters in upper case, so that no code of a step or of a procedure is taken for one."""

    regex = "[0-9A-Z]{26}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Key, "draft_key")

applying_urls: list[URLPattern] = [
    path("apply/resume/", later.resume, name="resume"),
    path("apply/resume/<str:code>/", later.resume_by_code, name="resume_by_code"),
    path("apply/review/<draft_key:key>/", review.review, name="review"),
    path("apply/saved/<draft_key:key>/", later.saved, name="saved"),
    path("apply/discard/<draft_key:key>/", later.discard, name="discard"),
    path("apply/done/<draft_key:key>/", done.done, name="done"),
    path("apply/<draft_key:key>/", later.draft, name="draft"),
    path("apply/<draft_key:key>/<slug:step>/", step.step, name="step"),
    path("<slug:code>/apply/", start.apply, name="apply"),
]
