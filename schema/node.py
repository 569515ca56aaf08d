"""Objects by their global ids."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry

import resolvers.ids
from resolvers.context import Context
from resolvers.errors import BadQuestion
from schema.base import batch, derived

MAX_NODES = 250
ID = "Opaque and global: `node(id:)` finds the object again."

Load = Callable[[Context, Sequence[str]], Awaitable[Sequence[Any]]]

LOADS: dict[str, Load] = {}
"""How the objects of each kind are found by their keys; a type that has a global id says it itself."""


@strawberry.interface(description="Anything that has a global id.")
class Node:
    id: strawberry.ID = strawberry.field(description=ID)


def global_id(kind: str, load: Load, *, key: str = "id") -> Any:
    """The field `id` of a type, made of the merchant's own key, by which `load` finds its objects again."""
    LOADS[kind] = load
    return derived(lambda obj: resolvers.ids.encode(kind, getattr(obj, key)), description=ID)


async def nodes(ctx: Context, roots: Sequence[None], *, ids: list[strawberry.ID]) -> Sequence[Sequence[Any]]:
    """Objects of any kind, in the order asked: one load per kind."""
    if len(ids) > MAX_NODES:
        raise BadQuestion("PAGE_SIZE", f"Ask for at most {MAX_NODES} ids at once; there were {len(ids)}.")
    parsed = [resolvers.ids.parse(id, LOADS) for id in ids]
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for kind, key in parsed:
        keys[kind].append(key)
    found = {
        (kind, key): obj
        for kind, wanted in keys.items()
        for key, obj in zip(wanted, await LOADS[kind](ctx, wanted), strict=True)
    }
    return [[found[pair] for pair in parsed]]


async def node(ctx: Context, roots: Sequence[None], *, id: strawberry.ID) -> Sequence[Any]:
    """One object of any kind."""
    return (await nodes(ctx, roots, ids=[id]))[0]


@strawberry.type
class NodeQuery:
    node: Node | None = batch(
        node, description="One object by its id; null if there is none that you may see.", id="Its id."
    )
    nodes: list[Node | None] = batch(
        nodes,
        description="Objects by their ids, in the order asked; null where there is none that you may see.",
        ids=f"Their ids, at most {MAX_NODES}.",
    )
