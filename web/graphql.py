"""The GraphQL endpoint: HTTP, WebSocket (`graphql-transport-ws`) and server-sent events over one schema."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.schema.base import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage
from strawberry.types.graphql import OperationType

from domain.assortment import Channel
from domain.viewers import Viewer
from resolvers.context import Context
from web import answers
from web.tokens import TokenRefused, Tokens

CONNECTION_INIT_WAIT = timedelta(seconds=5)
MAX_SUBSCRIPTIONS_PER_SOCKET = 50
ONLY_LIVE = "Subscribe over a WebSocket (graphql-transport-ws), or with `Accept: text/event-stream`."
CLIENT_LEFT = 499
"""What logs say of a request whose client did not wait; nobody receives it."""
BROWSER = "This is the GraphQL endpoint: POST an operation, or open /explorer/."

Surroundings = Callable[[Viewer, Channel, str, str], Context]
"""Makes a context of a viewer, a channel, a language and a request id."""


class Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """One WebSocket: who asks is said in `connection_init`."""

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        payload = message.get("payload") or {}
        if isinstance(payload, dict):
            claims = {str(name).lower(): value for name, value in payload.items()}
            try:
                self.context = cast("Endpoint", self.view).context_of(cast("Any", self.websocket).ws, claims)
            except TokenRefused as error:
                await self.websocket.close(4403, f"{error.code}: {error}"[:120])
                return
        await super().handle_connection_init({"type": "connection_init", "payload": payload})


class Endpoint(GraphQL[Context, None]):
    """Serves the schema, to whoever the token says."""

    graphql_transport_ws_handler_class = Socket

    def __init__(
        self, schema: BaseSchema, *, tokens: Tokens, surroundings: Surroundings, allowed_origins: tuple[str, ...]
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=CONNECTION_INIT_WAIT,
            max_subscriptions_per_connection=MAX_SUBSCRIPTIONS_PER_SOCKET,
            allowed_origins=allowed_origins,
        )
        self.tokens = tokens
        self._surroundings = surroundings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive=receive, send=send))
            return
        response = await self._answer(Request(scope, receive), scope["state"]["request_id"])
        await response(scope, receive, send)

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

    def context_of(self, request: Request | WebSocket, claims: Mapping[str, Any]) -> Context:
        """The surroundings of this request's operations.

        Raises:
            TokenRefused: the token cannot be accepted.
        """
        return self._surroundings(
            self.viewer_of(claims),
            _channel(claims.get("x-channel") or request.headers.get("x-channel")),
            _language(request.headers.get("accept-language", "")),
            request.state.request_id,
        )

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

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """Let WeChat's clients and the configured pages in: we authenticate in `connection_init`, never by cookie."""
        parts = urlsplit(origin)
        return (
            parts.scheme == "weapp"
            or parts.hostname == "servicewechat.com"
            or super().is_websocket_origin_allowed(request, origin)
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


def _channel(name: str | None) -> Channel:
    return Channel.__members__.get((name or "").upper(), Channel.MINI_PROGRAM)


def _language(accepted: str) -> str:
    """The first of the accepted languages that we speak; Chinese where none is."""
    spoken = (part.split(";")[0].strip().lower()[:2] for part in accepted.split(","))
    return next((language for language in spoken if language in ("zh", "en")), "zh")
