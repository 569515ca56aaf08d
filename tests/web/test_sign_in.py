"""The journey of somebody who signs in, over the wire: by WeChat, with a phone, on and on, and out everywhere."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import pytest

from datasources.messages.simulator import SimulatedSender
from domain.viewers import Role
from resolvers.context import Sources
from tests.web.conftest import Open
from tests.web.front import Front, Wiring
from tests.web.test_live import WATCH, closing_code, greet, socket, watch
from web.pulse import Pace

SESSION = "session { accessToken expiresAt refreshToken refreshExpiresAt viewer { id code status } }"
ERRORS = "userErrors { code message path ... on TooManyTries { retryAt } }"
ME = "{ me { id status } }"


def mutation(name: str, answer: str = SESSION) -> str:
    kind = name[0].upper() + name[1:]
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {answer} {ERRORS} }} }}"


def asked(front: Front, name: str, answer: str = SESSION, *, by: Any = None, **input: Any) -> Any:
    """The payload of a mutation; `by` is the session that asks."""
    told = front.ask(mutation(name, answer), headers=bearer(by), input=input)
    assert "errors" not in told, told
    return told["data"][name]


def signed_in(front: Front, code: str = "demo-anna") -> Any:
    payload = asked(front, "wechatLogin", code=code)
    assert payload["userErrors"] == []
    return payload["session"]


def bearer(session: Any) -> Mapping[str, str]:
    return {"authorization": f"Bearer {session['accessToken']}"} if session else {}


def reason(front: Front, session: Any) -> str:
    """Why a session's access token is refused."""
    answer = front.client.post("/graphql", json={"query": ME}, headers=bearer(session))
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    return str(error["extensions"]["reason"])


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def test_from_the_first_login_to_the_end_everywhere(front: Front) -> None:
    session = signed_in(front)
    assert session["viewer"]["status"] == "PROSPECT"
    bound = asked(front, "wechatBindPhone", by=session, code="13800138000")["session"]
    me = front.ask(ME, headers=bearer(bound))["data"]["me"]
    assert me == {"id": session["viewer"]["id"], "status": "PROSPECT"}
    again = asked(front, "sessionRefresh", refreshToken=bound["refreshToken"])["session"]
    assert front.ask(ME, headers=bearer(again))["data"]["me"] == me

    other = signed_in(front, "demo-anna:2")
    assert codes(asked(front, "sessionRefresh", refreshToken=bound["refreshToken"])) == ["SESSION_ENDED"]
    assert {reason(front, one) for one in (bound, again)} == {"SESSION_ENDED"}
    assert codes(asked(front, "sessionRefresh", refreshToken=again["refreshToken"])) == ["SESSION_ENDED"]
    assert front.ask(ME, headers=bearer(other))["data"]["me"] == me

    ended = asked(front, "sessionEndAll", "endedCount", by=other)
    assert (ended["endedCount"], ended["userErrors"]) == (1, [])
    assert reason(front, other) == "SESSION_ENDED"


def test_who_signs_out_is_told_no_more_and_neither_is_their_socket(open_front: Open) -> None:
    front = open_front(Wiring(pace=Pace(ping_every_s=0.3)))
    session, other = signed_in(front, "anna"), signed_in(front, "bert")
    with socket(front) as opened, socket(front) as anothers:
        for one, whose in ((opened, session), (anothers, other)):
            greet(one, bearer(whose))
            next_of(one, "next", watch(one))
        assert asked(front, "sessionEnd", "endedCount", by=session)["endedCount"] == 1
        told = next_of(opened, "next")["payload"]
        said = told["errors"][0]["extensions"]
        assert (told["data"], said["code"], said["reason"]) == (None, "UNAUTHENTICATED", "SESSION_ENDED")
        assert next_of(opened, "complete") == {"id": "1", "type": "complete"}
        while opened.receive()["type"] != "websocket.close":
            opened.send_json({"type": "pong"})
        assert next_of(anothers, "ping") == {"type": "ping"}


def next_of(opened: Any, type: str, message: Any = None) -> Any:
    """The next message of a type; pings between are answered."""
    message = message or opened.receive_json()
    while message["type"] != type:
        assert message == {"type": "ping"}
        opened.send_json({"type": "pong"})
        message = opened.receive_json()
    return message


def test_who_has_signed_out_opens_nothing_over_any_transport(front: Front) -> None:
    session = signed_in(front)
    with socket(front) as early:
        greet(early, bearer(session))
        asked(front, "sessionEnd", "endedCount", refreshToken=session["refreshToken"])
        early.send_json({"type": "subscribe", "id": "1", "payload": {"query": WATCH}})
        assert closing_code(early) == 4403
    with socket(front) as late:
        late.send_json({"type": "connection_init", "payload": bearer(session)})
        assert closing_code(late) == 4403
    headers = {"accept": "text/event-stream", **bearer(session)}
    assert front.client.post("/graphql", json={"query": WATCH}, headers=headers).status_code == 401


def test_a_session_that_ended_before_the_server_started_stays_ended(open_front: Open) -> None:
    first = open_front(Wiring())
    session, running = signed_in(first, "anna"), signed_in(first, "bert")
    asked(first, "sessionEnd", "endedCount", by=session)
    second = open_front(Wiring())
    assert reason(second, session) == "SESSION_ENDED"
    assert second.ask(ME, headers=bearer(running))["data"]["me"]


def test_a_phone_and_its_code_sign_in_and_a_guess_is_told_when_to_try_again(open_front: Open) -> None:
    senders: list[SimulatedSender] = []

    def seen(sources: Sources) -> Sources:
        senders.append(cast("SimulatedSender", sources.sender))
        return sources

    front = open_front(Wiring(sources=seen))
    sent = asked(front, "phoneCodeSend", "expiresAt", phone="13800138000")
    assert sent["expiresAt"]
    assert sent["userErrors"] == []
    code = senders[0].last["+8613800138000"]
    wrong = asked(front, "phoneLogin", phone="13800138000", code=f"{(int(code) + 1) % 10**6:06d}")
    assert (wrong["session"], codes(wrong)) == (None, ["CODE_WRONG"])
    session = asked(front, "phoneLogin", phone="+86 138 0013 8000", code=code)["session"]
    assert front.ask(ME, headers=bearer(session))["data"]["me"]["id"] == session["viewer"]["id"]
    for _ in range(5):
        asked(front, "phoneLogin", phone="13800138000", code="000000")
    (error,) = asked(front, "phoneLogin", phone="13800138000", code="000000")["userErrors"]
    assert (error["code"], error["path"], bool(error["retryAt"])) == ("TOO_MANY_TRIES", ["input", "code"], True)


def test_a_phone_that_is_known_and_one_that_is_not_are_answered_alike_byte_by_byte(front: Front) -> None:
    known = signed_in(front)
    asked(front, "wechatBindPhone", by=known, code="13800138000")
    told = []
    for phone in ("13800138000", "13900139000"):
        asked(front, "phoneCodeSend", "expiresAt", phone=phone)
        told += [json.dumps(asked(front, "phoneLogin", phone=phone, code="000000")) for _ in range(2)]
    assert told[:2] == told[2:]


def test_only_an_administrator_makes_tablets_known_and_gives_pins(front: Front) -> None:
    asks = {
        mutation("tabletRegister", "key"): {"tablet": "SH001-1", "location": "SH001"},
        mutation("associatePinSet", "endedCount"): {"associate": "li", "pin": "294817"},
    }
    for query, input in asks.items():
        for role in (Role.MEMBER, Role.ASSOCIATE, Role.INTEGRATOR):
            assert front.refusal(query, role=role, input=input) == "FORBIDDEN"
        assert front.refusal(query, input=input) == "UNAUTHENTICATED"
    (query, input), *_ = asks.items()
    done = front.ask(query, role=Role.ADMINISTRATOR, input=input)["data"]["tabletRegister"]
    assert done["key"].startswith("SH001-1.")
    shown = {"tablet": done["key"], "associate": "nobody", "pin": "294817"}
    assert codes(asked(front, "associateLogin", **shown)) == ["PIN_WRONG"]


def test_an_access_token_of_a_session_ends_after_its_minutes(front: Front) -> None:
    session = signed_in(front)
    issued = front.tokens.viewer(f"Bearer {session['accessToken']}")
    assert issued.session_id
    assert issued.expires_at
    assert issued.role is Role.MEMBER
    assert session["expiresAt"][:16] in {
        (issued.expires_at + timedelta(seconds=s)).isoformat()[:16] for s in (-31, -30, -29)
    }


@pytest.mark.parametrize("name", ["sessionEnd", "sessionEndAll"])
def test_a_guest_has_nothing_to_end(front: Front, name: str) -> None:
    assert front.refusal(mutation(name, "endedCount"), input={}) == "UNAUTHENTICATED"
