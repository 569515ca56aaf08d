"""What is known of a member: tiers, tags, behaviour, wishes, and where they stand among all."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _tiers()
    _tags()
    _behaviour()
    _rfm()


def downgrade() -> None:
    """Refuse: what was granted and used is not forgotten by accident."""
    raise NotImplementedError("restore a backup instead")


def _tiers() -> None:
    op.create_table(
        "tier_grants",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
    )
    op.create_index("tier_grants_of", "tier_grants", ["member_id", "until"])
    op.create_table(
        "entitlement_uses",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id")),
        sa.Column("used_by", sa.Text(), nullable=False),
    )
    op.create_index("entitlement_uses_of", "entitlement_uses", ["member_id", "code", "used_at"])


def _tags() -> None:
    op.create_table(
        "member_tags",
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("dimension", sa.Text(), primary_key=True),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("confidence_bp", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT),
    )
    op.create_table(
        "wishes",
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), primary_key=True),
        sa.Column("added_at", INSTANT, nullable=False),
    )


def _behaviour() -> None:
    op.create_table(
        "behaviour",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("event_id", sa.Text(), primary_key=True),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("product_id", sa.Text()),
        sa.Column("sku", sa.Text()),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text()),
    )
    op.create_index("behaviour_of", "behaviour", ["member_id", "occurred_at"])
    op.create_index("behaviour_old", "behaviour", ["occurred_at"])


def _rfm() -> None:
    op.create_table(
        "rfm_runs",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("members", sa.BigInteger(), comment="empty: it has not come to its end"),
        sa.Column("ranking", sa.JSON(), comment="[cuts, recency, orders, amounts]"),
        sa.Column("sizes", sa.JSON(), comment="{bits: members}"),
    )
    op.create_index("rfm_runs_latest", "rfm_runs", ["as_of"])
    op.create_table(
        "member_rfm",
        sa.Column("run_id", sa.Text(), sa.ForeignKey("rfm_runs.id"), primary_key=True),
        sa.Column("member_id", sa.Text(), primary_key=True),
        sa.Column("recency_days", sa.Integer(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
    )
