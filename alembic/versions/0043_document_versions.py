"""Versions of documents: who brought each and why, which is being read, how older ones were cut, which are alike."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0043"
down_revision = "0042"
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

LIKENESS = """
-- What is compared to find texts that are alike, see `knowledge.duplicates.sketches`. Versions with a hash in common
-- are looked at; a row each, since row-level security keeps an array's index from being used.
CREATE TABLE document_sketch (
    document_version_id uuid PRIMARY KEY REFERENCES document_version ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    minima integer[] NOT NULL
);
CREATE TABLE sketch_band (
    document_version_id uuid NOT NULL REFERENCES document_version ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    hash bigint NOT NULL,
    PRIMARY KEY (document_version_id, hash)
);
CREATE INDEX sketch_band_hash ON sketch_band (workspace_id, hash, document_version_id);

-- Two versions with the same file, or nearly the same text; `kept_at`, since somebody said that both are wanted.
CREATE TABLE document_likeness (
    version_id uuid NOT NULL REFERENCES document_version ON DELETE CASCADE,
    other_id uuid NOT NULL REFERENCES document_version ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    percent integer NOT NULL CHECK (percent BETWEEN 1 AND 100),
    is_same_file boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    kept_at timestamptz,
    CHECK (version_id <> other_id),
    PRIMARY KEY (version_id, other_id)
);
CREATE INDEX document_likeness_other ON document_likeness (other_id);
CREATE INDEX document_likeness_open ON document_likeness (workspace_id, created_at DESC) WHERE kept_at IS NULL;
"""


def upgrade() -> None:
    """Add them. A version from before has no author; pages name the owner of its document instead."""
    op.execute(VERSIONS)
    op.execute(LIKENESS)
    for table in ("version_outline", "document_sketch", "sketch_band", "document_likeness"):
        protect_table(table)
