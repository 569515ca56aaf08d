"""Members, in GraphQL's words. Other topics give a member their own fields, each by a mixin in its own file."""

from datetime import datetime

import strawberry

import domain.members
import resolvers.member_search
import resolvers.members
from domain.members import MemberStatus
from domain.viewers import Scope
from resolvers.member_search import MAX_FOUND
from resolvers.paging import Connection, Edge
from schema.base import Argument, batch, enum, plain, view
from schema.consents import ConsentedMember
from schema.locations import Location
from schema.merging import MergedMember
from schema.node import Node, global_id
from schema.paging import AFTER, PageInfo
from schema.personal import PersonalMember

enum(
    MemberStatus,
    "How far somebody is a member.",
    PROSPECT="Has bought, and has not joined.",
    ACTIVE="Has joined.",
    BLOCKED="May neither earn nor redeem.",
    ERASED="Asked to be forgotten; nothing personal is kept.",
)


@view(domain.members.Member, description="One person, whatever the channel (会员).")
class Member(Node, PersonalMember, ConsentedMember, MergedMember):
    id: strawberry.ID = global_id("Member", resolvers.members.members_by_ids)
    code: str = plain("The number on their card, and in their QR code.")
    status: MemberStatus = plain("How far they are a member.")
    registration_source: str = plain("How they came to us, such as IMPORT or STORE.")
    home_location: Location | None = batch(
        resolvers.members.homes_of, description="Their store; null if they have none."
    )
    created_at: datetime = plain("Since when they are known, in UTC.")


@view(Edge, description="A member and where to go on after them.")
class MemberEdge:
    node: Member = plain("The member.")
    cursor: str = plain("Where to go on after them.")


@view(Connection, description="A page of members.")
class MemberConnection:
    nodes: list[Member] = plain("The members.")
    edges: list[MemberEdge] = plain("The same, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@strawberry.type
class MemberQuery:
    me: Member | None = batch(resolvers.members.me, description="Who you are; null if you are no member.")
    member: Member | None = batch(
        resolvers.members.member,
        description="One member by id; null if there is none that you may see. An associate sees their own clients, "
        "and who visited their store of late; each look is written down.",
        id=Argument("Their id.", strawberry.ID),
    )
    member_search: MemberConnection = batch(
        resolvers.member_search.search,
        description="Members by the last four digits of a phone, a whole phone, a card, or the code they show, those "
        "that you may see, in the order of their ids. An associate finds their own clients and who visited their "
        "store of late.",
        scope=Scope.MEMBERS_READ,
        text="What was said, typed or scanned; it must be all of it, but for a phone's last four digits.",
        first=f"How many at most, 1 to {MAX_FOUND}; otherwise error PAGE_SIZE.",
        after=AFTER,
    )
