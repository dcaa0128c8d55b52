"""Prompts with their versions."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE prompt (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL,
    command text NOT NULL,
    description text NOT NULL DEFAULT '',
    current_version_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE INDEX prompt_of_owner ON prompt (owner_id);
CREATE INDEX prompt_by_name ON prompt (workspace_id, lower(name), id) WHERE deleted_at IS NULL;

CREATE TABLE prompt_version (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    prompt_id uuid NOT NULL REFERENCES prompt ON DELETE CASCADE,
    number integer NOT NULL,
    definition jsonb NOT NULL,
    why text NOT NULL DEFAULT '',
    author_id uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (prompt_id, number)
);
CREATE INDEX prompt_version_author ON prompt_version (author_id);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("prompt", "prompt_version"):
        protect_table(table)
