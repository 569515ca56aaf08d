"""A token that is not what it should be is UNAUTHENTICATED, over HTTP, WebSocket and server-sent events alike."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from starlette.websockets import WebSocketDisconnect

from tests.web.forging import GOOD, own_key, signed, signed_with_public_key, unsigned, without
from tests.web.front import Front
from tests.web.test_live import socket

HOUR = timedelta(hours=1)
ASK = {"query": "{ __typename }"}
Forge = Callable[[OKPKey], str]
INVALID: dict[str, Forge] = {
    "alg none": lambda key: unsigned(),
    "alg none, in capitals": lambda key: unsigned("NONE"),
    "alg none, of a known key": lambda key: unsigned(kid=key.kid),
    "no alg": lambda key: signed(key, alg=None),
    "HS256 with the public key": signed_with_public_key,
    "another algorithm than is allowed": lambda key: signed(key, alg="EdDSA"),
    "another key": lambda key: signed(OKPKey.generate_key("Ed25519")),
    "another key that calls itself ours": lambda key: signed(OKPKey.generate_key("Ed25519"), kid=key.kid),
    "its key in its header": lambda key: signed(
        foreign := OKPKey.generate_key("Ed25519"), jwk=foreign.as_dict(private=False)
    ),
    "another audience": lambda key: signed(key, without(aud="another-graph")),
    "other audiences": lambda key: signed(key, without(aud=["another-graph", "a-third"])),
    "another issuer": lambda key: signed(key, without(iss="somebody-else")),
    "not valid yet": lambda key: signed(key, without(nbf=HOUR)),
    "issued tomorrow": lambda key: signed(key, without(iat=24 * HOUR)),
    **{f"no {name}": partial(signed, claims=without(name)) for name in GOOD if name != "iat"},
    **{f"{name} null": partial(signed, claims=without(**{name: None})) for name in GOOD},
    "crit of what is unknown": lambda key: signed(key, crit=["x"], x=1),
    "crit of what is known": lambda key: signed(key, crit=["kid"]),
    "crit of nothing": lambda key: signed(key, crit=[]),
    "b64": lambda key: signed(key, b64=True),
    "exp a text": lambda key: signed(key, without(exp="tomorrow")),
    "exp beyond all calendars": lambda key: signed(key, without(exp=10**30)),
    "exp infinite": lambda key: signed(key, without(exp=float("inf"))),
    "a role that is none": lambda key: signed(key, without(role="owner")),
    "roles": lambda key: signed(key, without(role=["administrator"])),
    "sub a number": lambda key: signed(key, without(sub=1)),
    "sub empty": lambda key: signed(key, without(sub="")),
    "a tier that is no text": lambda key: signed(key, without(tier={"a": 1})),
    "a session that is no text": lambda key: signed(key, without(sid=["a"])),
    "a scope that is no text": lambda key: signed(key, without(scope=["stock:write"])),
    "claims that are no object": lambda key: signed(key, [1, 2]),  # type: ignore[arg-type]  # that is the point
    "other claims under the same signature": lambda key: forged(signed(key)),
    "a signature from its end": lambda key: ".".join((*(parts := signed(key).split("."))[:2], parts[2][::-1])),
    "two parts": lambda key: signed(key).rpartition(".")[0],
    "five parts": lambda key: f"{signed(key)}.e30.e30",
    "garbage": lambda key: "garbage",
    "dots": lambda key: "..",
    "half a character": lambda key: "eyJ.eyJ.€",
    "a header of many brackets": lambda key: "W1tb" * 4_000 + "." + signed(key).partition(".")[2],
    "nothing": lambda key: "",
}


def forged(token: str) -> str:
    """A token with the claims of an administrator and the signature of another one."""
    head, _, signature = token.split(".")
    return f"{head}.{unsigned(claims=without(role='administrator')).split('.')[1]}.{signature}"


@pytest.fixture
def key(front: Front, tmp_path: Path) -> OKPKey:
    return own_key(tmp_path)


def over_http(front: Front, authorization: str, accept: str = "application/json") -> dict[str, Any]:
    """What is said of why it is refused."""
    headers = {"authorization": authorization.encode(), "accept": accept}
    answer = front.client.post("/graphql", json=ASK, headers=headers)  # type: ignore[arg-type]  # bytes are taken too
    assert answer.status_code == 401, answer.text
    (error,) = answer.json()["errors"]
    return dict(error["extensions"])


def over_a_socket(front: Front, authorization: str) -> tuple[int, str]:
    """The code that closes it, and what its text begins with."""
    with socket(front) as opened:
        opened.send_json({"type": "connection_init", "payload": {"authorization": authorization}})
        with pytest.raises(WebSocketDisconnect) as closed:
            opened.receive_json()
    return closed.value.code, closed.value.reason.partition(":")[0]


def assert_refused(front: Front, token: str, reason: str) -> None:
    authorization = f"Bearer {token}"
    for accept in ("application/json", "text/event-stream"):
        said = over_http(front, authorization, accept)
        assert (said["code"], said["reason"]) == ("UNAUTHENTICATED", reason)
        assert said["requestId"]
    assert over_a_socket(front, authorization) == (4403, reason)


def test_a_token_made_by_hand_of_all_that_is_needed_is_taken(front: Front, key: OKPKey) -> None:
    headers = {"authorization": f"Bearer {signed(key)}"}
    assert front.client.post("/graphql", json=ASK, headers=headers).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("what", INVALID)
def test_a_token_that_is_not_what_it_should_be_is_refused(front: Front, key: OKPKey, what: str) -> None:
    assert_refused(front, INVALID[what](key), "TOKEN_INVALID")


@pytest.mark.parametrize("ago", [timedelta(seconds=31), HOUR, timedelta(days=9_999)])
def test_a_token_past_its_time_is_refused_and_says_so(front: Front, key: OKPKey, ago: timedelta) -> None:
    assert_refused(front, signed(key, without(exp=-ago)), "TOKEN_EXPIRED")


def test_a_token_just_past_its_time_still_holds_for_clocks_differ(front: Front, key: OKPKey) -> None:
    headers = {"authorization": f"Bearer {signed(key, without(exp=timedelta(seconds=-5), nbf=timedelta(seconds=20)))}"}
    assert front.client.post("/graphql", json=ASK, headers=headers).status_code == 200


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "bearer garbage"])
def test_what_is_no_bearer_token_is_refused(front: Front, authorization: str) -> None:
    assert over_http(front, authorization)["reason"] == "TOKEN_INVALID"
    assert over_a_socket(front, authorization) == (4403, "TOKEN_INVALID")


def test_a_refusal_says_what_to_do(front: Front, key: OKPKey) -> None:
    headers = {"authorization": f"Bearer {signed(key, without(exp=-HOUR))}"}
    (error,) = front.client.post("/graphql", json=ASK, headers=headers).json()["errors"]
    assert "sign in again" in error["message"]
