"""Who falls under a rule: as a query, in numbers, as a sample, in words."""

from .choosing import select_recipients, usable
from .counting import (
    SMALL_GROUP,
    AudienceCount,
    Sampled,
    check_audience,
    count_audience,
    sample_audience,
)
from .naming import (
    GRADE_NAMES,
    LANGUAGES,
    audience_choices,
    audience_names,
    describe_audience,
    in_language,
    language_names,
    town_choices,
)

__all__ = [
    "GRADE_NAMES",
    "LANGUAGES",
    "SMALL_GROUP",
    "AudienceCount",
    "Sampled",
    "audience_choices",
    "audience_names",
    "check_audience",
    "count_audience",
    "describe_audience",
    "in_language",
    "language_names",
    "sample_audience",
    "select_recipients",
    "town_choices",
    "usable",
]
