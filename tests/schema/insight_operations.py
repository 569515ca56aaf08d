"""One operation for each thing that is asked of what is known of members, or said of them, whoever asks."""

from typing import Any

import resolvers.rfm
from datasources.store.store import Store
from domain.consents import Purpose
from domain.viewers import Viewer
from tests.builders import MEMBER, NOW
from tests.people import consent, keep, order
from tests.schema.member_operations import ONE, node
from tests.schema.store_operations import mutation

MONEY = "{ amount currencyCode }"
TIER = f"code name threshold {MONEY} multiplier entitlements {{ code name kind uses days }}"
KNOWN = f"""code
    tier {{ {TIER} }}
    tierProgress {{
      qualifying {MONEY} next {{ code }} missing {MONEY} toKeep {MONEY} holdsUntil isInGrace }}
    entitlements {{ entitlement {{ code }} left againAt }}
    tags {{ dimension path value source confidence setAt expiresAt }}
    wishlist(first: 5) {{ nodes {{ sku addedAt variant {{ sku }} }} pageInfo {{ hasNextPage endCursor }} }}
    rfm {{
      r f m segment {{ bits name }} quintiles {{ recency frequency monetary }} recencyDays orders amount {MONEY} asOf }}
    lifetimeValue {{ historic {MONEY} orders averageOrder {MONEY} ordersPerYear forecast {MONEY} }}"""
OBSERVED = "recentlyViewed(first: 5) { id } behaviour(first: 5) { kind occurredAt sku sizes text product { id } }"
WHO = f"member {{ {KNOWN} }}"
OWN = "member { code wishlist { nodes { sku } } }"
TAG = {"dimension": "CONSUMPTION", "path": "Style/Natural"}
VIEWERS: dict[str, Viewer] = {"wishlistAdd": MEMBER, "wishlistRemove": MEMBER}


def operations(member: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every way in that names a member, of this one."""
    own = {"member": member}
    track, tried = mutation(
        "behaviourTrack",
        "results { index status errors { code message path } }",
        {"events": [{**own, "eventId": "1", "kind": "TRY_ON", "sku": "DJ01-L", "sizes": ["L", "M"]}]},
    )
    del tried["input"]["idempotencyKey"]
    return {
        "entitlementUse": mutation("entitlementUse", WHO, {**own, "entitlement": "gift-wrapping"}),
        "tierGrant": mutation("tierGrant", WHO, {**own, "tier": "gold", "until": "2027-01-01T00:00:00Z"}),
        "memberTagSet": mutation("memberTagSet", WHO, {**own, "tags": [TAG]}),
        "memberTagRemove": mutation("memberTagRemove", WHO, {**own, "tags": [TAG]}),
        "behaviourTrack": (track, tried),
    }


OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    **operations(node("Member", ONE)),
    "wishlistAdd": mutation("wishlistAdd", OWN, {"sku": "DJ01-L"}),
    "wishlistRemove": mutation("wishlistRemove", OWN, {"sku": "DJ01-L"}),
    "members": (
        f"""{{ members(segment: "111", tier: "member", marketing: false, first: 5) {{
            nodes {{ {KNOWN} {OBSERVED} }} edges {{ cursor }} pageInfo {{ hasNextPage }} }} }}""",
        {},
    ),
    "tiers": (f"{{ tiers {{ {TIER} }} }}", {}),
    "rfmSegments": (
        f"""{{ rfmSegments {{
            cells {{ segment {{ bits name }} members }} members recencyDays orders amount {MONEY} asOf }} }}""",
        {},
    ),
    "repurchaseRate": (
        """{ repurchaseRate(from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z") {
            rate members returning } }""",
        {},
    ),
}


async def plant(store: Store) -> None:
    """Of two members who are there already one has bought, and lets us keep what they do."""
    await keep(store, orders=[order("bought", ONE, 5_000, at=NOW)])
    async with store.work() as work:
        await work.consents.write({ONE: [consent(Purpose.PROFILING)]})
    await resolvers.rfm.recompute(store.rfm, NOW)
