"""One record of somebody's table, read field by field through a mapping; what cannot be read is gathered."""

import re
import zoneinfo
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar

import domain.money
from datasources.files import plain_text
from datasources.files.mapping import Plan
from datasources.files.tabular import Row
from domain.imports import Problem

E = TypeVar("E", bound=Enum)
MOST_TEXT, MOST_NUMBER, MOST_MINOR = 10_000, 2_000_000_000, 10**12
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_MANY = re.compile(r"[,;|、，；\n]+")


class Record:
    """Fields as values; every method notes a problem and gives its default where the cell is no good."""

    def __init__(self, row: Row, plan: Plan) -> None:
        self._row = row
        self._plan = plan
        self.problems: list[Problem] = []

    def text(self, field: str, default: str = "") -> str:
        """A single line, translated by the mapping's `values`."""
        raw = plain_text.squeezed(self._raw(field))
        found = self._plan.values.get(field, {}).get(raw, raw) or default
        if len(found) > MOST_TEXT:
            self.wrong(field, "TOO_LONG", f"has {len(found)} characters: at most {MOST_TEXT}")
        return found

    def needed(self, field: str) -> str:
        """A text that must say something."""
        found = self.text(field)
        if not found:
            self.wrong(field, "EMPTY", "is empty: every line needs it")
        return found

    def prose(self, field: str) -> str:
        """Several lines, without markup."""
        return plain_text.of_html(self._raw(field))[: 10 * MOST_TEXT]

    def many(self, field: str) -> tuple[str, ...]:
        """Several texts in one cell, separated by comma, semicolon, bar or 、."""
        words = self._plan.values.get(field, {})
        found = (plain_text.squeezed(part) for part in _MANY.split(self._raw(field)))
        return tuple(dict.fromkeys(words.get(part, part) for part in found if part))

    def whole(self, field: str, default: int | None, *, low: int = 0, high: int = MOST_NUMBER) -> int | None:
        """A whole number; 12.0 and 1,200 are some."""
        number = self._number(field)
        if number is None:
            return default
        if number != number.to_integral_value():
            self.wrong(field, "BAD_NUMBER", f"{number} is no whole number")
        elif not low <= number <= high:
            code = "NEGATIVE_QUANTITY" if number < 0 and field == "quantity" else "OUT_OF_RANGE"
            self.wrong(field, code, f"{number} is not within {low} and {high}")
        else:
            return int(number)
        return default

    def decimal(self, field: str, *, low: int, high: int) -> float | None:
        """A number with decimals."""
        number = self._number(field)
        if number is not None and not low <= number <= high:
            self.wrong(field, "OUT_OF_RANGE", f"{number} is not within {low} and {high}")
            return None
        return None if number is None else float(number)

    def amount(self, field: str, currency: str) -> int:
        """Minor units of a currency, from an amount such as 299 or 299.00 or ¥1,299.00."""
        number = self._number(field, "BAD_PRICE", strip="¥￥$€£") if self.needed(field) else None
        if number is None:
            return 0
        try:
            minor = domain.money.parse(str(number), currency).amount_minor
        except ValueError as failure:
            self.wrong(field, "BAD_PRICE", f"{failure}: write it as 12.34")
            return 0
        if not 0 <= minor <= MOST_MINOR:
            self.wrong(field, "BAD_PRICE", f"{number} is below zero or beyond reason")
        return minor

    def instant(self, field: str) -> datetime | None:
        """A moment, by the mapping's formats or ISO 8601; without a zone it is the mapping's local time."""
        raw = self.text(field)
        if not raw:
            return None
        for format in self._plan.formats.get(field, ()):
            try:
                return self._local(datetime.strptime(raw, format))  # noqa: DTZ007 - the zone comes next
            except ValueError:
                continue
        try:
            return self._local(datetime.fromisoformat(raw))
        except ValueError:
            formats = " or ".join((*self._plan.formats.get(field, ()), "2026-11-21 18:30"))
            self.wrong(field, "BAD_DATE", f"{raw!r} is no date: expected {formats}, or name its format in [formats]")
            return None

    def choice(self, field: str, words: type[E], default: E) -> E:
        """One of our words, small or large."""
        raw = self.text(field)
        return self._word(field, words, raw) or default if raw else default

    def choices(self, field: str, words: type[E]) -> tuple[E, ...]:
        """Several of our words."""
        return tuple(word for raw in self.many(field) if (word := self._word(field, words, raw)))

    def zone(self, field: str, default: str) -> str:
        """The name of a time zone."""
        name = self.text(field, default)
        if name not in zoneinfo.available_timezones():
            self.wrong(field, "BAD_TIME_ZONE", f"{name!r} is no time zone: write it as Asia/Shanghai")
        return name

    def gives(self, field: str) -> bool:
        """Say whether the input speaks of a field at all."""
        return self._plan.gives(field)

    def wrong(self, field: str, code: str, message: str) -> None:
        """Note a problem, under the name the field has in the file."""
        self.problems.append(Problem(self._plan.name(field), code, message))

    def _word(self, field: str, words: type[E], raw: str) -> E | None:
        found = words.__members__.get(raw.upper())
        if found is None:
            known = ", ".join(words.__members__)
            self.wrong(field, "UNKNOWN_WORD", f"{raw!r} is none of {known}: translate it in [values.{field}]")
        return found

    def _local(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self._plan.time_zone)

    def _number(self, field: str, code: str = "BAD_NUMBER", *, strip: str = "") -> Decimal | None:
        raw = self.text(field).strip(strip + " ")
        if not raw:
            return None
        plain = raw.replace(",", "") if _THOUSANDS.fullmatch(raw) else raw
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > 10**15:
            self.wrong(field, code, f"{raw!r} is no number we can take")
            return None
        return number

    def _raw(self, field: str) -> str:
        column = self._plan.columns.get(field)
        return self._row.cells.get(column, "") if column else self._plan.constants.get(field, "")
