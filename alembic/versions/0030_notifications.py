"""What people are told of, how they want to be told, and mails with news."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# Whoever leaves a workspace takes along what they were told there.
TABLES = """
CREATE TABLE notification (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    subject_type text,
    subject_id uuid,
    actor_id uuid REFERENCES account ON DELETE CASCADE,
    count integer NOT NULL DEFAULT 1,
    facts jsonb NOT NULL DEFAULT '{}',
    on_page boolean NOT NULL,
    in_browser boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    mailed_at timestamptz,
    FOREIGN KEY (workspace_id, account_id) REFERENCES membership ON DELETE CASCADE,
    UNIQUE (workspace_id, account_id, key)
);
CREATE INDEX notification_of_person ON notification (workspace_id, account_id, created_at DESC, id DESC);
CREATE INDEX notification_unread ON notification (workspace_id, account_id, subject_id) WHERE read_at IS NULL;
CREATE INDEX notification_by_age ON notification (workspace_id, created_at);
CREATE INDEX notification_of_actor ON notification (actor_id);

CREATE TABLE notification_preference (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    on_page boolean NOT NULL,
    in_browser boolean NOT NULL,
    digest text NOT NULL CHECK (digest IN ('none', 'daily', 'weekly')),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, account_id, kind),
    FOREIGN KEY (workspace_id, account_id) REFERENCES membership ON DELETE CASCADE
);

CREATE TABLE notification_digest (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL,
    period text NOT NULL CHECK (period IN ('daily', 'weekly')),
    token_hash bytea NOT NULL UNIQUE,
    sent_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (workspace_id, account_id) REFERENCES membership ON DELETE CASCADE
);
CREATE INDEX notification_digest_of_person ON notification_digest (workspace_id, account_id);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("notification", "notification_preference", "notification_digest"):
        protect_table(table)
