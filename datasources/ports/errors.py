"""The ways a source can fail us, whatever it is made of. Adapters raise these and nothing of their wire.

SourceError
├── Unavailable   it does not answer, or refuses the connection
├── TimedOut      it did not answer within the deadline
├── Rejected      it understood and said no
└── Malformed     it answered something we cannot read
"""


class SourceError(Exception):
    """A source failed; `source` names it, `reason` says how."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class Unavailable(SourceError):
    """The source does not answer."""


class TimedOut(SourceError):
    """The source did not answer in time."""


class Rejected(SourceError):
    """The source said no."""


class Malformed(SourceError):
    """The source answered something we cannot read."""
