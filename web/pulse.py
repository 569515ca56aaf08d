"""The pulse: one timer for all sockets of a worker, in whose turn each is asked whether it is still there.

The sockets stand in groups that take turns, so that ten thousand pings do not leave in one moment.
"""

import asyncio
from dataclasses import dataclass
from itertools import cycle
from typing import Protocol

GROUPS = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient sockets are. Phones, and the proxies before us, drop a connection that is silent for a minute."""

    ping_every_s: float = 20.0
    greeting_s: float = 5.0


class Beating(Protocol):
    """Something whose turn comes."""

    def beat(self) -> None:
        """It is your turn. Must neither wait nor raise."""


class Pulse:
    """Gives everybody who joined a turn every `every_s`; sleeps while there is nobody."""

    def __init__(self, every_s: float) -> None:
        self._step_s = every_s / GROUPS
        self._groups: list[set[Beating]] = [set() for _ in range(GROUPS)]
        self._joining, self._turns = cycle(self._groups), cycle(self._groups)
        self._timer: asyncio.TimerHandle | None = None

    def join(self, one: Beating) -> set[Beating]:
        """Take somebody in; who leaves discards itself from the group that is returned."""
        group = next(self._joining)
        group.add(one)
        if self._timer is None:
            self._wait()
        return group

    def _turn(self) -> None:
        for one in tuple(next(self._turns)):
            one.beat()
        self._timer = None
        if any(self._groups):
            self._wait()

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._step_s, self._turn)
