"""Looks for remains of documents as jobs, and questions that documents do not answer."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

SCANS = """
CREATE TABLE knowledge_scan (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    id uuid NOT NULL,
    account_id uuid REFERENCES account ON DELETE SET NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    is_cleaning boolean NOT NULL DEFAULT false,
    findings jsonb NOT NULL,
    missing_ids uuid[] NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE INDEX knowledge_scan_by ON knowledge_scan (account_id);
"""
# So that which documents are cited, by how many answers, is counted from the index alone.
CITATIONS = """
CREATE INDEX message_citation_cited ON message_citation (workspace_id, document_id, message_id) WHERE is_cited;
"""

# What was asked stands in its message alone; a group knows the stems of its first question and goes with its last.
QUESTIONS = """
CREATE TABLE question_group (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    stems text[] NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'dismissed')),
    owner_id uuid REFERENCES account ON DELETE SET NULL,
    document_id uuid REFERENCES document ON DELETE SET NULL,
    settled_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX question_group_by_state ON question_group (workspace_id, state);
CREATE INDEX question_group_by_stems ON question_group USING gin (stems);
CREATE INDEX question_group_owner ON question_group (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX question_group_document ON question_group (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX question_group_settled_by ON question_group (settled_by) WHERE settled_by IS NOT NULL;

CREATE TABLE unanswered_question (
    question_id uuid PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES question_group ON DELETE CASCADE,
    asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX unanswered_question_group ON unanswered_question (group_id);
CREATE INDEX unanswered_question_asker ON unanswered_question (account_id);

CREATE FUNCTION forget_empty_question_group() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.question_group AS g WHERE g.id = OLD.group_id
        AND NOT EXISTS (SELECT FROM public.unanswered_question AS u WHERE u.group_id = OLD.group_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER unanswered_question_forgotten AFTER DELETE ON unanswered_question
    FOR EACH ROW EXECUTE FUNCTION forget_empty_question_group();

CREATE TABLE question_rule (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    keeps_questions boolean NOT NULL
);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(SCANS)
    op.execute(CITATIONS)
    op.execute(QUESTIONS)
    for table in ("knowledge_scan", "question_group", "unanswered_question", "question_rule"):
        protect_table(table)
