"""Merging, in GraphQL's words. Who is one person stands in `domain/merging.py`."""

from datetime import datetime

import strawberry

import domain.merging
import resolvers.merge_cases
from domain.merging import REVERSIBLE_FOR, Decision, Obstacle
from domain.viewers import Scope
from resolvers.merge_cases import MERGES, Answer, Ask, Resolve, Undo
from resolvers.paging import Connection, Edge
from schema.base import batch, derived, enum, plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.node import Node, global_id
from schema.paging import AFTER, FIRST, PageInfo
from schema.references import MemberReference
from schema.refusals.base import UserError

enum(
    Obstacle,
    "Why a merge waits for a person's word.",
    name="MergeObstacle",
    DIFFERENT_PHONES="Both have a verified phone.",
    BLOCKED_MEMBER="One of them is blocked, and a merge might lift that.",
    TAKEN_APART="They were merged, and taken apart again.",
)
enum(
    Decision,
    "What a person decided of a merge that waited.",
    name="MergeDecision",
    MERGED="They are one person, whatever speaks against it.",
    KEPT_APART="They are two, whatever they share: no shared identifier merges them.",
)


@view(domain.merging.Merge, description="Two records of one person that were made one.")
class MemberMerge(Node):
    id: strawberry.ID = global_id("MemberMerge", resolvers.merge_cases.merges_by_ids)
    member: MemberReference | None = batch(
        resolvers.merge_cases.survivors_of, description="Who went on; null if they are not there any more."
    )
    absorbed: MemberReference | None = batch(
        resolvers.merge_cases.absorbed_of,
        description="Who went into them: `member` itself while the merge stands, the other again once it is undone.",
    )
    merged_at: datetime = plain("When, in UTC.", attribute="at")
    merged_by: str = plain("Who did it, or linked what made them one: the subject of their token.", attribute="by")
    reversible_until: datetime = derived(
        lambda merge: merge.at + REVERSIBLE_FOR, description="Until when it can be undone, in UTC."
    )
    undone_at: datetime | None = plain("When it was undone, in UTC; null if it stands.")


@view(domain.merging.MergeCase, description="Two members who seem to be one, of whom a person must decide.")
class MemberMergeCase(Node):
    id: strawberry.ID = global_id("MemberMergeCase", resolvers.merge_cases.cases_by_ids)
    members: list[MemberReference] = batch(
        resolvers.merge_cases.members_of, description="Both, as they are now: one where they were merged."
    )
    obstacle: Obstacle = plain("Why they were not merged at once.")
    seen_at: datetime = plain("When they were seen as one, in UTC.")
    opened_at: datetime = plain("Since when it waits, in UTC.")
    decision: Decision | None = plain("What was decided; null while it waits.")
    decided_at: datetime | None = plain("When, in UTC; null while it waits.")
    decided_by: str | None = plain("By whom: the subject of their token; null while it waits.")


@view(Edge, description="A case and where to go on after it.")
class MemberMergeCaseEdge:
    node: MemberMergeCase = plain("The case.")
    cursor: str = plain("Where to go on after it.")


@view(Connection, description="A page of cases.")
class MemberMergeCaseConnection:
    nodes: list[MemberMergeCase] = plain("The cases.")
    edges: list[MemberMergeCaseEdge] = plain("The same, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@strawberry.type
class MergedMember:
    """The part of a member that merging contributes."""

    merges: list[MemberMerge] = batch(
        resolvers.merge_cases.merges_into,
        description=f"What was merged into them and still is, the newest first, at most {MERGES}.",
        scope=Scope.MEMBERS_MERGE,
    )


@input(Ask, description="Two members who are one person.")
class MemberMergeInput:
    member: strawberry.ID = strawberry.field(description="One of them.")
    other: strawberry.ID = strawberry.field(description="The other. The oldest ACTIVE one goes on, whichever it is.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(Undo, description="Which merge is to be taken back.")
class MemberUnmergeInput:
    merge: strawberry.ID = strawberry.field(description="Its id.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(Resolve, description="What a person decides.")
class MemberMergeResolveInput:
    case: strawberry.ID = strawberry.field(description="Of which case.")
    decision: Decision = strawberry.field(description="Whether they are one person.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class _Answer:
    merge: MemberMerge | None = plain("The merge; null where it was refused, or waits.")
    case: MemberMergeCase | None = plain("The case, where a person had to decide, or must.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(Answer, description="What was merged, or waits for a person.")
class MemberMergePayload(_Answer):
    pass


@view(Answer, description="What was taken back.")
class MemberUnmergePayload(_Answer):
    pass


@view(Answer, description="What was decided.")
class MemberMergeResolvePayload(_Answer):
    pass


@strawberry.type
class MergeQuery:
    member_merge_queue: MemberMergeCaseConnection = batch(
        resolvers.merge_cases.queue,
        description="What waits for a person's word, the oldest first.",
        scope=Scope.MEMBERS_MERGE,
        first=FIRST,
        after=AFTER,
    )


@strawberry.type
class MergeMutation:
    member_merge: MemberMergePayload = command(
        resolvers.merge_cases.merge,
        description="Make two members one in everything: what they are called, their points, orders, consents. Where "
        "both have a verified phone, or one is blocked, it waits for `memberMergeResolve`.",
        input=MemberMergeInput,
        scope=Scope.MEMBERS_MERGE,
    )
    member_unmerge: MemberUnmergePayload = command(
        resolvers.merge_cases.unmerge,
        description="Take a merge back, within 30 days: each is as they were; what came since stays with who went on.",
        input=MemberUnmergeInput,
        scope=Scope.MEMBERS_MERGE,
    )
    member_merge_resolve: MemberMergeResolvePayload = command(
        resolvers.merge_cases.resolve,
        description="Decide a case that waits.",
        input=MemberMergeResolveInput,
        scope=Scope.MEMBERS_MERGE,
    )
