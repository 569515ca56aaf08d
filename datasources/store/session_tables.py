"""The tables of who is signed in, and of what they sign in with."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from datasources.store.tables import Instant, metadata

_IS_RUNNING = text("ended_at IS NULL")

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False, comment="the id of a member or an associate"),
    Column("role", Text, nullable=False),
    Column("location_id", Text),
    Column("family", Text, nullable=False, comment="digest of the part of its refresh tokens that stays"),
    Column("turn", Text, nullable=False, comment="digest of the part that changes with every use"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant, index=True),
    Index("sessions_of", "subject", "role", sqlite_where=_IS_RUNNING, postgresql_where=_IS_RUNNING),
)

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("phone", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("tries_left", Integer, nullable=False),
)

tries = Table(
    "tries",
    metadata,
    Column("subject", Text, primary_key=True, comment="a digest: neither phones nor names are kept"),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, index=True),
)

tablets = Table(
    "tablets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("secret", Text, nullable=False, comment="its digest"),
    Column("registered_at", Instant, nullable=False),
)
