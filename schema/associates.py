"""Associates, in GraphQL's words."""

import strawberry

import domain.associates
import resolvers.associates
from domain.associates import AssociateRole
from domain.viewers import Scope
from resolvers.associates import MOST_AT_A_STORE, Answer, Employ
from schema.base import Argument, batch, enum, plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.locations import Location
from schema.node import Node, global_id
from schema.refusals.base import UserError

enum(
    AssociateRole,
    "What somebody does in a store.",
    GUIDE="Serves members (导购).",
    MANAGER="Runs the store (店长).",
)


@view(domain.associates.Associate, description="Somebody who works at a store and serves members there (导购).")
class Associate(Node):
    id: strawberry.ID = global_id("Associate", resolvers.associates.associates_by_ids)
    code: str = plain("The merchant's own code; the subject of their token.", attribute="id")
    name: str = plain("What they are called.")
    location: Location | None = batch(resolvers.associates.location_of, description="Where they work.")
    role: AssociateRole = plain("What they do there.")
    is_active: bool = plain("False once they have left; what they did stays theirs.")
    we_com_user_id: str | None = plain("Their id at WeCom (企业微信); null if unknown.", attribute="wecom_user_id")


@input(Employ, description="Who somebody is, and where they work.")
class AssociateUpsertInput:
    associate: strawberry.ID = strawberry.field(
        description="The merchant's own code, which their tokens carry as subject; or the id of one who is known."
    )
    name: str = strawberry.field(description="What they are called.")
    location: strawberry.ID = strawberry.field(description="Id or code of the store where they work.")
    we_com_user_id: str | None = strawberry.field(default=None, description="Their id at WeCom; null: none is known.")
    role: AssociateRole = strawberry.field(default=AssociateRole.GUIDE, description="What they do there.")
    is_active: bool = strawberry.field(
        default=True, description="False: they have left. Hand their clients over first, or whoever scans takes them."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@view(Answer, description="Who they are now.")
class AssociateUpsertPayload:
    associate: Associate | None = plain("As they are now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class AssociateQuery:
    associates: list[Associate] = batch(
        resolvers.associates.working_at,
        description=f"Who works at a store now, by code, at most {MOST_AT_A_STORE}.",
        scope=Scope.MEMBERS_READ,
        location=Argument("Id or code of the store; an associate's own.", strawberry.ID),
    )


@strawberry.type
class AssociateMutation:
    associate_upsert: AssociateUpsertPayload = command(
        resolvers.associates.put,
        description="Write down who works where, whether they are new or not; what they sign in with stays.",
        input=AssociateUpsertInput,
        scope=Scope.CLIENTS_ADMIN,
    )
