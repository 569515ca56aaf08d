"""The page on reservations tells front-end developers what works: its operations are sent, one after another."""

import json
import re
from typing import Any

import datasources.demo.products
from domain.reservations import ReservationKind
from domain.viewers import Role
from tests.house import tree
from tests.web.front import Front

PAGE = (tree.ROOT / "docs" / "reservations.md").read_text(encoding="utf-8")
SKU = "DJ01-BLK-L"
SHOWN = re.findall(r"^```graphql\n(.*?)^```\n\n```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_what_the_page_shows_works_in_its_order(front: Front) -> None:
    """Where it names a sku of the demo, our small shop has another."""
    told: list[dict[str, Any]] = []
    for operation, variables in SHOWN:
        input = json.loads(variables.replace(SKU, "DJ01-L"))["input"]
        if told:
            input["reservation"] = told[0]["id"]
        (payload,) = front.ask(operation, role=Role.MEMBER, input=input)["data"].values()
        assert payload["userErrors"] == []
        told.append(payload["reservation"])
    kept, longer, paid = told
    assert (kept["state"], paid["state"]) == ("ACTIVE", "CONFIRMED")
    assert kept["expiresAt"] <= longer["expiresAt"] <= kept["extendableUntil"]


def test_the_page_names_a_sku_that_the_demo_sells() -> None:
    assert f'"sku": "{SKU}"' in PAGE
    assert any(SKU in style.skus for style in datasources.demo.products.styles())


def test_the_page_names_every_kind() -> None:
    assert set(re.findall(r"^\| `([A-Z]+(?:_[A-Z]+)?)` \|", PAGE.split("## ")[0], re.MULTILINE)) == {
        kind.value for kind in ReservationKind
    }
