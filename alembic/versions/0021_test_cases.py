"""Test cases of assistants, their runs and what came out."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE assistant_case (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    assistant_id uuid NOT NULL REFERENCES assistant ON DELETE CASCADE,
    question text NOT NULL,
    expectations jsonb NOT NULL,
    created_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX assistant_case_of ON assistant_case (assistant_id, id);
CREATE INDEX assistant_case_by ON assistant_case (created_by) WHERE created_by IS NOT NULL;

CREATE TABLE assistant_case_run (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    assistant_id uuid NOT NULL REFERENCES assistant ON DELETE CASCADE,
    version_id uuid NOT NULL REFERENCES assistant_version ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'stopped', 'failed')),
    reason jsonb,
    started_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX assistant_case_run_of ON assistant_case_run (assistant_id, id);
CREATE INDEX assistant_case_run_version ON assistant_case_run (version_id);
CREATE INDEX assistant_case_run_by ON assistant_case_run (started_by) WHERE started_by IS NOT NULL;

CREATE TABLE assistant_case_result (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    run_id uuid NOT NULL REFERENCES assistant_case_run ON DELETE CASCADE,
    case_id uuid NOT NULL,
    position integer NOT NULL,
    question text NOT NULL,
    expectations jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'answered', 'done')),
    verdict text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'passed', 'failed', 'not_judged')),
    answer text NOT NULL DEFAULT '',
    checks jsonb NOT NULL DEFAULT '[]',
    error jsonb,
    model text NOT NULL DEFAULT '',
    first_token_ms integer,
    total_ms integer,
    prompt_tokens integer,
    completion_tokens integer,
    cost_nanos bigint,
    currency text NOT NULL DEFAULT 'USD',
    UNIQUE (run_id, case_id)
);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    for table in ("assistant_case", "assistant_case_run", "assistant_case_result"):
        protect_table(table)
