"""Clients, in GraphQL's words: who looks after whom, who came in, and all of it on one page for the tablet."""

from datetime import datetime

import strawberry

import domain.bindings
import domain.client_notes
import domain.visits
import resolvers.associates
import resolvers.client_notes
import resolvers.client_view
import resolvers.clients
import resolvers.lines
import resolvers.visits
from domain.bindings import BindingSource
from domain.viewers import Scope
from resolvers.client_view import MAX_NOTES, ClientView
from resolvers.clients import Bind, HandOver
from resolvers.paging import Connection, Edge
from resolvers.visits import MOST, CheckIn, Update
from schema.associates import Associate
from schema.base import Argument, batch, enum, plain, subscription, view
from schema.client_tasks import ClientTask
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.locations import Location
from schema.paging import AFTER, FIRST, PageInfo
from schema.references import MemberReference
from schema.refusals.base import UserError
from schema.reservations import Reservation

enum(
    BindingSource,
    "How somebody became a client.",
    SCAN="An associate scanned their code or card.",
    REGISTRATION="An associate led them to join.",
    ASSIGNMENT="The merchant decided it, or they were handed over.",
)
_CODE = "What was scanned: the member's code, or the number of a card of theirs."


@view(domain.bindings.Binding, description="A member who is an associate's client (客户绑定).")
class ClientBinding:
    member: MemberReference | None = batch(
        resolvers.clients.member_of, description="Who; null if you may not see them any more."
    )
    associate: Associate | None = batch(resolvers.associates.associate_of, description="Whose client they are.")
    source: BindingSource = plain("How they became it.")
    since: datetime = plain("Since when, in UTC.")
    valid_until: datetime = plain("Until when what they buy counts for the associate, in UTC; contact renews it.")
    protected_until: datetime = plain("Until when no other associate can take them over, in UTC; contact renews it.")


@strawberry.type
class ClientMember:
    """What a member has of whoever looks after them: `schema.members.Member` is one."""

    bound_to: ClientBinding | None = batch(
        resolvers.clients.bound_to, description="Who looks after them now; null if nobody does."
    )
    last_visit_at: datetime | None = batch(
        resolvers.visits.last_visit_at,
        description="When they were last seen in a store, in UTC; for an associate, in their own. Null if never.",
    )


@view(Edge, description="A client in a list.")
class ClientBindingEdge:
    node: ClientBinding = plain("The client.")
    cursor: str = plain("Go on after it with this.")


@view(Connection, description="A page of clients.")
class ClientBindingConnection:
    nodes: list[ClientBinding] = plain("The clients.")
    edges: list[ClientBindingEdge] = plain("The clients, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@view(domain.client_notes.ClientNote, description="What an associate wrote down about a member.")
class ClientNote:
    text: str = plain("In their own words.")
    author_code: str = plain("Who wrote it: the subject of their token.", attribute="author_id")
    at: datetime = plain("When, in UTC.")


@view(
    ClientView, name="ClientView", description="A member as whoever serves them sees them; personal data stays masked."
)
class ClientViewType:
    member: MemberReference = plain("Who, with all that a member has: tier, points, orders, tags, wish list.")
    binding: ClientBinding | None = batch(
        resolvers.client_view.client, description="Who looks after them now; null if nobody does."
    )
    birthday_in_days: int | None = batch(
        resolvers.client_view.birthday_in_days,
        description="How many days off their birthday is, by the store's calendar; null if it is not known. "
        "For an associate it needs SHARE_WITH_ASSOCIATE: null with error CONSENT_REQUIRED.",
    )
    open_pickups: list[Reservation] = batch(
        resolvers.client_view.open_pickups,
        description="What your store keeps for them, the first to expire first; of another's reservation, that with "
        "their id as `reference`.",
    )
    tasks: list[ClientTask] = batch(
        resolvers.client_view.tasks, description="What you are to do for them; empty if you are no associate."
    )
    notes: list[ClientNote] = batch(
        resolvers.client_view.notes,
        description="What was written down about them, the newest first.",
        first=f"How many at most, 1 to {MAX_NOTES}.",
    )


@view(domain.visits.Visit, description="A member came into a store.")
class StoreVisit:
    member: MemberReference | None = batch(
        resolvers.visits.member_of, description="Who; null if you may not see them any more."
    )
    location: Location | None = batch(resolvers.lines.location_of, description="Where.")
    at: datetime = plain("When they came last, in UTC.", attribute="last_at")


@view(Update, description="Who came into a store.")
class MemberInStoreUpdate:
    is_snapshot: bool = plain("True: everybody of the last hour. False: who came since the update before.")
    visits: list[StoreVisit] = plain(f"The visits, the last to come last; at most {MOST} of the last hour.")


@input(Bind, description="Whose client somebody becomes.")
class ClientBindInput:
    code: str = strawberry.field(description=_CODE)
    associate: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id or code of the associate, where the merchant assigns them; null: you who scan.",
    )
    idempotency_key: str = strawberry.field(description=KEY)


@view(resolvers.clients.Answer, description="Whose client they are now.")
class ClientBindPayload:
    client: ClientBinding | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@input(HandOver, description="Whose clients become whose.")
class ClientsHandOverInput:
    from_associate: strawberry.ID = strawberry.field(description="Id or code of the associate who leaves.")
    to_associate: strawberry.ID = strawberry.field(description="Id or code of the one who follows.")
    idempotency_key: str = strawberry.field(description=KEY)


@view(resolvers.clients.HandedOver, description="What was handed over.")
class ClientsHandOverPayload:
    clients: int | None = plain("How many clients have a new associate; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@input(CheckIn, description="Who came into which store.")
class MemberCheckInInput:
    code: str = strawberry.field(description=_CODE)
    location: strawberry.ID = strawberry.field(description="Id or code of the store; an associate's own.")
    idempotency_key: str = strawberry.field(description=KEY)


@view(resolvers.visits.Answer, description="Who came in.")
class MemberCheckInPayload:
    member: MemberReference | None = plain("The member; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@input(resolvers.client_notes.Add, description="A remark about a member.")
class ClientNoteAddInput:
    member: strawberry.ID = strawberry.field(description="The member's id.")
    text: str = strawberry.field(description="The remark, at most 200 characters.")
    idempotency_key: str = strawberry.field(description=KEY)


@view(resolvers.client_notes.Answer, description="What was written down.")
class ClientNoteAddPayload:
    note: ClientNote | None = plain("The note; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class ClientQuery:
    client_view: ClientViewType | None = batch(
        resolvers.client_view.view,
        description="One member for whoever serves them; null if there is none that you may see: an associate's own "
        "clients, and who came into their store within 30 days. Each look is written down.",
        scope=Scope.CLIENTS_WRITE,
        member=Argument("The member's id.", strawberry.ID),
    )
    my_clients: ClientBindingConnection = batch(
        resolvers.clients.my_clients,
        description="Your own clients, a page at a time; empty if you are no associate.",
        scope=Scope.CLIENTS_WRITE,
        first=FIRST,
        after=AFTER,
    )


@strawberry.type
class ClientMutation:
    member_check_in: MemberCheckInPayload = command(
        resolvers.visits.check_in,
        description="A member came into a store: its people may see them for 30 days, and their own guide met them.",
        input=MemberCheckInInput,
        scope=Scope.CLIENTS_WRITE,
    )
    client_bind: ClientBindPayload = command(
        resolvers.clients.bind,
        description="Make a member an associate's client. Who is another's and protected is refused to a scan.",
        input=ClientBindInput,
        scope=Scope.CLIENTS_WRITE,
    )
    clients_hand_over: ClientsHandOverPayload = command(
        resolvers.clients.hand_over,
        description="Give another associate all clients and open tasks of one; what was earned before stays theirs.",
        input=ClientsHandOverInput,
        scope=Scope.CLIENTS_ADMIN,
    )
    client_note_add: ClientNoteAddPayload = command(
        resolvers.client_notes.add,
        description="Write something down about a member, for whoever serves them next.",
        input=ClientNoteAddInput,
        scope=Scope.CLIENTS_WRITE,
    )


@strawberry.type
class ClientSubscription:
    member_in_store: MemberInStoreUpdate = subscription(
        resolvers.visits.in_store,
        description="Who comes into a store, live: everybody of the last hour first, then whoever comes.",
        scope=Scope.CLIENTS_WRITE,
        location=Argument("Its id or code; an associate's own.", strawberry.ID, name="store"),
    )
