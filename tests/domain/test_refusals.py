"""Every way the business says no has a stable name and says where in the input it arose."""

from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules

import pytest

import domain.refusals
from domain.refusals.base import KINDS, Refusal
from domain.refusals.general import EmptyField
from domain.refusals.stock import UnknownSku

TOPICS = [import_module(f"domain.refusals.{topic.name}") for topic in iter_modules(domain.refusals.__path__)]


def test_a_refusal_is_named_for_machines() -> None:
    assert UnknownSku(("input", "items", 0, "sku"), "nope").code == "UNKNOWN_SKU"
    assert EmptyField(("input",)).code == "EMPTY_FIELD"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_refusal_says_where_it_arose_and_is_the_one_its_topic_shows(kind: type[Refusal]) -> None:
    assert fields(kind)[0].name == "path"
    assert [topic.__name__ for topic in TOPICS if getattr(topic, kind.__name__, None) is kind] == [kind.__module__]
    assert kind.__doc__


def test_names_are_unique() -> None:
    defined = [name for topic in TOPICS for name, kind in vars(topic).items() if is_kind(kind) and name != "Refusal"]
    assert sorted(defined) == sorted(KINDS)


def is_kind(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, Refusal)
