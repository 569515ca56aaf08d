"""Use cases on notes: what an associate writes down about a member."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from datasources.ports.work import Work
from domain.client_notes import ClientNote
from domain.refusals.base import Refusal
from resolvers import commands, inputs, members
from resolvers.claims import Refused
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Add:
    """A remark about a member."""

    member: str
    text: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The note, or why there is none."""

    note: ClientNote | None = None
    user_errors: Sequence[Refusal] = ()


async def add(ctx: Context, command: Add) -> Answer:
    """Write a remark down, with its author and the time."""

    async def do(work: Work) -> str:
        if wrong := inputs.wrong_text(("input", "text"), command.text):
            raise Refused(*wrong)
        member = await members.locked(ctx, work, command.member)
        note = ClientNote(uuid.uuid4().hex, member.id, ctx.viewer.id, ctx.clock(), command.text)
        await work.client_tasks.note(note)
        return note.id

    done = await commands.changed(ctx, command, do)
    found = await ctx.sources.client_tasks.notes([done.text]) if done.text is not None else [None]
    return Answer(found[0], done.user_errors)
