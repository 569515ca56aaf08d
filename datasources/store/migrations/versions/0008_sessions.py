"""Sign-in: sessions, one-time codes, who tried in vain, and the tablets that the house knows."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IS_RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    _sessions()
    _ways_in()


def downgrade() -> None:
    """Refuse: nobody is signed out by accident."""
    raise NotImplementedError("restore a backup instead")


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False, comment="the id of a member or an associate"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text()),
        sa.Column("family", sa.Text(), nullable=False, comment="digest of the part of its refresh tokens that stays"),
        sa.Column("turn", sa.Text(), nullable=False, comment="digest of the part that changes with every use"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_ended_at", "sessions", ["ended_at"])
    op.create_index(
        "sessions_of", "sessions", ["subject", "role"], sqlite_where=IS_RUNNING, postgresql_where=IS_RUNNING
    )


def _ways_in() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("phone", sa.Text(), primary_key=True),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
    )
    op.create_index("ix_one_time_codes_expires_at", "one_time_codes", ["expires_at"])
    op.create_table(
        "tries",
        sa.Column("subject", sa.Text(), primary_key=True, comment="a digest: neither phones nor names are kept"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT),
    )
    op.create_index("ix_tries_last_at", "tries", ["last_at"])
    op.create_table(
        "tablets",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id"), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False, comment="its digest"),
        sa.Column("registered_at", INSTANT, nullable=False),
    )
