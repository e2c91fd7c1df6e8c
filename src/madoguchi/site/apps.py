"""The site as a Django application: templates, static files, commands."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Composition of the rooms."""

    name = "madoguchi.site"
    label = "site"
    verbose_name = "サイト"
