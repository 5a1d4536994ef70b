"""Who issued each credential, and where its status lists are published: read from the credential itself."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CREDENTIALS = sa.table(
    "credentials",
    sa.column("id", sa.String()),
    sa.column("document", sa.String()),
    sa.column("issuer", sa.String()),
    sa.column("status_home", sa.String()),
)


def upgrade() -> None:
    """Make the columns, and fill them."""
    for column in ("issuer", "status_home"):
        op.add_column("credentials", sa.Column(column, sa.String(), nullable=True))
    connection = op.get_bind()
    for credential, document in connection.execute(sa.select(CREDENTIALS.c.id, CREDENTIALS.c.document)).all():
        said = json.loads(document)
        home = said["credentialStatus"][0]["statusListCredential"].rpartition("/")[0]
        values = {"issuer": said["issuer"]["id"], "status_home": home}
        connection.execute(sa.update(CREDENTIALS).where(CREDENTIALS.c.id == credential).values(values))
    with op.batch_alter_table("credentials") as table:
        for column in ("issuer", "status_home"):
            table.alter_column(column, existing_type=sa.String(), nullable=False)
    op.create_index("ix_credentials_issuer", "credentials", ["issuer"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_credentials_issuer", "credentials")
    with op.batch_alter_table("credentials") as table:
        table.drop_column("status_home")
        table.drop_column("issuer")
