"""Whoever may not see a member is answered, byte for byte, as if there were none; and so is who fishes for names."""

import json
from typing import Any

import pytest

import schema.build
from datasources.store.store import Store
from domain.viewers import GUEST, SCOPES_OF_ROLE, Role, Viewer
from resolvers import ids
from tests import builders
from tests.builders import ASSOCIATE
from tests.people import look_after
from tests.schema import member_operations
from tests.schema.member_operations import MERGED, WAITING, node, operations
from tests.schema.store_operations import mutation
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
STRANGERS = {
    "guest": GUEST,
    "another member": Viewer("m-5", Role.MEMBER, SCOPES_OF_ROLE[Role.MEMBER]),
    "an associate of another store": ASSOCIATE,
    "a member who is none": Viewer("nobody", Role.MEMBER, SCOPES_OF_ROLE[Role.MEMBER]),
    "an associate of no store": Viewer("a-9", Role.ASSOCIATE, SCOPES_OF_ROLE[Role.ASSOCIATE]),
}
NONE = node("Member", "no-such")


@pytest.fixture
async def people(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [builders.shop("SH001"), builders.shop("SH002")])
    await member_operations.plant(store)
    await look_after(store, "bob", "m-1", location="SH002")
    return store


async def said(store: Store, viewer: Viewer, operation: str, variables: dict[str, Any]) -> str:
    """The whole answer as text."""
    done = await GRAPH.execute(operation, variable_values=variables, context_value=asked(store, viewer=viewer))
    errors = [error.formatted for error in done.errors or []]
    return json.dumps({"data": done.data, "errors": errors}, ensure_ascii=False)


REAL = operations(
    node("Member", "m-1"),
    node("Member", "m-2"),
    merge=node("MemberMerge", MERGED),
    case=node("MemberMergeCase", WAITING),
)
FAKE = operations(NONE, NONE, merge=node("MemberMerge", "no-such"), case=node("MemberMergeCase", "no-such"))


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("field", [*REAL, "node"])
async def test_another_s_id_is_answered_as_one_that_does_not_exist(people: Store, who: str, field: str) -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {"node": ("query ($id: ID!) { node(id: $id) { id } }", {})}
    answers = []
    for known, id in ((REAL, node("Member", "m-1")), (FAKE, NONE)):
        operation, variables = (known | nodes)[field]
        given = variables or {"id": id}
        answers.append((await said(people, STRANGERS[who], operation, given)).replace(id, "ID"))
    assert answers[0] == answers[1]
    assert "m-1" not in answers[0]
    assert ids.encode("Member", "m-1") not in answers[0]


@pytest.mark.parametrize("kind", ["MemberMerge", "MemberMergeCase"])
@pytest.mark.parametrize("who", STRANGERS)
async def test_what_was_merged_is_nobody_s_business(people: Store, who: str, kind: str) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } }"
    keys = {"MemberMerge": MERGED, "MemberMergeCase": WAITING}
    answers = [await said(people, STRANGERS[who], query, {"id": node(kind, key)}) for key in (keys[kind], "no-such")]
    assert answers[0] == answers[1] == '{"data": {"node": null}, "errors": []}'


@pytest.mark.parametrize("text", ["4321", "13912344321", "VIP00123456", "C-m-1"])
@pytest.mark.parametrize("who", STRANGERS)
async def test_who_searches_for_another_s_clients_finds_what_they_find_of_nobody(
    people: Store, who: str, text: str
) -> None:
    query = "query ($text: String!) { memberSearch(text: $text) { nodes { id } pageInfo { endCursor hasNextPage } } }"
    answers = [await said(people, STRANGERS[who], query, {"text": sought}) for sought in (text, "9999")]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("who", ["another member", "an associate of another store"])
async def test_whose_phone_a_number_is_nobody_learns_by_linking_it(people: Store, who: str, verified: bool) -> None:
    """A number of m-1's, and one that is nobody's: both end in what was typed, and nothing else differs."""
    viewer = STRANGERS[who]
    await look_after(people, viewer.id, "m-5", location="SH001") if viewer.role is Role.ASSOCIATE else None
    answers = []
    for number in ("13912344321", "13912349999"):
        wish = {"member": node("Member", "m-5"), "type": "PHONE", "value": number, "isVerified": verified}
        link, variables = mutation(
            "memberIdentifierLink", "isQueued member { id identifiers { type isVerified } }", wish
        )
        variables["input"]["idempotencyKey"] = number
        answers.append(await said(people, viewer, link, variables))
        gone = {key: value for key, value in wish.items() if key != "isVerified"}
        unlink, variables = mutation("memberIdentifierUnlink", "member { id }", gone)
        variables["input"]["idempotencyKey"] = f"un{number}"
        answers.append(await said(people, viewer, unlink, variables))
    assert answers[:2] == answers[2:]


async def test_their_own_associate_sees_them_and_not_what_they_do_not_share(people: Store) -> None:
    bob = Viewer("bob", Role.ASSOCIATE, SCOPES_OF_ROLE[Role.ASSOCIATE], location_id="SH002")
    query = "query ($id: ID!) { member(id: $id) { code profile { name isMasked } identifiers { value } } }"
    answer = json.loads(await said(people, bob, query, {"id": node("Member", "m-1")}))
    assert answer["data"]["member"] == {
        "code": "C-m-1",
        "profile": {"name": "", "isMasked": True},
        "identifiers": [{"value": "****3456"}, {"value": "139****4321"}],
    }
