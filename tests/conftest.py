"""Shared set-up of the tests."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("MADOGUCHI_HOME", tempfile.mkdtemp(prefix="madoguchi-test-"))
os.environ.setdefault("MADOGUCHI_DEMONSTRATION", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.site.settings")
