"""The GraphQL endpoint: HTTP, WebSocket (`graphql-transport-ws`) and server-sent events over one schema."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.http.websocket_origin import is_same_origin
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL
from strawberry.types.graphql import OperationType

from domain.channels import Channel
from domain.viewers import Viewer
from resolvers.context import Context
from schema.executing import EngineSchema
from web import answers
from web.pulse import Pace
from web.socket import PROTOCOL, Desk, Socket
from web.tokens import TokenRefused, Tokens

USUAL_PACE = Pace()
ONLY_LIVE = "Subscribe over a WebSocket (graphql-transport-ws), or with `Accept: text/event-stream`."
CLIENT_LEFT = 499
"""What logs say of a request whose client did not wait; nobody receives it."""
BROWSER = "This is the GraphQL endpoint: POST an operation, or open /explorer/."

Surroundings = Callable[[Viewer, Channel, str, str], Context]
"""Makes a context of a viewer, a channel, a language and a request id."""


class Manner(NamedTuple):
    """How a request wants to be answered, as its headers say."""

    channel: str | None
    language: str
    request_id: str


class Endpoint(GraphQL[Context, None]):
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
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_SSE_PROTOCOL,),
            allowed_origins=allowed_origins,
        )
        self.tokens = tokens
        self._surroundings = surroundings
        self._desk = Desk(schema, pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve(scope, receive, send)
            return
        response = await self._answer(Request(scope, receive), scope["state"]["request_id"])
        await response(scope, receive, send)

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
            await Socket(self._desk, introduce, receive, send).serve()

    async def _answer(self, request: Request, request_id: str) -> Response:
        try:
            await request.body()  # so that what comes after it is the client's leaving
            return await _while_there(request, self.run(request))
        except HTTPException as error:
            return _refused(error, request_id)
        except TokenRefused as error:
            return answers.error(401, error.code, str(error), request_id)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        if isinstance(request, WebSocket):
            return self.context_of(request, {})
        return self.context_of(request, {"authorization": request.headers.get("authorization")})

    def context_of(self, request: HTTPConnection, claims: Mapping[str, Any]) -> Context:
        """The surroundings of this request's operations.

        Raises:
            TokenRefused: the token cannot be accepted.
        """
        return self._introduced(_manner(request), claims)

    def _introduced(self, manner: Manner, claims: Mapping[str, Any]) -> Context:
        viewer, channel = self.viewer_of(claims), _channel(claims.get("x-channel") or manner.channel)
        return self._surroundings(viewer, channel, manner.language, manner.request_id)

    def viewer_of(self, claims: Mapping[str, Any]) -> Viewer:
        """Who asks; the names of `claims` are lower case."""
        authorization = claims.get("authorization")
        if authorization is not None and not isinstance(authorization, str):
            raise TokenRefused("TOKEN_INVALID", "`authorization` must be a text.")
        return self.tokens.viewer(authorization)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        if request.method == "POST" and "application/json" not in (request.content_type or ""):
            raise HTTPException(415, "Send the operation as JSON, with `Content-Type: application/json`.")
        try:
            return await super().parse_http_body(request)
        except AttributeError:
            raise HTTPException(400, "The body must be a JSON object with a query.") from None

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        return answers.json(response_data, sub_response.status_code or 200)

    def _may_open(self, opening: WebSocket) -> bool:
        """Let pages of our own, WeChat's and the configured ones in, and who is no page.

        We authenticate in `connection_init`, never by cookie; a browser says where its page is from.
        """
        origin = opening.headers.get("origin")
        if origin is None or is_same_origin(origin, opening.headers.get("host")):
            return True
        parts = urlsplit(origin)
        return (
            parts.scheme == "weapp"
            or parts.hostname == "servicewechat.com"
            or self.is_websocket_origin_allowed(opening, origin)
        )


async def _while_there(request: Request, answering: Coroutine[Any, Any, Response]) -> Response:
    """Answer, unless the client goes away first: then everything that works for it is cancelled."""
    here = asyncio.current_task()
    leaving = asyncio.ensure_future(request.receive())
    leaving.add_done_callback(lambda left: None if left.cancelled() or here is None else here.cancel())
    try:
        return await answering
    except asyncio.CancelledError:
        if not leaving.done() or here is None or here.uncancel() > 0:
            raise  # somebody else ends us: the server is closing
        return Response(status_code=CLIENT_LEFT)
    finally:
        leaving.cancel()


def _refused(error: HTTPException, request_id: str) -> Response:
    match error.__cause__:
        case InvalidOperationTypeError(operation_type=OperationType.SUBSCRIPTION):
            return answers.error(400, "BAD_OPERATION", ONLY_LIVE, request_id)
        case InvalidOperationTypeError() | CannotGetOperationTypeError():
            return answers.error(400, "BAD_OPERATION", error.reason, request_id)
    return answers.refusal(error.status_code, BROWSER if error.status_code == 404 else error.reason, request_id)


def _manner(request: HTTPConnection) -> Manner:
    headers = request.headers
    language = _language(headers.get("accept-language", ""))
    return Manner(headers.get("x-channel"), language, request.state.request_id)


def _channel(name: str | None) -> Channel:
    return Channel.__members__.get((name or "").upper(), Channel.MINI_PROGRAM)


def _language(accepted: str) -> str:
    """The first of the accepted languages that we speak; Chinese where none is."""
    spoken = (part.split(";")[0].strip().lower()[:2] for part in accepted.split(","))
    return next((language for language in spoken if language in ("zh", "en")), "zh")
