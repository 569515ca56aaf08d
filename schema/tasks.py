"""A store's tasks, in GraphQL's words. What is a task stands in `domain/tasks.py`."""

from datetime import datetime

import strawberry

import domain.tasks
import resolvers.lines
import resolvers.tasks
from domain.tasks import TaskKind
from domain.viewers import Scope
from resolvers.tasks import MAX_TASKS
from schema.base import Argument, batch, enum, plain, subscription, view
from schema.locations import Location
from schema.node import Node

enum(
    TaskKind,
    "What is to be done.",
    KEEP_READY="Have the units of a reservation ready for whoever comes.",
    COUNT="Count what a stock count names.",
    APPROVE_COUNT="Look at a count's variances, and approve or reject it.",
    APPROVE_TRANSFER="Say whether another store gets what it asks for.",
    PICK_TRANSFER="Take a transfer's units off the shelf.",
    SHIP_TRANSFER="Send what was picked.",
    RECEIVE_TRANSFER="Take in what arrives, and close the transfer when nothing more will come.",
)


@view(domain.tasks.Task, description="Something that waits to be done at a store.")
class StoreTask:
    kind: TaskKind = plain("What is to be done.")
    location: Location | None = batch(resolvers.lines.location_of, description="Where.")
    due_at: datetime | None = plain("Until when, in UTC; null if there is no deadline.")
    since: datetime = plain("Since when it waits, in UTC.")
    subject: Node = plain("What it is about: a Reservation, StockCount or Transfer.")


@view(resolvers.tasks.Update, description="What waits at a store now.")
class StoreTasksUpdate:
    tasks: list[StoreTask] = plain("All of it, the first deadline first; never a difference.")


LOCATION = "Id or code of the location; an associate's own."
FIRST = f"How many at most, 1 to {MAX_TASKS}."


@strawberry.type
class TaskQuery:
    store_tasks: list[StoreTask] = batch(
        resolvers.tasks.tasks,
        description="What waits to be done at a store: the first deadline first, then what has none, the oldest first.",
        scope=Scope.STOCK_READ,
        location=Argument(LOCATION, strawberry.ID),
        first=FIRST,
    )


@strawberry.type
class TaskSubscription:
    store_tasks_changed: StoreTasksUpdate = subscription(
        resolvers.tasks.changes,
        description="What waits to be done at a store, live: now, and again when it changes.",
        scope=Scope.STOCK_READ,
        location=Argument(LOCATION, strawberry.ID),
        first=FIRST,
    )
