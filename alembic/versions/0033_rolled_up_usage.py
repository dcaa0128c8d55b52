"""Sums of closed days and months, so that pages of a year read few rows; see docs/decisions/closed-days.md."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = """
-- Days before `rolled_until` are in the tables below, with all that was booked on them.
CREATE TABLE usage_rolled (
    workspace_id uuid PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    rolled_until date NOT NULL
);

CREATE TABLE usage_month (LIKE usage_day);
ALTER TABLE usage_month
    ADD FOREIGN KEY (workspace_id) REFERENCES workspace ON DELETE CASCADE,
    ADD UNIQUE NULLS NOT DISTINCT
        (workspace_id, day, account_id, assistant_id, model, purpose, currency, group_ids);

CREATE TABLE usage_total (LIKE usage_day);
ALTER TABLE usage_total
    DROP COLUMN account_id, DROP COLUMN group_ids, DROP COLUMN assistant_id, DROP COLUMN model, DROP COLUMN purpose,
    ADD PRIMARY KEY (workspace_id, day, currency),
    ADD FOREIGN KEY (workspace_id) REFERENCES workspace ON DELETE CASCADE;

-- Answers by how long they took until their first word, in milliseconds with two significant digits. What a row is not
-- looked at by is empty.
CREATE TABLE answer_sum (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    look text NOT NULL CHECK (look IN ('version', 'assistant', 'model')),
    span text NOT NULL CHECK (span IN ('day', 'month')),
    begins_on date NOT NULL,
    assistant_id uuid,
    assistant_version_id uuid,
    model text NOT NULL,
    currency text NOT NULL,
    wait_ms integer,
    answers bigint NOT NULL,
    stopped bigint NOT NULL,
    failed bigint NOT NULL,
    tokens bigint NOT NULL,
    counted bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    priced bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT
        (workspace_id, look, span, assistant_id, begins_on, assistant_version_id, model, currency, wait_ms)
);
CREATE INDEX usage_day_account ON usage_day (workspace_id, account_id, day);
"""


def upgrade() -> None:
    """Create the tables; a job fills them."""
    op.get_bind().exec_driver_sql(TABLES)
    for table in ("usage_rolled", "usage_month", "usage_total", "answer_sum"):
        protect_table(table)
