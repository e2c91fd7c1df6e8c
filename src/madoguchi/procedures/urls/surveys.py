"""Surveys (アンケート) and public comment."""

from __future__ import annotations

from django.urls import URLPattern

survey_urls: list[URLPattern] = []
public_survey_urls: list[URLPattern] = []
