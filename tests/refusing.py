"""Refusals of every kind with facts of every sort, for properties that hold for all of them."""

import importlib
import pkgutil
from dataclasses import fields
from datetime import datetime, timedelta

from hypothesis import strategies as st

import domain.refusals
from domain.refusals.base import KINDS, Path, Refusal
from tests.builders import NOW

for topic in pkgutil.iter_modules(domain.refusals.__path__):
    importlib.import_module(f"domain.refusals.{topic.name}")  # with them every kind is known

paths = st.lists(st.sampled_from(["input", "items", "sku"]) | st.integers(0, 199), max_size=4).map(tuple)
instants = st.integers(0, 10**7).map(lambda n: NOW + timedelta(microseconds=n))
FACTS: dict[object, st.SearchStrategy[object]] = {
    str: st.text("aé袖 {}%", max_size=5),
    int: st.integers(-(2**31), 2**31 - 1),
    datetime: instants,
    str | None: st.none() | st.text("aé袖 {}%", max_size=5),
    datetime | None: st.none() | instants,
    int | None: st.none() | st.integers(-(2**31), 2**31 - 1),
    tuple[str, ...]: st.lists(st.text(max_size=5)).map(tuple),
    Path: paths,
}
refusals: st.SearchStrategy[Refusal] = st.sampled_from(list(KINDS.values())).flatmap(
    lambda kind: st.builds(kind, **{field.name: FACTS[field.type] for field in fields(kind)})
)
