"""One operation for each thing that is asked of orders."""

from typing import Any

import resolvers.ids
from datasources.store.store import Store
from tests.builders import MEMBER
from tests.people import keep, order
from tests.schema.store_operations import mutation

OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "orderClaim": mutation(
        "orderClaim", "order { number }", {"source": "pos", "number": "o-1", "total": "199.00", "member": MEMBER.id}
    ),
    "order": (
        """query ($id: ID!) { order(id: $id) { number source channel placedAt completedAt store { code }
          totals { merchandise { amount } net { amount } refunds { amount } } lines { sku title quantity } } }""",
        {"id": resolvers.ids.encode("Order", "o-1")},
    ),
}


async def plant(store: Store) -> None:
    """An order of somebody who is no member."""
    await keep(store, orders=[order("o-1", None, 19900)])
