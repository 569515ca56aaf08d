"""The tables of clienteling: what is to do and was noted for clients, and what associates earn."""

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Index, Integer, Table, Text, text

from datasources.store.tables import Instant, metadata

_IS_OPEN = text("state = 'OPEN'")
_IS_UNPAID = text("statement_id IS NULL")

client_tasks = Table(
    "client_tasks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("associate_id", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("since", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed_at", Instant),
    Column("result", Text, nullable=False),
    Index("client_tasks_open", "associate_id", "due_on", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    Index("client_tasks_on", "member_id"),
)

client_notes = Table(
    "client_notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("author_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Index("client_notes_on", "member_id", "at", "id"),
)

share_tokens = Table(
    "share_tokens",
    metadata,
    Column("code", Text, primary_key=True),
    Column("associate_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
)

commission_statements = Table(
    "commission_statements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("associate_id", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("totals_minor", JSON, nullable=False, comment="{currency: minor units}"),
)

commission_entries = Table(
    "commission_entries",
    metadata,
    Column("id", Text, primary_key=True, comment="order, line, what, and whose"),
    Column("associate_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("units", BigInteger, nullable=False),
    Column("share_bp", Integer, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("statement_id", Text, ForeignKey("commission_statements.id")),
    Index("commission_entries_of", "associate_id", "at", "id"),
    Index("commission_entries_on", "order_id"),
    Index("commission_entries_unpaid", "associate_id", "at", sqlite_where=_IS_UNPAID, postgresql_where=_IS_UNPAID),
)
