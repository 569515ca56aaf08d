"""Identity: what was merged, what waits for a person, all that was consented, and how members want to be spoken to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_TOLD = sa.text("NOT is_verified")
IS_MERGED = sa.text("merged_into IS NOT NULL")
IS_OPEN = sa.text("decision IS NULL")


def upgrade() -> None:
    """Add columns, indexes and tables."""
    _members()
    _merges()
    _consents()


def downgrade() -> None:
    """Refuse: nobody forgets consents by accident."""
    raise NotImplementedError("restore a backup instead")


def _members() -> None:
    op.add_column("members", sa.Column("birthday_frozen_until", INSTANT))
    for name in ("contact_channel", "contact_language", "quiet_from", "quiet_until"):
        op.add_column("members", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index("members_merged", "members", ["merged_into"], sqlite_where=IS_MERGED, postgresql_where=IS_MERGED)
    op.create_index(
        "member_identifiers_told",
        "member_identifiers",
        ["type", "realm", "value"],
        sqlite_where=IS_TOLD,
        postgresql_where=IS_TOLD,
    )


def _merges() -> None:
    op.create_table(
        "member_merges",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kept_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("absorbed_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False, comment="as they were before"),
        sa.Column("absorbed", sa.JSON(), nullable=False, comment="as they were before"),
        sa.Column("made", sa.JSON(), nullable=False, comment="the survivor as the merge made them"),
        sa.Column("topics", sa.JSON(), nullable=False, comment="what each topic did, in its own words"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("undone_at", INSTANT),
    )
    op.create_index("member_merges_kept", "member_merges", ["kept_id", "at", "id"])
    op.create_index("member_merges_absorbed", "member_merges", ["absorbed_id"])
    op.create_table(
        "member_merge_cases",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("first_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("second_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("obstacle", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.Text()),
    )
    op.create_index("member_merge_cases_pair", "member_merge_cases", ["first_id", "second_id", "opened_at"])
    op.create_index("member_merge_cases_second", "member_merge_cases", ["second_id"])
    op.create_index(
        "member_merge_cases_open",
        "member_merge_cases",
        ["opened_at", "id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def _consents() -> None:
    op.create_table(
        "consent_history",
        sa.Column("id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
    )
    op.create_index("consent_history_of", "consent_history", ["member_id", "id"])
