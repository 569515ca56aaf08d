"""One operation for each way to sign in, and out; see `test_graph`."""

from typing import Any

from domain.viewers import Viewer
from tests.builders import ADMINISTRATOR, MEMBER
from tests.schema.store_operations import mutation

SESSION = """session { accessToken expiresAt refreshToken refreshExpiresAt viewer { id code status } }"""


def _unkeyed(field: str, answer: str, input: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A mutation that takes no idempotency key: what it gives out is a secret, and is given once."""
    return mutation(field, answer, input)[0], {"input": input}


OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "wechatLogin": _unkeyed("wechatLogin", SESSION, {"code": "anna"}),
    "wechatBindPhone": _unkeyed("wechatBindPhone", SESSION, {"code": "bad"}),
    "phoneCodeSend": _unkeyed("phoneCodeSend", "expiresAt", {"phone": "13800138000"}),
    "phoneLogin": _unkeyed("phoneLogin", SESSION, {"phone": "13800138000", "code": "000000"}),
    "associateLogin": _unkeyed("associateLogin", SESSION, {"tablet": "SH001-1.key", "associate": "li", "pin": "1"}),
    "sessionRefresh": _unkeyed("sessionRefresh", SESSION, {"refreshToken": "a.b.c"}),
    "sessionEnd": _unkeyed("sessionEnd", "endedCount", {"refreshToken": "a.b.c"}),
    "sessionEndAll": _unkeyed("sessionEndAll", "endedCount", {"butThis": True}),
    "tabletRegister": _unkeyed(
        "tabletRegister",
        "key tablet { name location { code } registeredAt }",
        {"tablet": "SH001-1", "location": "SH001"},
    ),
    "associatePinSet": _unkeyed("associatePinSet", "endedCount", {"associate": "li", "pin": "294817"}),
}
VIEWERS: dict[str, Viewer] = {
    "wechatBindPhone": MEMBER,
    "tabletRegister": ADMINISTRATOR,
    "associatePinSet": ADMINISTRATOR,
}
"""Who asks, where it is not an integrator."""
