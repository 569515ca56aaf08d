"""Clienteling: tasks and notes for clients, share tokens, and the commission ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("state = 'OPEN'")
IS_UNPAID = sa.text("statement_id IS NULL")


def upgrade() -> None:
    """Create the tables."""
    _tasks()
    _notes()
    _commission()


def downgrade() -> None:
    """Refuse: nobody forgets what is owed by accident."""
    raise NotImplementedError("restore a backup instead")


def _tasks() -> None:
    op.create_table(
        "client_tasks",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("associate_id", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.Column("result", sa.Text(), nullable=False),
    )
    op.create_index(
        "client_tasks_open",
        "client_tasks",
        ["associate_id", "due_on", "id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("client_tasks_on", "client_tasks", ["member_id"])


def _notes() -> None:
    op.create_table(
        "client_notes",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("client_notes_on", "client_notes", ["member_id", "at", "id"])


def _commission() -> None:
    op.create_table(
        "share_tokens",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("associate_id", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=False),
    )
    op.create_table(
        "commission_statements",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("associate_id", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("totals_minor", sa.JSON(), nullable=False, comment="{currency: minor units}"),
    )
    op.create_table(
        "commission_entries",
        sa.Column("id", sa.Text(), primary_key=True, comment="order, line, what, and whose"),
        sa.Column("associate_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("statement_id", sa.Text(), sa.ForeignKey("commission_statements.id")),
    )
    op.create_index("commission_entries_of", "commission_entries", ["associate_id", "at", "id"])
    op.create_index("commission_entries_on", "commission_entries", ["order_id"])
    op.create_index(
        "commission_entries_unpaid",
        "commission_entries",
        ["associate_id", "at"],
        sqlite_where=IS_UNPAID,
        postgresql_where=IS_UNPAID,
    )
