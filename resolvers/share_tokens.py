"""Use cases on share tokens: an associate's code, to be sent along with what they recommend."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import domain.share_tokens
from datasources.ports.work import Work
from domain.refusals.base import Refusal
from domain.share_tokens import ShareToken
from resolvers import associates, commands
from resolvers.context import Context

BYTES = 12


@dataclass(frozen=True, slots=True)
class Share:
    """A wish for a share token; `associate` None: of who asks."""

    idempotency_key: str
    associate: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A share token, or why there is none."""

    share_token: ShareToken | None = None
    user_errors: Sequence[Refusal] = ()


async def create(ctx: Context, command: Share) -> Answer:
    """Make a code; whoever orders with it while it is valid, was brought by its associate."""

    async def do(work: Work) -> str:
        who = await associates.acting(ctx, work, command.associate)
        token = domain.share_tokens.token(secrets.token_urlsafe(BYTES), who.id, now=ctx.clock())
        await work.commission.issue(token)
        return token.code

    done = await commands.changed(ctx, command, do)
    if done.text is None:
        return Answer(user_errors=done.user_errors)
    return Answer((await ctx.sources.commission.tokens([done.text])).get(done.text))
