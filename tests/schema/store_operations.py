"""One operation for each thing that a store does: it counts, sends, receives, and looks what there is to do.

Each is asked of a count or transfer that stands where it is that step's turn; see `test_graph`.
"""

from typing import Any

import resolvers.ids
from datasources.store.store import Store
from domain.counting import CountState, StockCount, Tally
from domain.transfers import Transfer, TransferLine, TransferState
from tests.builders import NOW

SKU, FROM, TO = "DJ01-L", "SH001", "SH002"
COUNT = """stockCount { id state note skus location { code } openedBy openedAt submittedAt settledAt settledBy
    allowedTransitions lines(first: 9) { pageInfo { endCursor } edges { cursor } nodes {
        sku variant { sku } counted countedAt book variance status tallies { device quantity countedAt }
        level { onHand oversoldBy } } } }"""
TRANSFER = """transfer { id state note requestedBy createdAt changedAt expectedAt allowedTransitions
    fromLocation { code } toLocation { code }
    lines { sku variant { sku } requested picked shipped inTransit received lost } }"""
COUNT_STEPS = {
    "Record": (CountState.OPEN, {"device": "pda-1", "lines": [{"sku": SKU, "quantity": 4}]}),
    "Submit": (CountState.COUNTING, {}),
    "Approve": (CountState.SUBMITTED, {}),
    "Reject": (CountState.SUBMITTED, {}),
}
LINES = [{"sku": SKU, "quantity": 1}]
TRANSFER_STEPS = {
    "Request": (TransferState.DRAFT, {}),
    "Approve": (TransferState.REQUESTED, {}),
    "Reject": (TransferState.REQUESTED, {}),
    "Cancel": (TransferState.REQUESTED, {}),
    "Pick": (TransferState.APPROVED, {"lines": LINES}),
    "Ship": (TransferState.PICKED, {}),
    "Receive": (TransferState.IN_TRANSIT, {"lines": LINES}),
    "Close": (TransferState.RECEIVED, {}),
}
TASKS = """storeTasks(location: "SH001", first: 9) { kind dueAt since location { code } subject {
    __typename id ... on StockCount { note } ... on Transfer { lines { sku } } ... on Reservation { reference } } }"""


def mutation(field: str, answer: str, input: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A mutation and its variables."""
    kind = f"{field[0].upper()}{field[1:]}Input"
    text = f"mutation ($input: {kind}!) {{ {field}(input: $input) {{ {answer} userErrors {{ code message }} }} }}"
    return text, {"input": {"idempotencyKey": field, **input}}


def _id(kind: str, state: CountState | TransferState) -> str:
    return resolvers.ids.encode(kind, state.value)


OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "stockCount": (f"query ($id: ID!) {{ {COUNT.replace('stockCount', 'stockCount(id: $id)', 1)} }}", {
        "id": _id("StockCount", CountState.SUBMITTED)
    }),
    "stockCountOpen": mutation("stockCountOpen", COUNT, {"location": FROM, "skus": [SKU], "note": "盘点"}),
    **{
        f"stockCount{step}": mutation(f"stockCount{step}", COUNT, {"stockCount": _id("StockCount", state), **more})
        for step, (state, more) in COUNT_STEPS.items()
    },
    "transfer": (f"query ($id: ID!) {{ {TRANSFER.replace('transfer', 'transfer(id: $id)', 1)} }}", {
        "id": _id("Transfer", TransferState.IN_TRANSIT)
    }),
    "transferCreate": mutation("transferCreate", TRANSFER, {
        "fromLocation": FROM, "toLocation": TO, "lines": LINES, "expectedAt": "2026-11-23T10:00:00+08:00"
    }),
    **{
        f"transfer{step}": mutation(f"transfer{step}", TRANSFER, {"transfer": _id("Transfer", state), **more})
        for step, (state, more) in TRANSFER_STEPS.items()
    },
    "storeTasks": (f"{{ {TASKS} }}", {}),
}  # fmt: skip


async def plant(store: Store) -> None:
    """A count and a transfer in every state, each called by it."""
    tally = Tally(SKU, "pda-1", 4, NOW)
    async with store.work() as work:
        for state in CountState:
            counted = StockCount(state.value, FROM, state, (), "盘点", "a-1", NOW)
            await work.counts.write(counted, () if state is CountState.OPEN else [tally])
        for at in TransferState:
            is_sent = at in (TransferState.IN_TRANSIT, TransferState.RECEIVED)
            line = TransferLine(SKU, 1, picked=1, shipped=int(is_sent))
            await work.transfers.write(Transfer(at.value, FROM, TO, at, (line,), "调货", "a-1", NOW, NOW))
