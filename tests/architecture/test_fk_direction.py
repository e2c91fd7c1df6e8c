"""Foreign keys point downward: import contracts cannot see ``ForeignKey("plan.Plan")`` in a lower room."""

from __future__ import annotations

import tomllib

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from .house import REPOSITORY


def layer_ranks() -> dict[str, int]:
    """Return app label → floor, 0 being the top, from the import contract: there is one source."""
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    return {name.strip(" ()"): rank for rank, line in enumerate(layers) for name in line.split("|")}


def upward_foreign_keys(registered: list[type[models.Model]], rank: dict[str, int]) -> list[str]:
    """Return every relation that points sideways or up."""
    found = []
    for model in registered:
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not field.related_model:
                continue
            related = field.related_model
            source = model._meta.app_label
            target = related.split(".")[0] if isinstance(related, str) else related._meta.app_label
            if source != target and source in rank and target in rank and rank[target] <= rank[source]:
                found.append(f"{model._meta.label}.{field.name} -> {target}")
    return found


def test_every_room_has_a_floor() -> None:
    rank = layer_ranks()
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("madoguchi.")]
    assert ours
    assert [label for label in ours if label not in rank] == []


def test_foreign_keys_point_downward() -> None:
    assert upward_foreign_keys(list(apps.get_models(include_auto_created=True)), layer_ranks()) == []


@isolate_apps("django.contrib.contenttypes")
def test_a_planted_upward_foreign_key_is_found() -> None:
    class Spy(models.Model):
        plan = models.ForeignKey("plan.Plan", on_delete=models.CASCADE)

        class Meta:
            app_label = "trust"

        def __str__(self) -> str:
            return "spy"

    assert upward_foreign_keys([Spy], layer_ranks()) == ["trust.Spy.plan -> plan"]


@pytest.mark.parametrize(("source", "target", "upward"), [("plan", "trust", False), ("trust", "plan", True)])
def test_the_floors_are_read_from_the_contract(source: str, target: str, *, upward: bool) -> None:
    rank = layer_ranks()
    assert (rank[target] <= rank[source]) is upward
