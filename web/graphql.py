"""The GraphQL endpoint: HTTP, WebSocket (`graphql-transport-ws`) and server-sent events over one schema."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.http import process_result
from strawberry.http.websocket_origin import is_same_origin, normalize_allowed_origins, normalize_origin
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from domain.channels import Channel
from domain.viewers import Viewer
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from schema.executing import EngineSchema
from web import answers, events, operations
from web.line import SAY
from web.operations import Refused
from web.pulse import Pace
from web.requests import ClientLeft, while_there
from web.socket import PROTOCOL, Desk, Socket
from web.tokens import Tokens

USUAL_PACE = Pace()
ONLY_LIVE = "Subscribe over a WebSocket (graphql-transport-ws), or with `Accept: text/event-stream`."
CLIENT_LEFT = 499
"""What logs say of a request whose client did not wait; nobody receives it."""

Surroundings = Callable[[Viewer, Channel, str, str], Context]
"""Makes a context of a viewer, a channel, a language and a request id."""


class Manner(NamedTuple):
    """How a request wants to be answered, as its headers say."""

    channel: str | None
    language: str
    request_id: str


class Endpoint:
    """Serves the schema, to whoever the token says."""

    def __init__(
        self,
        schema: EngineSchema,
        *,
        tokens: Tokens,
        surroundings: Surroundings,
        allowed_origins: tuple[str, ...],
        pace: Pace = USUAL_PACE,
    ) -> None:
        self._graph = schema
        self._tokens = tokens
        self._surroundings = surroundings
        self._origins = normalize_allowed_origins(allowed_origins)
        self._desk = Desk(schema, pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve(scope, receive, send)
            return
        answer = await self._answer(Request(scope, receive), scope["state"]["request_id"])
        await answer(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket in, if the page that opens it may and it speaks our protocol, and serve it to its end."""
        opening = WebSocket(scope, receive, send)
        await receive()
        if not self._may_open(opening):
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the client gets a 403
        elif PROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
        else:
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            introduce = partial(self._introduced, _manner(opening))
            scope["headers"].clear()  # a socket lives for hours, and a browser's handshake is 3 kB
            say_now = scope.get("extensions", {}).get(SAY, _has_to_wait)
            await Socket(self._desk, introduce, receive, send, say_now).serve()

    async def _answer(self, request: Request, request_id: str) -> ASGIApp:
        """Answer a request, or say why it cannot be taken."""
        try:
            return await self._told(request)
        except Refused as error:
            return answers.refusal(error.status, str(error), request_id, code=error.code)
        except Unauthenticated as error:
            return answers.error(401, error.code, str(error), request_id, **error.facts)
        except InvalidOperationTypeError as error:
            is_live = error.operation_type is OperationType.SUBSCRIPTION
            reason = ONLY_LIVE if is_live else error.as_http_error_reason(request.method)
            return answers.error(400, "BAD_OPERATION", reason, request_id)
        except CannotGetOperationTypeError as error:
            return answers.error(400, "BAD_OPERATION", error.as_http_error_reason(), request_id)
        except ClientLeft:
            return Response(status_code=CLIENT_LEFT)

    async def _told(self, request: Request) -> ASGIApp:
        body = await request.body()  # so that what comes after it is the client's leaving
        context = self._introduced(_manner(request), {"authorization": request.headers.get("authorization")})
        asked = operations.read(request, body)
        if events.are_accepted(request.headers.get("accept", "")):
            results = await self._graph.stream(
                asked.query,
                asked.variables,
                context,
                operation_name=asked.operation_name,
                allowed_operation_types=asked.allowed,
            )
            return events.Stream(results)
        executing = self._graph.execute(
            asked.query,
            asked.variables,
            context,
            operation_name=asked.operation_name,
            allowed_operation_types=asked.allowed,
        )
        return answers.json(process_result(await while_there(request.receive, executing)))

    def _introduced(self, manner: Manner, claims: Mapping[str, Any]) -> Context:
        """The surroundings of an operation; the names of `claims` are lower case.

        Raises:
            Unauthenticated: the token cannot be accepted, or its session has ended.
            Refused: there is no such channel.
        """
        authorization = claims.get("authorization")
        if authorization is not None and not isinstance(authorization, str):
            raise Unauthenticated("TOKEN_INVALID", "`authorization` must be a text.")
        viewer, channel = self._tokens.viewer(authorization), _channel(claims.get("x-channel") or manner.channel)
        context = self._surroundings(viewer, channel, manner.language, manner.request_id)
        context.check_session()
        return context

    def _may_open(self, opening: WebSocket) -> bool:
        """Let pages of our own, WeChat's and the configured ones in, and who is no page.

        We authenticate in `connection_init`, never by cookie; a browser says where its page is from.
        """
        origin = opening.headers.get("origin")
        if origin is None or is_same_origin(origin, opening.headers.get("host")):
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:  # no address at all
            return False
        is_wechat = parts.scheme == "weapp" or parts.hostname == "servicewechat.com"
        return is_wechat or "*" in self._origins or normalize_origin(origin) in self._origins


def _has_to_wait(text: str) -> bool:
    """On a server that offers nothing else, every text is sent by a task."""
    return False


def _manner(request: HTTPConnection) -> Manner:
    headers = request.headers
    language = _language(headers.get("accept-language", ""))
    return Manner(headers.get("x-channel"), language, request.state.request_id)


def _channel(name: object) -> Channel:
    if not name:
        return Channel.MINI_PROGRAM
    try:
        return Channel[str(name).upper()]
    except KeyError:
        raise Refused(400, f"X-Channel must be one of {', '.join(Channel.__members__)}.", "BAD_ARGUMENT") from None


def _language(accepted: str) -> str:
    """The first of the accepted languages that we speak; Chinese where none is."""
    spoken = (part.split(";")[0].strip().lower()[:2] for part in accepted.split(","))
    return next((language for language in spoken if language in ("zh", "en")), "zh")
