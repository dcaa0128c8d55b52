"""Versions of documents: who brought each and why, the one that is being read, and how older ones were cut."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0044"
down_revision = "0041"
branch_labels = None
depends_on = None

VERSIONS = """
ALTER TABLE document_version
    ADD COLUMN author_id uuid REFERENCES account ON DELETE SET NULL,
    ADD COLUMN why text NOT NULL DEFAULT '';
CREATE INDEX document_version_author ON document_version (author_id) WHERE author_id IS NOT NULL;

-- Which version takes over once it is read; until then the current one answers.
ALTER TABLE document
    ADD COLUMN next_version_id uuid REFERENCES document_version DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX document_by_next_version ON document (next_version_id) WHERE next_version_id IS NOT NULL;

-- An upload asks for documents of its name. Row-level security keeps `lower(name)` from using its index.
CREATE INDEX document_named ON document (workspace_id, name);

-- Where the passages of a version lay that is no longer searched: its text is in `document_version`.
CREATE TABLE version_outline (
    document_version_id uuid PRIMARY KEY REFERENCES document_version ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    starts integer[] NOT NULL,
    ends integer[] NOT NULL,
    pages integer[] NOT NULL,
    headings text[] NOT NULL
);
"""


def upgrade() -> None:
    """Add them. A version from before has no author; pages name the owner of its document instead."""
    op.execute(VERSIONS)
    protect_table("version_outline")
