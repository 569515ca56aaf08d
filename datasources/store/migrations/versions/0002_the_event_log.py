"""The event log knows who it is, who leads, how far it was published, and when each event was recorded."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep every event and every position; what was published stays published."""
    _relay()
    _outbox()


def downgrade() -> None:
    """Refuse: the version before would not know what was published."""
    raise NotImplementedError("bring back a backup instead")


def _relay() -> None:
    connection = op.get_bind()
    position = connection.scalar(sa.text("SELECT position FROM relay"))
    published = connection.scalar(sa.text("SELECT coalesce(max(position), 0) FROM outbox WHERE published"))
    op.drop_table("relay")
    relay = op.create_table(
        "relay",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("log", sa.Text(), nullable=False, comment="names this log among all others"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the last event given one"),
        sa.Column("published", sa.BigInteger(), nullable=False, comment="position of the last event published"),
        sa.Column("leader", sa.Text()),
        sa.Column("leads_until", sa.DateTime(timezone=True)),
    )
    row = {"id": 1, "log": secrets.token_hex(8), "position": position, "published": published}
    op.bulk_insert(relay, [row])


def _outbox() -> None:
    op.drop_index("outbox_waiting", "outbox")
    op.add_column("outbox", sa.Column("recorded_at", sa.DateTime(timezone=True)))
    now = datetime.now(UTC).replace(tzinfo=None if op.get_bind().dialect.name == "sqlite" else UTC)
    outbox = sa.table("outbox", sa.column("recorded_at", sa.DateTime(timezone=True)))
    op.execute(outbox.update().values(recorded_at=now))
    with op.batch_alter_table("outbox") as table:
        table.drop_column("published")
        table.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    unnumbered = sa.text("position IS NULL")
    op.create_index("outbox_unnumbered", "outbox", ["id"], postgresql_where=unnumbered, sqlite_where=unnumbered)
    op.create_index("outbox_key", "outbox", ["topic", "key", "position"])
