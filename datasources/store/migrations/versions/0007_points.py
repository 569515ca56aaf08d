"""Points and store credit: accounts, lots, freezes, what was told and the postings; rewards and who redeemed them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_FREE = sa.text("remaining > 0")


def upgrade() -> None:
    """Create the tables."""
    _accounts()
    _ledger()
    _rewards()


def downgrade() -> None:
    """Refuse: nobody forgets what members own by accident."""
    raise NotImplementedError("restore a backup instead")


def _accounts() -> None:
    op.create_table(
        "points_accounts",
        sa.Column("member_id", sa.Text(), primary_key=True),
        sa.Column("programme", sa.Text(), primary_key=True),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.BigInteger(), nullable=False, comment="less what is owed"),
        sa.Column("frozen", sa.BigInteger(), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("united", sa.BigInteger(), nullable=False, comment="accounts that were joined in it"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_at", INSTANT, comment="where the last fact stood: last_at, last_rank, last_ref"),
        sa.Column("last_rank", sa.BigInteger(), nullable=False),
        sa.Column("last_ref", sa.Text(), nullable=False),
        sa.Column("waiting", sa.JSON(), nullable=False, comment="facts that wait for those they speak of"),
        sa.Column("next_expiry", INSTANT, comment="of what is free"),
    )
    op.create_index("points_accounts_due", "points_accounts", ["next_expiry"])
    op.create_table(
        "points_lots",
        sa.Column("member_id", sa.Text(), primary_key=True),
        sa.Column("programme", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("earned_by", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("frozen", sa.BigInteger(), nullable=False),
        sa.Column("active_from", INSTANT),
        sa.Column("expires_at", INSTANT),
        sa.Column("shares", sa.JSON(), nullable=False, comment="[[line, units, points, units taken back], …]"),
    )
    columns = ["member_id", "programme", "expires_at"]
    op.create_index("points_lots_free", "points_lots", columns, sqlite_where=IS_FREE, postgresql_where=IS_FREE)
    op.create_table(
        "points_holds",
        sa.Column("member_id", sa.Text(), primary_key=True),
        sa.Column("programme", sa.Text(), primary_key=True),
        sa.Column("ref", sa.Text(), primary_key=True),
        sa.Column("parts", sa.JSON(), nullable=False, comment="[[lot, frozen, spent, restored], …]"),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_captured", sa.Boolean(), nullable=False),
    )


def _ledger() -> None:
    op.create_table(
        "points_transactions",
        sa.Column("id", sa.Text(), primary_key=True, comment="a digest of programme, member, kind and ref"),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False, comment="whose account it is written in"),
        sa.Column("owner_id", sa.Text(), nullable=False, comment="who that member is now"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fact", sa.JSON(), comment="what was told; null: the clock did it"),
        sa.Column(
            "is_void", sa.Boolean(), nullable=False, comment="a merge that was undone, and what went back with it"
        ),
        sa.UniqueConstraint("programme", "member_id", "kind", "ref", name="points_transactions_once"),
    )
    op.create_index("points_transactions_of", "points_transactions", ["owner_id", "programme", "occurred_at", "id"])
    op.create_index("points_transactions_ref", "points_transactions", ["owner_id", "ref"])
    op.create_table(
        "points_postings",
        sa.Column("id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("transaction_id", sa.Text(), sa.ForeignKey("points_transactions.id"), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False, comment="empty: of no lot"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="of the account, once it was written"),
    )
    op.create_index("points_postings_of", "points_postings", ["transaction_id"])
    op.create_index("points_postings_since", "points_postings", ["member_id", "programme", "version"])


def _rewards() -> None:
    op.create_table(
        "rewards",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("stock", sa.BigInteger(), comment="how many can still be redeemed; null: any number"),
        sa.Column("channels", sa.JSON(), nullable=False, comment="where it can be redeemed; empty: everywhere"),
        sa.Column("sku", sa.Text(), comment="what a gift is"),
        sa.Column("valid_from", INSTANT),
        sa.Column("valid_until", INSTANT),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "reward_redemptions",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False, unique=True, comment="what the member shows"),
        sa.Column("reward_code", sa.Text(), sa.ForeignKey("rewards.code"), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("redeemed_at", INSTANT, nullable=False),
        sa.Column("fulfilled_at", INSTANT),
        sa.Column("fulfilled_by", sa.Text()),
        sa.Column("location_id", sa.Text(), comment="where it was handed over"),
    )
    op.create_index("reward_redemptions_of", "reward_redemptions", ["member_id", "redeemed_at", "id"])
