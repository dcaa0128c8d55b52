"""The gallery of a workspace: which version of an assistant stands there, and what was asked for and decided."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Until now nobody could publish anything.
GALLERY = """
ALTER TABLE assistant DROP CONSTRAINT assistant_gallery_state_check;
ALTER TABLE assistant NO FORCE ROW LEVEL SECURITY;
UPDATE assistant SET gallery_state = 'none';
ALTER TABLE assistant FORCE ROW LEVEL SECURITY;
ALTER TABLE assistant
    ALTER COLUMN gallery_state SET DEFAULT 'none',
    ADD CONSTRAINT assistant_gallery_state_check
        CHECK (gallery_state IN ('none', 'requested', 'published', 'refused')),
    ADD COLUMN published_version_id uuid,
    ADD COLUMN requested_version_id uuid,
    ADD COLUMN requested_by uuid REFERENCES account ON DELETE SET NULL,
    ADD COLUMN requested_at timestamptz,
    ADD COLUMN decided_by uuid REFERENCES account ON DELETE SET NULL,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision_reason text NOT NULL DEFAULT '';
CREATE INDEX assistant_requested ON assistant (workspace_id, requested_at) WHERE gallery_state = 'requested';
CREATE INDEX assistant_requested_by ON assistant (requested_by) WHERE requested_by IS NOT NULL;
CREATE INDEX assistant_decided_by ON assistant (decided_by) WHERE decided_by IS NOT NULL;
"""


def upgrade() -> None:
    """Let assistants be published."""
    op.execute(GALLERY)
