"""Recordings: when what is said, what models wrote down of each piece, which models do that and describe pictures."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TABLES = """
-- From which character of a version's text on what is said from when to when, in milliseconds; in order.
CREATE TABLE version_transcript (
    document_version_id uuid PRIMARY KEY REFERENCES document_version ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    starts integer[] NOT NULL,
    begins integer[] NOT NULL,
    ends integer[] NOT NULL
);

-- What a model wrote down of a piece of sound, so that nobody pays for the same piece twice.
CREATE TABLE transcribed_piece (
    document_version_id uuid NOT NULL REFERENCES document_version ON DELETE CASCADE,
    sha256 text NOT NULL,
    model text NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    utterances jsonb NOT NULL,
    is_timed boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_version_id, sha256, model)
);
CREATE INDEX transcribed_piece_content ON transcribed_piece (workspace_id, sha256, model);
"""
COLUMNS = """
-- From which character on a text is what a model says of a picture.
ALTER TABLE document_version ADD COLUMN described_from integer;
-- At which second of a recording a cited passage begins.
ALTER TABLE message_citation ADD COLUMN seconds integer;
"""
PURPOSES = """
ALTER TABLE model_default DROP CONSTRAINT model_default_purpose_check;
ALTER TABLE model_default ADD CONSTRAINT model_default_purpose_check CHECK (
    purpose IN ('chat', 'title', 'follow_ups', 'rewriting', 'checking', 'embedding', 'rerank', 'speech', 'describing')
);
"""


def upgrade() -> None:
    """Add them; what was read before is no recording."""
    op.execute(TABLES)
    op.execute(COLUMNS)
    op.execute(PURPOSES)
    for table in ("version_transcript", "transcribed_piece"):
        protect_table(table)
