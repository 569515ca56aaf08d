"""Client tasks, in GraphQL's words. What is derived from what stands in `domain/client_tasks.py`."""

from datetime import date, datetime

import strawberry

import domain.client_tasks
import resolvers.associates
import resolvers.client_tasks
import resolvers.ids
from domain.client_tasks import ClientTaskKind, ClientTaskState
from domain.viewers import Scope
from resolvers.client_tasks import MAX_TASKS, Answer, Close, FollowUp, Update
from schema.associates import Associate
from schema.base import batch, derived, enum, plain, subscription, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.references import MemberReference
from schema.refusals.base import UserError

enum(
    ClientTaskKind,
    "What is to be done for a client.",
    FOLLOW_UP="Get in touch again; somebody wrote it down.",
    PICKUP="Something is kept for them at your store.",
    BIRTHDAY="Their birthday is near.",
    ABANDONED_BROWSE="They looked at something again and again, and did not buy it.",
)
enum(
    ClientTaskState,
    "Where a task stands.",
    OPEN="It waits.",
    DONE="It was done.",
    DISMISSED="It is not to be done.",
)


@view(domain.client_tasks.ClientTask, description="Something that an associate is to do for a member.")
class ClientTask:
    id: strawberry.ID = derived(
        lambda task: resolvers.ids.encode("ClientTask", task.id), description="What `clientTaskClose` takes."
    )
    kind: ClientTaskKind = plain("What is to be done.")
    member: MemberReference | None = batch(
        resolvers.client_tasks.member_of, description="For whom; null if you may not see them any more."
    )
    associate: Associate | None = batch(resolvers.associates.associate_of, description="Who is to do it.")
    due_on: date = plain("By which day, where the store is.")
    since: datetime = plain("Since when it waits, in UTC.")
    note: str = plain("What exactly; may be empty.")
    state: ClientTaskState = plain("Where it stands.")
    closed_at: datetime | None = plain("When it was done or dismissed, in UTC; null while it waits.")
    result: str = plain("What came of it; may be empty.")


@input(FollowUp, description="What is to be done for whom.")
class ClientTaskCreateInput:
    member: strawberry.ID = strawberry.field(description="The member's id.")
    due_on: date = strawberry.field(description="By which day, where the store is.")
    note: str = strawberry.field(description="What exactly, at most 200 characters.")
    associate: strawberry.ID | None = strawberry.field(
        default=None, description="Id or code of the associate, where the merchant gives it to one; null: you."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@input(Close, description="What became of a task.")
class ClientTaskCloseInput:
    task: strawberry.ID = strawberry.field(description="The task's id.")
    state: ClientTaskState = strawberry.field(description="DONE or DISMISSED.")
    result: str = strawberry.field(default="", description="What came of it, at most 200 characters.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class _Answer:
    task: ClientTask | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(Answer, description="What is to be done.")
class ClientTaskCreatePayload(_Answer):
    pass


@view(Answer, description="What was done, or is not to be done.")
class ClientTaskClosePayload(_Answer):
    pass


@view(Update, description="What an associate is to do now.")
class ClientTasksUpdate:
    tasks: list[ClientTask] = plain("All of it, the first day first; never a difference.")


_FIRST = f"How many at most, 1 to {MAX_TASKS}."


@strawberry.type
class ClientTaskQuery:
    client_tasks: list[ClientTask] = batch(
        resolvers.client_tasks.tasks,
        description="What you are to do for your clients, the first day first. Associates only.",
        scope=Scope.CLIENTS_WRITE,
        first=_FIRST,
    )


@strawberry.type
class ClientTaskMutation:
    client_task_create: ClientTaskCreatePayload = command(
        resolvers.client_tasks.create,
        description="Write down what is to be done for a member: a FOLLOW_UP. The other kinds come by themselves.",
        input=ClientTaskCreateInput,
        scope=Scope.CLIENTS_WRITE,
    )
    client_task_close: ClientTaskClosePayload = command(
        resolvers.client_tasks.close,
        description="Say what became of a task of yours, whatever its kind; it does not come back.",
        input=ClientTaskCloseInput,
        scope=Scope.CLIENTS_WRITE,
    )


@strawberry.type
class ClientTaskSubscription:
    client_tasks_changed: ClientTasksUpdate = subscription(
        resolvers.client_tasks.changes,
        description="What you are to do for your clients, live: now, and again after every change at your store.",
        scope=Scope.CLIENTS_WRITE,
        first=_FIRST,
    )
