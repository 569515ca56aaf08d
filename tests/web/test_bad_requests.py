"""What is wrong with a request is said with a status, a stable code and the request's id; nothing is half-done."""

import re

import pytest

from tests.web.front import MAX_BODY_BYTES, Front

JSON = {"content-type": "application/json"}
TYPENAME = b'{"query": "{ __typename }"}'


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "BAD_REQUEST"),
        (b"\xff\xfe", "application/json", 400, "BAD_REQUEST"),
        (b"", "application/json", 400, "BAD_REQUEST"),
        (b"null", "application/json", 400, "BAD_REQUEST"),
        (b"5", "application/json", 400, "BAD_REQUEST"),
        (b'"{ __typename }"', "application/json", 400, "BAD_REQUEST"),
        (b"[]", "application/json", 400, "BAD_REQUEST"),
        (b"[" + TYPENAME + b"]", "application/json", 400, "BAD_REQUEST"),
        (b"{}", "application/json", 400, "BAD_REQUEST"),
        (b'{"query": 5}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": []}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "operationName": "Other"}', "application/json", 400, "BAD_OPERATION"),
        (b'{"query": "{ __typename }", "operationName": 5}', "application/json", 400, "BAD_OPERATION"),
        (b'{"query": "{ __typename }", "operationName": {}}', "application/json", 400, "BAD_OPERATION"),
        (TYPENAME, "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"query={__typename}", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"query": "' + b"#" * MAX_BODY_BYTES + b'"}', "application/json", 413, "BODY_TOO_LARGE"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(
    front: Front, body: bytes, content_type: str, status: int, code: str
) -> None:
    answer = front.client.post("/graphql", content=body, headers={"content-type": content_type})
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["message"]
    assert error["extensions"] == {"code": code, "requestId": answer.headers["x-request-id"]}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", "/graphql", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/livez", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/nowhere", 404, "NOT_FOUND"),
        ("GET", "/media/nothing.jpg", 404, "NOT_FOUND"),
        ("GET", "/media/demo/NOTHING.svg", 404, "NOT_FOUND"),
        ("GET", "/explorer/pages.py", 404, "NOT_FOUND"),
        ("GET", "/media/..%2f..%2fpyproject.toml", 404, "NOT_FOUND"),
        ("GET", "/media/%00", 404, "NOT_FOUND"),
        ("GET", "/media/" + "a" * 5_000, 404, "NOT_FOUND"),
        ("GET", "/docs/%00", 404, "NOT_FOUND"),
        ("GET", "/docs/docs/" + "a" * 5_000, 404, "NOT_FOUND"),
        ("GET", "/graphql?query=mutation{__typename}", 400, "BAD_OPERATION"),
        ("GET", "/graphql?query={__typename}&variables=[", 400, "BAD_REQUEST"),
    ],
)
def test_an_address_that_has_nothing_says_so(front: Front, method: str, path: str, status: int, code: str) -> None:
    answer = front.client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"] == {"code": code, "requestId": answer.headers["x-request-id"]}


def test_a_browser_that_opens_the_endpoint_is_shown_the_explorer(front: Front) -> None:
    answer = front.client.get("/graphql", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "/explorer/" in answer.json()["errors"][0]["message"]


def test_a_query_may_come_by_get(front: Front) -> None:
    assert front.client.get("/graphql", params={"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}


def test_a_request_keeps_a_sane_id_of_its_own_and_gets_a_new_one_for_any_other(front: Front) -> None:
    def id_for(given: str) -> str:
        return str(
            front.client.post("/graphql", content=TYPENAME, headers={**JSON, "x-request-id": given}).headers[
                "x-request-id"
            ]
        )

    assert id_for("till-7:2026.11.21_0001") == "till-7:2026.11.21_0001"
    for insane in ("short", "x" * 65, 'a"b<script>1234', "two words here"):
        assert re.fullmatch("[0-9a-f]{32}", id_for(insane))


def test_a_channel_that_is_none_is_refused_instead_of_shown_anothers_prices(front: Front) -> None:
    body = {"query": "{ __typename }"}
    answers = {
        name: front.client.post("/graphql", json=body, headers={"x-channel": name}) for name in ("shop", "web", "")
    }
    assert [answer.status_code for answer in answers.values()] == [400, 200, 200]
    assert answers["shop"].json()["errors"][0]["extensions"]["code"] == "BAD_ARGUMENT"
    assert "MINI_PROGRAM, " in answers["shop"].json()["errors"][0]["message"]
