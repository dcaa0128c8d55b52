"""Ways of cutting texts: settings on passage sets, sets in the making, and what texts are cut anew by."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

# `settings` say how the set's passages are cut; {} is as it was before there were any. Beside the current set there is
# at most one that is to take its place; what is `leaving` is searched no more, and a job deletes it.
SETS = """
ALTER TABLE passage_set
    ADD COLUMN settings jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN state text NOT NULL DEFAULT 'ready' CHECK (state IN ('making', 'ready', 'failed', 'leaving')),
    ADD COLUMN error jsonb;
CREATE UNIQUE INDEX passage_set_shadow ON passage_set (workspace_id) WHERE NOT is_current AND state <> 'leaving';
"""
# The blocks of a version's text as `parsing.layout` keeps them: `kinds` has a letter for each, `labels` name headings.
LAYOUT = """
CREATE TABLE version_layout (
    document_version_id uuid PRIMARY KEY REFERENCES document_version ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    kinds text NOT NULL,
    starts integer[] NOT NULL,
    ends integer[] NOT NULL,
    levels integer[] NOT NULL,
    pages integer[] NOT NULL,
    labels text[] NOT NULL
);
"""


def upgrade() -> None:
    """Add them. Texts that were read before have no layout until they are read again."""
    op.execute(SETS)
    op.execute(LAYOUT)
    protect_table("version_layout")
