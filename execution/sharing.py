"""Sharing: what stands in a column again and again is completed once, and its row stands in every place.

Pages are full of it: hundreds of offers in three stores. It may be so where the object alone decides its row, by
attributes and derived functions all the way down. Whoever is given an answer must not change a row: it may be others'.
"""

from collections.abc import Sequence
from typing import Any

from graphql import get_named_type, is_leaf_type, is_object_type

from execution import declared
from execution.columns import Column
from execution.plan import Field, Place, Running, Selection
from execution.waiting import Eventually, then

FIRST = 16
"""So many objects of a column tell whether to look at all of them: what repeats on a page repeats soon."""


def rows(selection: Selection, objects: Sequence[Any], place: Place, run: Running) -> Eventually[Column]:
    """Read and complete a selection, equal objects once where that is possible and likely to pay."""
    first = objects[:FIRST]
    if len(set(map(id, first))) == len(first) or not is_pure(selection):
        return run.rows(selection, objects, place)
    distinct = dict(zip(map(id, objects), objects, strict=True))
    trial = run.anew()

    def shared(column: Column) -> Eventually[Column]:
        if column.is_faulty or trial.faults.found:  # a fault has a path, and each place its own
            return run.rows(selection, objects, place)
        row_of = dict(zip(distinct, column.values, strict=True))
        return Column(list(map(row_of.__getitem__, map(id, objects))))

    return then(trial.rows(selection, list(distinct.values()), place), shared)


def is_pure(selection: Selection) -> bool:
    """Say whether the same object always has the same row; found out when it is first asked."""
    if selection.is_pure is None:
        selection.is_pure = all(map(_is_pure, selection.fields))
    return selection.is_pure


def _is_pure(field: Field) -> bool:
    if field.declaration.attribute is None and field.declaration.derived is None:
        return False
    named = get_named_type(field.definition.type)
    if is_leaf_type(named):
        return True
    return is_object_type(named) and declared.is_told_by_class(named) and is_pure(field.select(named))
