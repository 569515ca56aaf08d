"""Members: who they are, what they allow, what they bought, who looks after them, who looked at them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_VERIFIED = sa.text("is_verified")
IS_PHONE = sa.text("tail IS NOT NULL")
IS_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    _people()
    _consents()
    _orders()
    _clients()
    _access()


def downgrade() -> None:
    """Refuse: nobody forgets members by accident."""
    raise NotImplementedError("restore a backup instead")


def _people() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False, unique=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text()),
        sa.Column("birthday", sa.Date()),
        sa.Column("registration_source", sa.Text(), nullable=False),
        sa.Column("home_location_id", sa.Text(), sa.ForeignKey("locations.id")),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("merged_into", sa.Text(), comment="who they are now"),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "member_identifiers",
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("type", sa.Text(), primary_key=True),
        sa.Column("realm", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.Column("tail", sa.Text(), comment="of a phone: its last four digits"),
    )
    op.create_index(
        "member_identifiers_once",
        "member_identifiers",
        ["type", "realm", "value"],
        unique=True,
        sqlite_where=IS_VERIFIED,
        postgresql_where=IS_VERIFIED,
    )
    op.create_index(
        "member_identifiers_tail",
        "member_identifiers",
        ["tail", "member_id"],
        sqlite_where=IS_PHONE,
        postgresql_where=IS_PHONE,
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("purpose", sa.Text(), primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True, comment="empty: every channel"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id")),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id")),
        sa.Column("associate_id", sa.Text()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("completed_at", INSTANT),
        sa.Column("net_minor", sa.BigInteger(), nullable=False, comment="the sum of its lines"),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.UniqueConstraint("source", "number", name="orders_once"),
    )
    op.create_index("orders_of", "orders", ["member_id", "placed_at", "id"])
    op.create_index("orders_completed", "orders", ["member_id", "completed_at"])


def _clients() -> None:
    op.create_table(
        "associates",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("wecom_user_id", sa.Text(), unique=True),
        sa.Column("pin_hash", sa.Text()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    op.create_index("associates_at", "associates", ["location_id", "id"])
    op.create_table(
        "bindings",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("associate_id", sa.Text(), sa.ForeignKey("associates.id"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=False),
        sa.Column("protected_until", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
    )
    op.create_index(
        "bindings_once", "bindings", ["member_id"], unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_index(
        "bindings_of", "bindings", ["associate_id", "member_id"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_table(
        "visits",
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id"), primary_key=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("last_at", INSTANT, nullable=False),
    )
    op.create_index("visits_latest", "visits", ["location_id", "last_at"])


def _access() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("viewer_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
    )
    op.create_index("access_log_of", "access_log", ["member_id", "at"])
