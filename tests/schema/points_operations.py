"""One operation for each thing that is asked of points, rewards and store credit, or done with them."""

from typing import Any

from datasources.store.store import Store
from domain.channels import Channel
from domain.earning import Deduction
from domain.facts import Fact, Kind
from domain.rewards import Redemption, Reward, RewardKind
from resolvers import ids
from resolvers.points_spending import frozen
from tests.builders import MEMBER, NOW
from tests.resolvers.points_told import CREDIT, earned, tell
from tests.schema.store_operations import mutation

OWN = {"member": ids.encode("Member", MEMBER.id)}
MOVED = "points balance { active }"
PAID = f"value {{ amount }} {MOVED}"
CREDITED = "value { amount } storeCredit { available { amount } }"
SPENT = {"points": 10, "amount": "90.00"}

OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "rewards": ("{ rewards { code title cost programme { code } } }", {}),
    "pointsPreview": (
        'query ($member: ID!) { pointsPreview(member: $member, amount: "9.00") { points value { amount } earned } }',
        OWN,
    ),
    "pointsEarn": mutation("pointsEarn", MOVED, {**OWN, "order": "o9", "amount": "80.00"}),
    "pointsActivate": mutation("pointsActivate", MOVED, {**OWN, "order": "o1"}),
    "pointsReverse": mutation("pointsReverse", MOVED, {**OWN, "order": "o1", "ref": "return"}),
    "pointsAdjust": mutation("pointsAdjust", MOVED, {**OWN, "points": -3, "reason": "a mistake"}),
    "pointsFreeze": mutation("pointsFreeze", PAID, {**OWN, **SPENT, "ref": "f"}),
    "pointsRedeem": mutation("pointsRedeem", PAID, {**OWN, **SPENT, "ref": "r"}),
    "pointsCapture": mutation("pointsCapture", MOVED, {**OWN, "ref": "cart"}),
    "pointsUnfreeze": mutation("pointsUnfreeze", MOVED, {**OWN, "ref": "cart"}),
    "rewardSave": mutation("rewardSave", "reward { code }", {"code": "tea", "kind": "GIFT", "title": "Tea", "cost": 5}),
    "rewardRedeem": mutation("rewardRedeem", "redemption { code reward { title } }", {**OWN, "reward": "mug"}),
    "rewardFulfil": mutation("rewardFulfil", "redemption { isFulfilled }", {"code": "C0DE"}),
    "storeCreditIssue": mutation(
        "storeCreditIssue", CREDITED, {**OWN, "amount": "5.00", "ref": "back", "reason": "a return"}
    ),
    "storeCreditSpend": mutation("storeCreditSpend", CREDITED, {**OWN, "amount": "5.00", "ref": "buy"}),
}


async def plant(store: Store) -> None:
    """A member with points, some of them frozen, with credit, a reward, and one that waits to be handed over."""
    held = frozen("cart", NOW, Deduction(20, 20), is_paid=False)[0]
    await tell(store, MEMBER.id, *earned("o1", 500), held)
    await tell(store, MEMBER.id, Fact(Kind.ADJUST, "gift", NOW, amount=9_000), programme=CREDIT)
    mug = Reward("mug", RewardKind.GIFT, "A mug", "points", 30)
    won = Redemption("won", "C0DE", "mug", MEMBER.id, "points", 30, Channel.POS, NOW)
    async with store.work() as work:
        await work.rewards.write(mug)
        await work.rewards.write_redemption(won)
