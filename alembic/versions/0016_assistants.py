"""Assistants with their versions, who finds them first, and which one answers where nobody chose."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE assistant (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL,
    handle text NOT NULL,
    description text NOT NULL DEFAULT '',
    icon text NOT NULL DEFAULT '',
    color text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT '',
    gallery_state text NOT NULL DEFAULT 'private' CHECK (gallery_state IN ('private', 'proposed', 'published')),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'active', 'inactive', 'retired')),
    current_version_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE INDEX assistant_of_owner ON assistant (owner_id);
CREATE INDEX assistant_by_handle ON assistant (workspace_id, handle) WHERE deleted_at IS NULL;

CREATE TABLE assistant_version (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    assistant_id uuid NOT NULL REFERENCES assistant ON DELETE CASCADE,
    number integer NOT NULL,
    name text NOT NULL,
    icon text NOT NULL DEFAULT '',
    color text NOT NULL DEFAULT '',
    definition jsonb NOT NULL,
    why text NOT NULL DEFAULT '',
    author_id uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (assistant_id, number)
);
CREATE INDEX assistant_version_author ON assistant_version (author_id);

CREATE TABLE assistant_favourite (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    assistant_id uuid NOT NULL REFERENCES assistant ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, assistant_id)
);
CREATE INDEX assistant_favourite_of ON assistant_favourite (assistant_id);

CREATE TABLE assistant_default (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    subject_type text NOT NULL CHECK (subject_type IN ('person', 'group', 'workspace')),
    subject_id uuid,
    assistant_id uuid NOT NULL REFERENCES assistant ON DELETE CASCADE,
    set_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((subject_type = 'workspace') = (subject_id IS NULL)),
    UNIQUE NULLS NOT DISTINCT (workspace_id, subject_type, subject_id)
);
CREATE INDEX assistant_default_of ON assistant_default (assistant_id);
"""

# Answers keep the assistant and its version as opaque ids: they outlive both, and then say so.
CHAT = """
ALTER TABLE conversation ADD COLUMN assistant_id uuid;
ALTER TABLE message ADD COLUMN assistant_id uuid, ADD COLUMN assistant_version_id uuid;
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    op.execute(CHAT)
    for table in ("assistant", "assistant_version", "assistant_favourite", "assistant_default"):
        protect_table(table)
