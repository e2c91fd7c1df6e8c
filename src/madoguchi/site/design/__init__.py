"""The living catalogue of the design system at ``/design/``: components, colours, shells and shapes of pages."""

from madoguchi.site.design.urls import urlpatterns

__all__ = ["urlpatterns"]
