"""Audiences, in GraphQL's words: the members to whom something applies."""

import strawberry

import resolvers.audience
from domain.viewers import Scope
from schema.base import batch
from schema.members import MemberConnection
from schema.paging import AFTER, FIRST


@strawberry.type
class AudienceQuery:
    members: MemberConnection = batch(
        resolvers.audience.audience,
        description="Members to whom all of this applies, in the order of their ids; what is left out does not matter. "
        "A page that had to look through many may be short, even empty, and have a next one.",
        scope=Scope.ANALYTICS_READ,
        segment="The three bits of an RFM segment, such as 111.",
        tag="A path of tags: who has a tag on it or below it.",
        tier="The code of a tier.",
        marketing="True: only those who have granted MARKETING.",
        first=FIRST,
        after=AFTER,
    )
