"""Rules that tag documents, and what people said does not fit."""

from alembic import op

from convosphere.core.schema import grant_table, protect_table

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

# A refusal outlives whoever said it: it is of the document, and no rule and no suggestion comes back to it.
TABLES = """
ALTER TABLE tag_rule ADD COLUMN is_paused boolean NOT NULL DEFAULT false,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE tag_refusal (
    document_id uuid NOT NULL REFERENCES document ON DELETE CASCADE,
    tag_id uuid NOT NULL REFERENCES tag ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_id, tag_id)
);
CREATE INDEX tag_refusal_of ON tag_refusal (tag_id);
CREATE INDEX tag_refusal_by ON tag_refusal (account_id) WHERE account_id IS NOT NULL;
"""

# Words are matched through their index as in `rank_passages`: it reads one set's partition as the owner and yields
# keys only; the caller joins them to documents, under the policies of those. Without `versions`, all are looked at.
LOOK_UP = """
CREATE FUNCTION versions_with_words(given_set uuid, languages text[], queries tsquery[], versions uuid[])
RETURNS TABLE (document_version_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1000
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    name text := public.own_passage_partition(given_set);
BEGIN
    IF name IS NOT NULL THEN
        RETURN QUERY EXECUTE format(
            'SELECT DISTINCT p.document_version_id'
            ' FROM unnest($1, $2) AS q (language, query) JOIN public.%I AS p ON p.lexemes @@ q.query'
            ' AND CASE WHEN p.language IN (''de'', ''en'') THEN p.language ELSE ''simple'' END = q.language'
            ' WHERE $3 IS NULL OR p.document_version_id = ANY ($3)', name
        ) USING languages, queries, versions;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION versions_with_words(uuid, text[], tsquery[], uuid[]) FROM PUBLIC;
"""


def upgrade() -> None:
    """Create them."""
    driver = op.get_bind()
    for statements in (TABLES, LOOK_UP):
        driver.exec_driver_sql(statements.replace("%", "%%"))
    protect_table("tag_refusal")
    grant_table("FUNCTION versions_with_words(uuid, text[], tsquery[], uuid[])", "EXECUTE")
