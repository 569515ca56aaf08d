"""Mappings: a small TOML file that says which of somebody's columns is which of our fields.

Guesses nothing: a column that is not there and a field that does not exist are told with those that do.
"""

import tomllib
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasources.files import tabular
from datasources.files.tabular import Layout, Table
from datasources.ports.imports import Unreadable

FIELDS: Mapping[str, tuple[str, ...]] = {
    "stock": ("sku", "location", "quantity", "observed_at"),
    "products": (
        *("product", "sku", "title", "slug", "description", "brand", "status", "categories", "images", "created_at"),
        *("barcodes", "barcode_type", "uom", "weight_g", "channels", "listed_from", "listed_to"),
    ),
    "prices": (
        *("sku", "amount", "currency", "min_quantity", "price_list", "price_list_name", "channel", "store_group"),
        *("member_tier", "priority", "valid_from", "valid_to"),
    ),
    "stores": (
        *("id", "name", "type", "address", "city", "latitude", "longitude", "coordinate_system", "time_zone", "hours"),
        *("capabilities", "prep_minutes", "daily_capacity", "delivery_radius_km", "store_group", "status"),
    ),
}
"""Our fields, by the kind of file."""
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "stock": ("sku", "location", "quantity"),
    "products": ("product", "sku", "title"),
    "prices": ("sku", "amount", "currency", "price_list"),
    "stores": ("id", "name"),
}
"""Fields that need a column or a constant."""
_SECTIONS = ("columns", "constants", "values", "formats", "options")
_LAYOUT = ("encoding", "delimiter", "sheet", "header_line")


@dataclass(frozen=True, slots=True)
class Plan:
    """A mapping that has been read: their column or a constant for each field, their words for ours."""

    kind: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    formats: Mapping[str, Sequence[str]]
    options: Mapping[str, str]
    time_zone: zoneinfo.ZoneInfo
    layout: Layout = field(default_factory=Layout)

    def gives(self, field: str) -> bool:
        """Say whether the input speaks of a field at all."""
        return field in self.columns or field in self.constants

    def name(self, field: str) -> str:
        """What a field is called in the file, for messages to those who wrote it."""
        return self.columns.get(field, field)


def read(path: Path) -> Plan:
    """Read and check a mapping.

    Raises:
        Unreadable: no such file, no TOML, or something in it that we do not know, all of it listed.
    """
    try:
        document = tomllib.loads(tabular.contents(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise Unreadable(f"{path.name} is no TOML: {failure}") from failure
    if wrong := list(_wrong(document)):
        raise Unreadable(f"{path.name}: " + "; ".join(wrong))
    return Plan(
        kind=document["kind"],
        columns=document.get("columns", {}),
        constants={name: str(value) for name, value in document.get("constants", {}).items()},
        values=document.get("values", {}),
        formats=document.get("formats", {}),
        options=document.get("options", {}),
        time_zone=zoneinfo.ZoneInfo(document.get("time_zone", "Asia/Shanghai")),
        layout=Layout(**{name: document[name] for name in _LAYOUT if name in document}),
    )


def check(plan: Plan, table: Table) -> None:
    """Make sure that every column the plan names is there.

    Raises:
        Unreadable: one is not; the message lists those that are.
    """
    named = [*plan.columns.values(), *plan.options.values()]
    missing = [column for column in dict.fromkeys(named) if column not in table.columns]
    if missing:
        there = ", ".join(column for column in table.columns if column)
        raise Unreadable(f"{table.file} has no column {', '.join(map(repr, missing))}. Its columns are: {there}")


def _wrong(document: Mapping[str, Any]) -> Iterator[str]:
    kind = document.get("kind")
    if kind not in FIELDS:
        yield f"kind is {kind!r}, but must be one of {', '.join(FIELDS)}"
        return
    for name in document.keys() - {"kind", "time_zone", *_SECTIONS, *_LAYOUT}:
        yield f"{name!r} is not known here (known: time_zone, {', '.join((*_LAYOUT, *_SECTIONS))})"
    if wrong := [*_wrong_tables(document), *_wrong_layout(document)]:
        yield from wrong
        return
    yield from _wrong_fields(str(kind), document)


def _wrong_tables(document: Mapping[str, Any]) -> Iterator[str]:
    for section in _SECTIONS:
        found = document.get(section, {})
        if not isinstance(found, dict):
            yield f"{section} must be a table: [{section}]"
            continue
        for name, value in found.items():
            if not _fits(section, value):
                yield f"{section}.{name} is {value!r}, but must be {_SHAPES[section]}"


_SHAPES = {
    "columns": "the name of a column",
    "options": "the name of a column",
    "constants": "a text or a number",
    "values": "a table of their words and ours",
    "formats": "a list of formats such as %Y/%m/%d",
}


def _fits(section: str, value: object) -> bool:
    match section:
        case "constants":
            return isinstance(value, str | int | float) and not isinstance(value, bool)
        case "values":
            return isinstance(value, dict) and all(isinstance(ours, str) for ours in value.values())
        case "formats":
            return isinstance(value, list) and all(isinstance(format, str) for format in value)
    return isinstance(value, str)


def _wrong_layout(document: Mapping[str, Any]) -> Iterator[str]:
    for name in ("encoding", "delimiter", "sheet"):
        if not isinstance(document.get(name, ","), str):
            yield f"{name} must be a text"
    if len(document.get("delimiter", ",")) != 1:
        yield "delimiter must be one character"
    header_line = document.get("header_line", 1)
    if isinstance(header_line, bool) or not isinstance(header_line, int) or header_line < 1:
        yield "header_line must be a number from 1"
    zone = document.get("time_zone", "Asia/Shanghai")
    if zone not in zoneinfo.available_timezones():
        yield f"time_zone {zone!r} is not known: write it as Asia/Shanghai"


def _wrong_fields(kind: str, document: Mapping[str, Any]) -> Iterator[str]:
    columns, constants = document.get("columns", {}), document.get("constants", {})
    fields = FIELDS[kind]
    for section in ("columns", "constants", "values", "formats"):
        for name in document.get(section, {}):
            if name not in fields:
                yield f"{section}.{name}: {kind} have no such field, but {', '.join(fields)}"
    for name in columns.keys() & constants.keys():
        yield f"{name} has a column and a constant: keep one of the two"
    for name in REQUIRED[kind]:
        if name not in columns and name not in constants:
            yield f"{name} needs a column or a constant"
    if kind != "products" and document.get("options"):
        yield "options are for products only"
