"""Running a plan: level by level, every level on all its objects at once."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import GraphQLResolveInfo, located_error
from graphql.execution.values import VariableValues
from graphql.pyutils import Path as LinkedPath
from graphql.pyutils import is_awaitable

from execution.columns import Column, Eventually, Fault, Faults, Path, Place, Under, arrived, is_to_come, then
from execution.plan import Field, Plan, Selection
from execution.rows import made

Hook = Callable[["Level"], None]


@dataclass(frozen=True, slots=True)
class Level:
    """One field of one level, as an observer sees it: how many objects it was read for, and how long that took."""

    name: str
    objects: int
    seconds: float


@dataclass(slots=True, eq=False)
class Run:
    """One execution of a plan: its variables, its context, and the faults it met."""

    plan: Plan
    variables: VariableValues
    context: Any
    root: Any
    hook: Hook | None = None
    faults: Faults = field(default_factory=Faults)
    _chosen: dict[Selection, tuple[Sequence[Field], tuple[str, ...]]] = field(default_factory=dict)

    async def data(self) -> dict[str, Any] | None:
        """Run to the end; None where a fault made the whole answer null."""
        rows = (self._serially if self.plan.is_serial else self.rows)(self.plan.root, [self.root], Place())
        answer = (await arrived(rows)).values[0]
        if isinstance(answer, Fault):
            self.faults.absorb(answer, ())
            return None
        found: dict[str, Any] = answer
        return found

    def rows(self, selection: Selection, objects: Sequence[Any], place: Place) -> Eventually[Column]:
        """Read and complete a selection for all objects, all its fields at once, one row per object."""
        fields, keys = self._included(selection)
        columns = [self.column(field, objects, place) for field in fields]
        waiting = [i for i, column in enumerate(columns) if is_to_come(column)]
        if not waiting:
            return _rows(keys, cast("list[Column]", columns), len(objects))
        return self._rows_later(keys, columns, waiting, len(objects))

    def column(self, field: Field, objects: Sequence[Any], place: Place) -> Eventually[Column]:
        """Read one field for all objects and complete it."""
        below = Under(place, field.key)
        if self.hook is None:
            return then(field.read(objects, below, self), lambda raw: field.complete(raw, below, self))
        began = time.perf_counter()
        return then(field.read(objects, below, self), lambda raw: self._observed(raw, field, below, began))

    def fault(self, error: Exception, field: Field, place: Place, slot: int) -> Fault:
        """What an exception means for one slot."""
        path = place.path(slot)
        return Fault(located_error(error, field.nodes, list(map(_plain, path))), path)

    def info(self, field: Field, place: Place, slot: int) -> GraphQLResolveInfo[Any]:
        """What an ordinary resolver is told of where it is called."""
        return GraphQLResolveInfo(
            field_name=field.name,
            field_nodes=field.nodes,
            return_type=field.definition.type,
            parent_type=field.parent,
            path=_linked(place.path(slot)),
            schema=self.plan.schema,
            fragments=dict(self.plan.fragments),
            root_value=self.root,
            operation=self.plan.operation,
            variable_values=self.variables.coerced,  # type: ignore[arg-type]  # as strawberry hands them on
            context=self.context,
            is_awaitable=is_awaitable,
            abort_signal=None,
            async_helpers=None,  # type: ignore[arg-type]  # tools of graphql-core's own executor
        )

    def _observed(self, raw: Sequence[Any], field: Field, place: Place, began: float) -> Eventually[Column]:
        if self.hook is not None:
            self.hook(Level(field.label, len(raw), time.perf_counter() - began))
        return field.complete(raw, place, self)

    async def _serially(self, selection: Selection, objects: Sequence[Any], place: Place) -> Column:
        """Mutations: each root field is done before the next begins (§6.3.1)."""
        fields, keys = self._included(selection)
        columns = []
        for asked in fields:
            columns.append(await arrived(self.column(asked, objects, place)))
            if columns[-1].is_faulty:
                return Column([columns[-1].values[0]], is_faulty=True)
        return _rows(keys, columns, len(objects))

    async def _rows_later(self, keys: tuple[str, ...], columns: list[Any], waiting: list[int], count: int) -> Column:
        if len(waiting) == 1:
            columns[waiting[0]] = await columns[waiting[0]]
        else:
            done = await asyncio.gather(*(columns[i] for i in waiting))
            for i, column in zip(waiting, done, strict=True):
                columns[i] = column
        return _rows(keys, columns, count)

    def _included(self, selection: Selection) -> tuple[Sequence[Field], tuple[str, ...]]:
        """The fields that the variables include, in the order of their first included occurrence."""
        if not selection.is_guarded:
            return selection.fields, selection.keys
        chosen = self._chosen.get(selection)
        if chosen is None:
            values = self.variables.coerced
            orders = [
                (next((order for order, guards in f.guards if all(values[n] is want for n, want in guards)), -1), f)
                for f in selection.fields
            ]
            fields = [f for order, f in sorted((o for o in orders if o[0] >= 0), key=lambda o: o[0])]
            chosen = self._chosen[selection] = (fields, tuple(str.__str__(f.key) for f in fields))
        return chosen


def _rows(keys: tuple[str, ...], columns: list[Column], count: int) -> Column:
    """Turn columns into rows; a row with a fault in it is that fault (its parent is null, or passes it on)."""
    rows: list[Any] = made(keys, [column.values for column in columns], count)
    faulty = [column.values for column in columns if column.is_faulty]
    for values in reversed(faulty):
        for slot, value in enumerate(values):
            if isinstance(value, Fault):
                rows[slot] = value
    return Column(rows, is_faulty=bool(faulty))


def _linked(path: Path) -> LinkedPath:
    first, *rest = map(_plain, path)  # a resolver always stands under a key
    linked = LinkedPath(None, first, None)
    for part in rest:
        linked = LinkedPath(linked, part, None)
    return linked


def _plain(part: str | int) -> str | int:
    return part if isinstance(part, int) else str.__str__(part)
