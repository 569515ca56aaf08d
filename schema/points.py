"""Points, in GraphQL's words. What earns, expires and is spent first stands in `domain/points_book.py`."""

from datetime import datetime

import strawberry

import domain.standings
import resolvers.live_points
import resolvers.points_shown
import resolvers.points_spending
from domain.facts import Kind
from domain.programmes import Programme
from resolvers.paging import Connection, Edge
from schema.base import Argument, batch, enum, plain, subscription, view
from schema.instants import Instant
from schema.money import Money
from schema.paging import AFTER, FIRST, PageInfo

enum(
    Kind,
    "What happened to points.",
    name="PointsTransactionKind",
    MERGE="Two members became one, and what the one had went to the other.",
    EARN_PENDING="A purchase brought them; they wait until it is completed.",
    ACTIVATE="The purchase is completed: they can be spent.",
    ADJUST="Somebody corrected the balance, and said why.",
    FREEZE="Held for a purchase that is not paid yet.",
    CAPTURE="Spent.",
    UNFREEZE="Given back: the purchase was not made.",
    RESTORE_BURN="Given back: what they paid for was returned.",
    REVERSE_EARN="Taken back: what had earned them was returned.",
    EXPIRE="Their time was over.",
)


@view(Programme, description="What is counted: points that buy, or stars that count towards rewards.")
class PointsProgramme:
    code: str = plain("The merchant's own code, such as points or stars.")
    unit: str = plain("What one counts, such as 积分.")


@view(domain.standings.Expiring, description="Points that end together.")
class ExpiringPoints:
    amount: int = plain("How many.")
    at: datetime = plain("When, in UTC.")


@view(domain.standings.Balance, description="What a member has of a programme, by the clock: what has expired is gone.")
class PointsBalance:
    programme: PointsProgramme = plain("Of what.")
    active: int = plain("What can be spent; below zero where the member owes some.")
    pending: int = plain("Earned by purchases that are not completed yet.")
    frozen: int = plain("Held for purchases that are not paid yet; they do not expire meanwhile.")
    debt: int = plain("Owed, because points were spent that a return took back; the next earnings pay it.")
    expiring_next: ExpiringPoints | None = plain("What ends first; null where nothing does.")
    as_of: datetime = plain("The moment it holds for, in UTC.")


@view(domain.standings.Entry, description="A transaction on a member's statement, and by how much it changed it.")
class PointsTransaction:
    kind: Kind = plain("What happened.")
    ref: str = plain("The order, checkout, return or correction it came with.")
    reason: str = plain("Why, in somebody's own words; mostly empty.")
    active: int = plain("Change of what can be spent.")
    pending: int = plain("Change of what waits.")
    frozen: int = plain("Change of what is held.")
    occurred_at: datetime = plain("When it happened, by the clock of whoever told it, in UTC.")
    recorded_at: datetime = plain("When it was written down, in UTC.")


@view(Edge, description="An entry of a statement, and its place in it.")
class PointsHistoryEdge:
    node: PointsTransaction = plain("The entry.")
    cursor: str = plain("Hand it back as `after` to go on behind it.")


@view(Connection, description="A page of a statement, the newest first.")
class PointsHistory:
    edges: list[PointsHistoryEdge] = plain("The entries with their places.")
    nodes: list[PointsTransaction] = plain("The entries alone.")
    page_info: PageInfo = plain("Whether more follow.")


PROGRAMME = "Code of the programme; null: the usual one. Another text is error UNKNOWN_PROGRAMME."


@strawberry.type
class PointedMember:
    """The part of a member that points contribute."""

    points: PointsBalance | None = batch(
        resolvers.points_shown.points,
        description="What they have of a programme; null where its source is down.",
        programme=PROGRAMME,
        as_of=Argument(
            "A moment that has passed: what they had then, by what is known now. Null: now.", Instant | None
        ),
    )
    points_history: PointsHistory | None = batch(
        resolvers.points_shown.history,
        description="Their statement of a programme, the newest first; null where its source is down.",
        programme=PROGRAMME,
        first=FIRST,
        after=AFTER,
    )


@view(resolvers.points_spending.Shown, description="What paying with points would come to.")
class PointsPreview:
    programme: PointsProgramme = plain("Of what.")
    points: int = plain("Points that would be deducted: never more than their value needs.")
    value: Money = plain("What they would pay.")
    most_points: int = plain("The most that could be deducted.")
    total: Money = plain("What would be left to pay.")
    earned: int = plain("What paying that would earn.")


@view(resolvers.live_points.State, description="An account as the ledger has it; what expires is told soon after.")
class PointsState:
    programme: PointsProgramme = plain("Of what.")
    active: int = plain("What can be spent; below zero where the member owes some.", attribute="standing.active")
    pending: int = plain("Earned and not completed.", attribute="standing.pending")
    frozen: int = plain("Held for purchases.", attribute="standing.frozen")
    debt: int = plain("Owed.", attribute="standing.debt")
    version: int = plain("Rises with every writing.", attribute="standing.version")


@view(resolvers.live_points.Update, description="What was written of a member's points, and what they hold after it.")
class PointsUpdate:
    is_snapshot: bool = plain("True: forget what you had; `states` hold everything. False: what was written since.")
    transactions: list[PointsTransaction] = batch(
        resolvers.live_points.transactions,
        description="What was written, in order; none is left out and none comes twice.",
    )
    states: list[PointsState] = plain("What each programme's account holds after these transactions.")
    cursor: str = plain("Hand it back as `after` to hear only what you missed.")


@strawberry.type
class PointsQuery:
    points_preview: PointsPreview | None = batch(
        resolvers.points_spending.preview,
        description="What paying an amount with points would deduct, leave to pay and earn, by the rules of paying it; "
        " null if there is no member that you may see.",
        member=Argument("Who pays.", strawberry.ID),
        amount="What is to be paid, in the major unit of the programme's currency.",
        points="How many they would use; null: as many as may be.",
        programme=PROGRAMME,
    )


@strawberry.type
class PointsSubscription:
    points_changed: PointsUpdate = subscription(
        resolvers.live_points.changes,
        description="A member's points, live: what they hold, or what you missed, then every transaction. Ends with "
        "UNKNOWN_MEMBER when you may not see the member any more.",
        member=Argument("Whose.", strawberry.ID),
        after="The `cursor` of the last update you have; null: a snapshot. Another text is error BAD_CURSOR.",
    )
