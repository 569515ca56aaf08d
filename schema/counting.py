"""Stock counts, in GraphQL's words. What each step may do stands in `domain/counting.py`."""

from datetime import datetime

import strawberry

import domain.counting
import resolvers.counting
import resolvers.findings
import resolvers.lines
from domain.counting import CountState
from domain.viewers import Scope
from resolvers.counting import Answer, Approve, Open, Record, Reject, Seen, Submit
from resolvers.findings import Compared
from resolvers.paging import Connection, Edge
from schema.base import Argument, batch, derived, enum, plain, view
from schema.catalog import Variant
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.locations import Location
from schema.node import Node, global_id
from schema.paging import AFTER, FIRST, PageInfo
from schema.refusals.base import UserError
from schema.statuses import Status
from schema.stock_levels import InventoryLevel

enum(
    CountState,
    "Where a stock count stands.",
    OPEN="Nobody has counted anything yet.",
    COUNTING="Devices send what they see.",
    SUBMITTED="All has been counted; somebody is to approve it.",
    APPROVED="It is in the book.",
    REJECTED="Given up or not believed; nothing of it is in the book.",
)


@view(domain.counting.Tally, description="What one device saw of one sku.")
class StockCountTally:
    device: str = plain("The device's own name.")
    quantity: int = plain("Pieces that it saw, 0 or more.")
    counted_at: datetime = plain("When, in UTC.")


@view(Compared, description="A sku of a count, beside what the book says was there at that moment.")
class StockCountLine:
    sku: str = plain("The variant's sku.", attribute="line.sku")
    variant: Variant | None = batch(resolvers.lines.variant_of, description="The variant.")
    counted: int = plain("Pieces that all devices saw together.", attribute="line.counted")
    counted_at: datetime = plain(
        "The first moment of its tallies, in UTC: what was sold since is taken off.", attribute="line.counted_at"
    )
    book: int | None = plain(
        "Pieces that the book had at that moment; null where a newer count stands.", attribute="finding.book"
    )
    variance: int | None = plain("`counted` less `book`: what approval adds; null where a newer count stands.")
    status: Status = plain(
        "What approval did to the book, or would do now: STALE where a newer count stands.", attribute="finding.status"
    )
    tallies: list[StockCountTally] = plain("What each device saw.", attribute="line.tallies")
    level: InventoryLevel | None = batch(
        resolvers.findings.level_of, description="What the book says now; null if nothing was ever reported."
    )


@view(Edge, description="A line in a list.")
class StockCountLineEdge:
    node: StockCountLine = plain("The line.")
    cursor: str = plain("Go on after it with this.")


@view(Connection, description="A page of a count's lines.")
class StockCountLineConnection:
    nodes: list[StockCountLine] = plain("The lines, by sku.")
    edges: list[StockCountLineEdge] = plain("The same, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


@view(domain.counting.StockCount, description="What people found on the shelves of a location (盘点).")
class StockCount(Node):
    id: strawberry.ID = global_id("StockCount", resolvers.counting.stock_counts_by_ids)
    location: Location | None = batch(resolvers.lines.location_of, description="Where it is made.")
    state: CountState = plain("Where it stands.")
    skus: list[str] = plain("What is to be counted; empty: everything there.")
    note: str = plain("Why, in somebody's own words; may be empty.")
    lines: StockCountLineConnection = batch(
        resolvers.findings.lines_of,
        description="What was seen so far. What nobody counted is not among them, and stays as it is.",
        first=FIRST,
        after=AFTER,
    )
    opened_by: str = plain("Who opened it: the subject of their token.")
    opened_at: datetime = plain("When it was opened, in UTC.")
    submitted_at: datetime | None = plain("When all had been counted, in UTC; null before.")
    settled_at: datetime | None = plain("When it was approved or rejected, in UTC; null before.")
    settled_by: str | None = plain("Who approved or rejected it; null before.")
    allowed_transitions: list[CountState] = derived(
        lambda count: domain.counting.TRANSITIONS[count.state],
        description="The states it can go to from here; empty when it is final.",
    )


@input(Open, description="What to count.")
class StockCountOpenInput:
    location: strawberry.ID = strawberry.field(description="Id or code of the location; an associate's own.")
    idempotency_key: str = strawberry.field(description=KEY)
    skus: list[str] = strawberry.field(
        default_factory=list,
        description=f"What to count, at most {resolvers.counting.MAX_SKUS} skus; none: everything there.",
    )
    note: str = strawberry.field(default="", description="Why, for whoever counts; at most 200 characters.")


@input(Seen, description="So many pieces of a sku.")
class StockCountRecordLine:
    sku: str = strawberry.field(description="The variant's sku.")
    quantity: int = strawberry.field(description="Pieces that are physically there, whatever their state, 0 or more.")
    counted_at: Instant | None = strawberry.field(
        default=None, description="When somebody looked; null: now. A clock that runs ahead means now."
    )


@input(Record, description="What one device saw.")
class StockCountRecordInput:
    stock_count: strawberry.ID = strawberry.field(description="Which count.")
    device: str = strawberry.field(
        description="The device's own name. Devices add up; of one device the latest word on a sku stands."
    )
    lines: list[StockCountRecordLine] = strawberry.field(description=f"1 to {resolvers.counting.MAX_LINES} of them.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class _Settle:
    stock_count: strawberry.ID = strawberry.field(description="Which count.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(Submit, description="Which count is complete.")
class StockCountSubmitInput(_Settle):
    pass


@input(Approve, description="Which count to write into the book.")
class StockCountApproveInput(_Settle):
    pass


@input(Reject, description="Which count to give up.")
class StockCountRejectInput(_Settle):
    pass


@strawberry.type
class _Answer:
    stock_count: StockCount | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(Answer, description="What is to be counted.")
class StockCountOpenPayload(_Answer):
    pass


@view(Answer, description="What was counted so far.")
class StockCountRecordPayload(_Answer):
    pass


@view(Answer, description="What awaits approval.")
class StockCountSubmitPayload(_Answer):
    pass


@view(Answer, description="What was written into the book; each line says what it did.")
class StockCountApprovePayload(_Answer):
    pass


@view(Answer, description="What was given up.")
class StockCountRejectPayload(_Answer):
    pass


@strawberry.type
class CountingQuery:
    stock_count: StockCount | None = batch(
        resolvers.counting.stock_count,
        description="One stock count by its id; null if there is none that you may see.",
        scope=Scope.STOCK_READ,
        id=Argument("Its id.", strawberry.ID),
    )


@strawberry.type
class CountingMutation:
    stock_count_open: StockCountOpenPayload = command(
        resolvers.counting.open,
        description="Begin to count some skus at a location, or everything there.",
        input=StockCountOpenInput,
        scope=Scope.STOCK_COUNT,
    )
    stock_count_record: StockCountRecordPayload = command(
        resolvers.counting.record,
        description="Say what a device saw, all lines or none; sent again it is the same.",
        input=StockCountRecordInput,
        scope=Scope.STOCK_COUNT,
    )
    stock_count_submit: StockCountSubmitPayload = command(
        resolvers.counting.submit,
        description="Say that all has been counted; its variances are to be looked at.",
        input=StockCountSubmitInput,
        scope=Scope.STOCK_COUNT,
    )
    stock_count_approve: StockCountApprovePayload = command(
        resolvers.counting.approve,
        description="Write its variances into the book, all at once; a line that a newer count overtook is STALE.",
        input=StockCountApproveInput,
        scope=Scope.STOCK_COUNT,
    )
    stock_count_reject: StockCountRejectPayload = command(
        resolvers.counting.reject,
        description="Give a count up, or do not believe it; the book stays as it is.",
        input=StockCountRejectInput,
        scope=Scope.STOCK_COUNT,
    )
