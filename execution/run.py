"""Running a plan: level by level, every level on all its objects at once."""

import copy
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import CoroutineType
from typing import Any, cast

from graphql import FieldNode, GraphQLResolveInfo, located_error
from graphql.execution.values import VariableValues
from graphql.pyutils import Path as LinkedPath
from graphql.pyutils import is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from execution import waiting
from execution.collect import Guards
from execution.columns import Column, Fault, Faults, Key, Path
from execution.plan import Field, Place, Plan, Selection, Under
from execution.rows import made
from execution.waiting import Eventually, arrived, then

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
            self.faults.absorb([(answer, ())])
            return None
        found: dict[str, Any] = answer
        return found

    def rows(self, selection: Selection, objects: Sequence[Any], place: Place) -> Eventually[Column]:
        """Read and complete a selection for all objects, all its fields at once, one row per object."""
        fields, keys = self._included(selection)
        columns = [self.column(field, objects, place) for field in fields]
        late = [i for i, column in enumerate(columns) if column.__class__ is CoroutineType]
        if not late:
            return _rows(keys, cast("list[Column]", columns), len(objects))
        return self._rows_later(keys, columns, late, len(objects))

    def anew(self) -> "Run":
        """The same run, which has met no faults yet."""
        return Run(self.plan, self.variables, self.context, self.root, self.hook, _chosen=self._chosen)

    def fields(self, selection: Selection) -> Sequence[Field]:
        """The fields of a selection that the variables include, in their order."""
        return self._included(selection)[0]

    def column(self, field: Field, objects: Sequence[Any], place: Place) -> Eventually[Column]:
        """Read one field for all objects and complete it."""
        below = Under(place, field)
        if self.hook is None:
            raw = field.read(objects, below, self)
            if raw.__class__ is CoroutineType:
                return _completed(cast("Awaitable[Sequence[Any]]", raw), field, below, self)
            return field.complete(cast("Sequence[Any]", raw), below, self)
        began = time.perf_counter()
        return then(field.read(objects, below, self), lambda raw: self._observed(raw, field, below, began))

    def fault(self, error: Exception, place: Place, slot: int) -> Fault:
        """What an exception means for one slot."""
        path = place.path(slot)
        return Fault(located_error(error, self.nodes(place.field), list(map(_plain, path))), path)

    def nodes(self, field: Field) -> list[FieldNode]:
        """Where the document selects a field, as far as the variables include it."""
        if not field.is_guarded:
            return field.nodes
        pairs = zip(field.nodes, field.guards, strict=True)
        return list({id(node): node for node, (_, guards) in pairs if self._holds(guards)}.values())

    def info(self, place: Place, slot: int) -> GraphQLResolveInfo[Any]:
        """What an ordinary resolver is told of where it is called."""
        field = place.field
        return GraphQLResolveInfo(
            field_name=field.name,
            field_nodes=self.nodes(field),
            return_type=field.definition.type,
            parent_type=field.parent,
            path=_linked(place.path(slot), field.parent.name),
            schema=self.plan.schema,
            fragments=dict(self.plan.fragments),
            root_value=self.root,
            operation=self.plan.operation,
            variable_values=self.variables.coerced,  # type: ignore[arg-type]  # as strawberry hands them on
            context=self.context,
            is_awaitable=is_awaitable,
            abort_signal=None,
            async_helpers=_HELPERS,
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

    async def _rows_later(self, keys: tuple[str, ...], columns: list[Any], late: list[int], count: int) -> Column:
        if len(late) == 1:
            columns[late[0]] = await columns[late[0]]
        else:
            done = await waiting.together(columns[i] for i in late)
            for i, column in zip(late, done, strict=True):
                columns[i] = column
        return _rows(keys, columns, count)

    def _included(self, selection: Selection) -> tuple[Sequence[Field], tuple[str, ...]]:
        """The fields that the variables include, in the order of their first included occurrence."""
        if not selection.is_guarded:
            return selection.fields, selection.keys
        chosen = self._chosen.get(selection)
        if chosen is None:
            orders = [
                (next((order for order, guards in f.guards if self._holds(guards)), -1), f) for f in selection.fields
            ]
            included = sorted((o for o in orders if o[0] >= 0), key=lambda o: o[0])
            fields = [_placed(f, order) for order, (_, f) in enumerate(included)]
            chosen = self._chosen[selection] = (fields, tuple(str.__str__(f.key) for f in fields))
        return chosen

    def _holds(self, guards: Guards) -> bool:
        values = self.variables.coerced
        return all(values[name] is wanted for name, wanted in guards)


async def _completed(raw: Awaitable[Sequence[Any]], field: Field, place: Place, run: Run) -> Column:
    column = field.complete(await raw, place, run)
    return await column if column.__class__ is CoroutineType else column  # type: ignore[return-value]


def _placed(field: Field, order: int) -> Field:
    """The field at its place among those that are included: faults are told apart by it."""
    if field.key.order == order:
        return field
    moved = copy.copy(field)
    moved.key = Key(str.__str__(field.key), order)
    return moved


def _rows(keys: tuple[str, ...], columns: list[Column], count: int) -> Column:
    """Turn columns into rows; a row with a fault in it is that fault (its parent is null, or passes it on)."""
    rows: list[Any] = made(keys, [column.values for column in columns], count)
    faulty = [column.values for column in columns if column.is_faulty]
    for values in reversed(faulty):
        for slot, value in enumerate(values):
            if isinstance(value, Fault):
                rows[slot] = value
    return Column(rows, is_faulty=bool(faulty))


def _linked(path: Path, parent: str) -> LinkedPath:
    """The path as resolvers are told it; only its end knows the type that it stands in."""
    linked: LinkedPath | None = None
    for part in path[:-1]:
        linked = LinkedPath(linked, _plain(part), None)
    return LinkedPath(linked, _plain(path[-1]), parent)


def _plain(part: str | int) -> str | int:
    return part if isinstance(part, int) else str.__str__(part)


def _discard(values: Sequence[Any]) -> None:
    """End what nobody will await."""
    for value in values:
        if (end := getattr(value, "close", None) or getattr(value, "cancel", None)) is not None:
            end()


_HELPERS = GraphQLResolveInfoHelpers(gather=waiting.together, track=_discard)
