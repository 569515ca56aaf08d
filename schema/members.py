"""Members, in GraphQL's words. Other topics give a member their own fields, each by a mixin in its own file."""

from datetime import datetime

import strawberry

import domain.members
import resolvers.members
from domain.members import MemberStatus
from schema.base import Argument, batch, enum, plain, view
from schema.node import Node, global_id

enum(
    MemberStatus,
    "How far somebody is a member.",
    PROSPECT="Has bought, and has not joined.",
    ACTIVE="Has joined.",
    BLOCKED="May neither earn nor redeem.",
    ERASED="Asked to be forgotten; nothing personal is kept.",
)


@view(domain.members.Member, description="One person, whatever the channel (会员).")
class Member(Node):
    id: strawberry.ID = global_id("Member", resolvers.members.members_by_ids)
    code: str = plain("The number on their card, and in their QR code.")
    status: MemberStatus = plain("How far they are a member.")
    registration_source: str = plain("How they came to us, such as IMPORT or STORE.")
    created_at: datetime = plain("Since when they are known, in UTC.")


@strawberry.type
class MemberQuery:
    me: Member | None = batch(resolvers.members.me, description="Who you are; null if you are no member.")
    member: Member | None = batch(
        resolvers.members.member,
        description="One member by id; null if there is none that you may see. An associate sees their own clients, "
        "and who visited their store of late; each look is written down.",
        id=Argument("Their id.", strawberry.ID),
    )
