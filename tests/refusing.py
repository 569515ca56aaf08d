"""Refusals of every kind with facts of every sort, for properties that hold for all of them."""

from dataclasses import fields
from datetime import datetime, timedelta

from hypothesis import strategies as st

from domain.refusals import general, identity, locations, members, reservations, stock  # noqa: F401  # with them every kind is known
from domain.refusals.base import KINDS, Path, Refusal
from tests.builders import NOW

paths = st.lists(st.sampled_from(["input", "items", "sku"]) | st.integers(0, 199), max_size=4).map(tuple)
instants = st.integers(0, 10**7).map(lambda n: NOW + timedelta(microseconds=n))
FACTS: dict[object, st.SearchStrategy[object]] = {
    str: st.text("aé袖 {}%", max_size=5),
    int: st.integers(-(2**31), 2**31 - 1),
    datetime: instants,
    int | None: st.none() | st.integers(-(2**31), 2**31 - 1),
    tuple[str, ...]: st.lists(st.text(max_size=5)).map(tuple),
    Path: paths,
}
refusals: st.SearchStrategy[Refusal] = st.sampled_from(list(KINDS.values())).flatmap(
    lambda kind: st.builds(kind, **{field.name: FACTS[field.type] for field in fields(kind)})
)
