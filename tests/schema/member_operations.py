"""One operation for each thing that is asked of members or done to them, whoever they are and whoever asks."""

from dataclasses import replace
from typing import Any

import resolvers.ids
import resolvers.merge_cases
from datasources.store.store import Store
from domain.members import IdentifierType
from domain.merging import MergeCase, Obstacle
from domain.viewers import Viewer
from resolvers.merge_cases import Ask
from tests.builders import INTEGRATOR, MEMBER, NOW
from tests.people import identifier, keep, member
from tests.schema.store_operations import mutation
from tests.worlds import asked

ONE, OTHER = MEMBER.id, "m-2"
EVIDENCE = {"version": "v1", "place": "SH001", "textHash": "f00d"}
FIELDS = """id code status registrationSource createdAt homeLocation { code }
    profile { name gender birthday birthdayFrozenUntil isMasked }
    identifiers { type value realm isVerified source linkedAt isMasked }
    contactPreference { channel language quietFrom quietUntil }
    consents { purpose channel state version at place textHash } consentHistory { state }"""
WHO = f"member {{ {FIELDS} }}"
CASE = """case { id members { id } obstacle seenAt openedAt decision decidedAt decidedBy }"""
MERGE = """merge { id member { id } absorbed { id } mergedAt mergedBy reversibleUntil undoneAt }"""
PHONE = {"type": "PHONE", "value": "138 0013 8000"}
MERGED, WAITING = "merged", "waiting"
VIEWERS: dict[str, Viewer] = {"me": MEMBER}


def node(kind: str, key: str) -> str:
    """The global id of an object."""
    return resolvers.ids.encode(kind, key)


def operations(one: str, other: str, *, merge: str, case: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every way in that names members, of these two."""
    own = {"member": one}
    return {
        "member": (f"query ($id: ID!) {{ member(id: $id) {{ {FIELDS} }} }}", {"id": one}),
        "memberUpdate": mutation("memberUpdate", WHO, {**own, "profile": {"name": "王芳", "birthday": "1990-05-01"}}),
        "memberIdentifierLink": mutation("memberIdentifierLink", f"{WHO} isQueued", {**own, **PHONE}),
        "memberIdentifierUnlink": mutation(
            "memberIdentifierUnlink", WHO, {**own, "type": "CARD", "value": "VIP00123456"}
        ),
        "memberErase": mutation("memberErase", WHO, own),
        "memberBlock": mutation("memberBlock", WHO, own),
        "memberUnblock": mutation("memberUnblock", WHO, own),
        "consentGrant": mutation(
            "consentGrant", WHO, {**own, "purpose": "MARKETING", "channel": "SMS", "evidence": EVIDENCE}
        ),
        "consentWithdraw": mutation("consentWithdraw", WHO, {**own, "purpose": "PROFILING", "evidence": EVIDENCE}),
        "memberMerge": mutation("memberMerge", f"{MERGE} {CASE}", {**own, "other": other}),
        "memberUnmerge": mutation("memberUnmerge", f"{MERGE} {CASE}", {"merge": merge}),
        "memberMergeResolve": mutation(
            "memberMergeResolve", f"{MERGE} {CASE}", {"case": case, "decision": "KEPT_APART"}
        ),
    }


OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    **operations(
        node("Member", ONE),
        node("Member", OTHER),
        merge=node("MemberMerge", MERGED),
        case=node("MemberMergeCase", WAITING),
    ),
    "me": (f"{{ me {{ {FIELDS} }} }}", {}),
    "memberSearch": (f'{{ memberSearch(text: "4321", first: 5) {{ edges {{ cursor node {{ {FIELDS} }} }} }} }}', {}),
    "memberMergeQueue": (
        f"{{ memberMergeQueue(first: 9) {{ nodes {{ {CASE[6:-1]} }} pageInfo {{ endCursor }} }} }}",
        {},
    ),
    "memberRegister": mutation(
        "memberRegister",
        WHO,
        {"consent": EVIDENCE, "identifiers": [PHONE], "registrationSource": "STORE", "homeLocation": "SH001"},
    ),
}


async def plant(store: Store) -> None:
    """Two members, one of them with a card; two who were one, and a case that waits."""
    card = identifier(IdentifierType.CARD, "VIP00123456")
    phone = identifier(IdentifierType.PHONE, "+8613912344321")
    other = identifier(IdentifierType.PHONE, "+8613912345678")
    await keep(store, member(ONE, identifiers=(card, phone)), member(OTHER), member("m-3"), member("m-4"))
    await keep(store, member("m-5", identifiers=(other,)))
    await resolvers.merge_cases.merge(asked(store, viewer=INTEGRATOR), Ask("m-3", "m-4", "plant"))
    (merge,) = (await store.merges.into({"m-3"}, limit=1))["m-3"]
    async with store.work() as work:
        await work.merges.write_merge(replace(merge, id=MERGED))
        case = MergeCase(WAITING, ONE, "m-5", Obstacle.DIFFERENT_PHONES, NOW, NOW)
        await work.merges.write_case(case)
