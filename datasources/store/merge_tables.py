"""The tables of merging: what was merged and how it was before, what waits for a person; and all that was consented."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, Text, text

from datasources.store.tables import COUNTER, Instant, metadata

member_merges = Table(
    "member_merges",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kept_id", Text, ForeignKey("members.id"), nullable=False),
    Column("absorbed_id", Text, ForeignKey("members.id"), nullable=False),
    Column("kept", JSON, nullable=False, comment="as they were before"),
    Column("absorbed", JSON, nullable=False, comment="as they were before"),
    Column("made", JSON, nullable=False, comment="the survivor as the merge made them"),
    Column("topics", JSON, nullable=False, comment="what each topic did, in its own words"),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("undone_at", Instant),
    Index("member_merges_kept", "kept_id", "at", "id"),
    Index("member_merges_absorbed", "absorbed_id"),
)

_IS_OPEN = text("decision IS NULL")

member_merge_cases = Table(
    "member_merge_cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("first_id", Text, ForeignKey("members.id"), nullable=False),
    Column("second_id", Text, ForeignKey("members.id"), nullable=False),
    Column("obstacle", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("decision", Text),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Index("member_merge_cases_pair", "first_id", "second_id", "opened_at"),
    Index("member_merge_cases_second", "second_id"),
    Index("member_merge_cases_open", "opened_at", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
)

consent_history = Table(
    "consent_history",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("place", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    Index("consent_history_of", "member_id", "id"),
)
