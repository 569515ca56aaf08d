"""One operation for each thing that is asked or done, topic by topic, and what must be there for them."""

from typing import Any

from datasources.store.store import Store
from domain.viewers import Viewer
from tests.schema import (
    client_operations,
    insight_operations,
    ledger_operations,
    member_operations,
    order_operations,
    points_operations,
    session_operations,
    store_operations,
)

OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    **ledger_operations.OPERATIONS,
    **store_operations.OPERATIONS,
    **session_operations.OPERATIONS,
    **member_operations.OPERATIONS,
    **insight_operations.OPERATIONS,
    **client_operations.OPERATIONS,
    **points_operations.OPERATIONS,
    **order_operations.OPERATIONS,
}
VIEWERS: dict[str, Viewer] = {
    **member_operations.VIEWERS,
    **insight_operations.VIEWERS,
    **client_operations.VIEWERS,
    **session_operations.VIEWERS,
}
"""Who asks what no integrator is told."""


async def plant(store: Store) -> None:
    """Write what the operations are about."""
    await store_operations.plant(store)
    await member_operations.plant(store)
    await insight_operations.plant(store)
    await client_operations.plant(store)
    await points_operations.plant(store)
    await order_operations.plant(store)
