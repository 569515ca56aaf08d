"""One operation for each way into the ledger, with everything that it can be asked for; see `test_graph`."""

from typing import Any

LEVEL = """sku locationCode location { code } variant { sku } onHand available committed held unsellable damaged
    qualityControl display inTransitIn inTransitOut oversoldBy version asOf receivedAt countedAt source
    terms { channel safety quota quotaLeft } inbound { reference quantity expectedAt location { code } variant { sku } }
    quantities { name quantity }"""
LEVELS = "query ($skus: [String!]!, $locations: [ID!]!) { inventoryLevels(skus: $skus, locations: $locations) { %s } }"
HERE = {"sku": "DJ01-L", "location": "SH001"}
TOMORROW = "2026-11-22T12:00:00+08:00"

OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "inventoryLevels": (LEVELS % LEVEL, {"skus": ["DJ01-L"], "locations": ["SH001"]}),
    "inventoryMove": (
        """mutation ($input: InventoryMoveInput!)
        { inventoryMove(input: $input) { results { status level { damaged } } userErrors { code } } }""",
        {
            "input": {
                "items": [{**HERE, "quantity": 1, "from": "SELLABLE", "to": "DAMAGED", "eventId": "m"}],
                "idempotencyKey": "move",
            }
        },
    ),
    "inventoryTermsSet": (
        """mutation ($input: InventoryTermsSetInput!)
        { inventoryTermsSet(input: $input) { levels { terms { channel quotaLeft } } userErrors { code } } }""",
        {"input": {"items": [{**HERE, "channel": "APP", "safety": 1, "quota": 3}], "idempotencyKey": "terms"}},
    ),
    "inventoryInboundSet": (
        """mutation ($input: InventoryInboundSetInput!) { inventoryInboundSet(input: $input) {
            inbound { reference quantity expectedAt location { code } variant { sku } } userErrors { code } } }""",
        {
            "input": {
                "items": [{**HERE, "reference": "PO-1", "quantity": 5, "expectedAt": TOMORROW}],
                "idempotencyKey": "inbound",
            }
        },
    ),
}
