"""Lists of people to invite, and people who leave for good."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What was read of a list waits here until somebody confirms it, and says how far the sending is.
LISTS = """
CREATE TABLE invitation_list (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    created_by uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    lines jsonb NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sending', 'done', 'stopped')),
    locale text NOT NULL DEFAULT '',
    days integer NOT NULL DEFAULT 7,
    done integer NOT NULL DEFAULT 0,
    total integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE invitation
    ADD COLUMN name text NOT NULL DEFAULT '',
    ADD COLUMN is_mailed boolean NOT NULL DEFAULT false,
    ADD COLUMN list_id uuid REFERENCES invitation_list ON DELETE SET NULL;
CREATE INDEX invitation_open ON invitation (workspace_id, email) WHERE used_at IS NULL AND revoked_at IS NULL;
"""

# It outlives the account, which is why it does not refer to it.
DELETIONS = """
CREATE TABLE person_deletion (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL,
    name text NOT NULL,
    heir_id uuid REFERENCES account ON DELETE SET NULL,
    requested_by uuid,
    requested_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE UNIQUE INDEX person_deletion_running ON person_deletion (workspace_id, account_id) WHERE finished_at IS NULL;
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(LISTS)
    op.execute(DELETIONS)
    protect_table("invitation_list")
    protect_table("person_deletion")
