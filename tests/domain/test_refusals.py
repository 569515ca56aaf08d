"""Every way the business says no has a stable name and says where in the input it arose."""

from dataclasses import fields
from typing import get_args

import pytest

import domain.refusals
from domain.refusals import EmptyField, Refusal, UnknownSku

KINDS: tuple[type[Refusal], ...] = get_args(Refusal)


def test_a_refusal_is_named_for_machines() -> None:
    assert domain.refusals.code(UnknownSku(("input", "items", 0, "sku"), "nope")) == "UNKNOWN_SKU"
    assert domain.refusals.code(EmptyField(("input",))) == "EMPTY_FIELD"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_says_where_it_arose_and_stands_in_the_list_that_explains_them(kind: type[Refusal]) -> None:
    assert fields(kind)[0].name == "path"
    assert kind.__name__ in (domain.refusals.__doc__ or "")
    assert kind.__doc__


def test_names_are_unique() -> None:
    assert len({kind.__name__ for kind in KINDS}) == len(KINDS)
