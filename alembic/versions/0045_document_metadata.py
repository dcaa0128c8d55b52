"""What documents say of themselves as people see, correct and filter it."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE document ADD COLUMN title text NOT NULL DEFAULT '',
    ADD COLUMN author text NOT NULL DEFAULT '',
    ADD COLUMN language text NOT NULL DEFAULT '',
    ADD COLUMN dated_on date,
    ADD COLUMN stated text[] NOT NULL DEFAULT '{}',
    ADD COLUMN reviewed_on date;
ALTER TABLE document_version ADD COLUMN origins jsonb NOT NULL DEFAULT '{}';
CREATE INDEX document_review ON document (workspace_id, review_on) WHERE review_on IS NOT NULL;
"""

# Programs write a day as 2026-11-20, or as "Fri, 20 Nov 2026"; whatever else there is, the next reading understands.
FILL = """
UPDATE document AS d SET title = v.title, language = v.language, author = left(coalesce(v.author, ''), 200),
    dated_on = CASE WHEN v.told BETWEEN DATE '1900-01-01' AND current_date + 1 THEN v.told END
FROM (
    SELECT t.id, t.title, t.language, t.author, CASE
        WHEN pg_input_is_valid(left(t.day, 10), 'date') AND t.day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
        THEN CAST(left(t.day, 10) AS date)
        WHEN pg_input_is_valid(substring(t.day FROM '[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}'), 'date')
        THEN CAST(substring(t.day FROM '[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}') AS date) END AS told
    FROM (
        SELECT id, title, language, properties ->> 'author' AS author,
            coalesce(nullif(properties ->> 'modified', ''), properties ->> 'created') AS day
        FROM document_version WHERE parsed_at IS NOT NULL
    ) AS t
) AS v
WHERE v.id = d.current_version_id;
"""


def upgrade() -> None:
    """Add the columns and fill them with what the current versions say."""
    driver = op.get_bind()
    for statements in (COLUMNS, FILL):
        driver.exec_driver_sql(statements)
