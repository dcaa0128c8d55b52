"""The ledger by person, group and assistant; its sums by day; budgets and what is set aside of them."""

from alembic import op

from convosphere.core.schema import CURRENT_WORKSPACE, protect_table

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LEDGER = """
ALTER TABLE workspace ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';

ALTER TABLE model_call
    ADD COLUMN provider text NOT NULL DEFAULT '',
    ADD COLUMN asked_model text NOT NULL DEFAULT '',
    ADD COLUMN assistant_id uuid,
    ADD COLUMN assistant_version_id uuid,
    ADD COLUMN group_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN cached_tokens integer,
    ADD COLUMN thinking_tokens integer,
    ADD COLUMN is_estimated boolean NOT NULL DEFAULT false,
    ADD COLUMN counted_nanos bigint,
    ADD COLUMN counted_tokens integer NOT NULL DEFAULT 0,
    ADD COLUMN last_token_ms integer,
    ADD COLUMN error_code text NOT NULL DEFAULT '';
-- Row-level security is forced on the owner as well, who would see no row to change.
ALTER TABLE model_call NO FORCE ROW LEVEL SECURITY;
UPDATE model_call
SET counted_nanos = cost_nanos, counted_tokens = coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0);

-- Nobody reads the ledger by person; the sums of days are for that.
DROP INDEX model_call_of_account;
CREATE INDEX model_call_at ON model_call (workspace_id, created_at);
CREATE INDEX model_call_of_message ON model_call (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX model_call_account ON model_call (account_id);

-- Sums of the ledger for each day of the workspace's own time zone. Ids are opaque: the sums outlive people.
CREATE TABLE usage_day (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    day date NOT NULL,
    account_id uuid,
    group_ids uuid[] NOT NULL,
    assistant_id uuid,
    model text NOT NULL,
    purpose text NOT NULL,
    currency text NOT NULL,
    calls bigint NOT NULL,
    failed bigint NOT NULL,
    stopped bigint NOT NULL,
    unpriced bigint NOT NULL,
    prompt_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    thinking_tokens bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    counted_nanos bigint NOT NULL,
    counted_tokens bigint NOT NULL,
    first_token_ms bigint NOT NULL,
    first_tokens bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (workspace_id, day, account_id, assistant_id, model, purpose, currency, group_ids)
) WITH (fillfactor = 70);
INSERT INTO usage_day
SELECT workspace_id, (created_at AT TIME ZONE 'UTC')::date, account_id, group_ids, assistant_id, model, purpose,
    currency, count(*), count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'stopped'),
    count(*) FILTER (WHERE counted_nanos IS NULL AND counted_tokens > 0), coalesce(sum(prompt_tokens), 0), 0,
    coalesce(sum(completion_tokens), 0), 0, coalesce(sum(cost_nanos), 0), coalesce(sum(counted_nanos), 0),
    sum(counted_tokens), coalesce(sum(first_token_ms), 0), count(first_token_ms)
FROM model_call GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
ALTER TABLE model_call FORCE ROW LEVEL SECURITY;
"""

# `holder_id` is the person of a budget that each person has for themselves, and all zeros of one that is shared.
BUDGETS = """
CREATE TABLE budget (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    name text NOT NULL,
    subject_type text NOT NULL CHECK (subject_type IN ('workspace', 'group', 'person', 'assistant')),
    subject_id uuid,
    is_per_person boolean NOT NULL DEFAULT false,
    period text NOT NULL CHECK (period IN ('day', 'month')),
    unit text NOT NULL CHECK (unit IN ('money', 'tokens')),
    currency text NOT NULL DEFAULT '',
    amount bigint NOT NULL CHECK (amount > 0),
    warn_at integer[] NOT NULL DEFAULT '{80}',
    is_hard boolean NOT NULL DEFAULT true,
    created_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((subject_type = 'workspace') = (subject_id IS NULL)),
    CHECK ((unit = 'money') = (currency <> ''))
);
CREATE INDEX budget_of_workspace ON budget (workspace_id);

CREATE TABLE budget_period (
    budget_id uuid NOT NULL REFERENCES budget ON DELETE CASCADE,
    holder_id uuid NOT NULL,
    period_start date NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    spent bigint NOT NULL,
    PRIMARY KEY (budget_id, holder_id, period_start)
) WITH (fillfactor = 50);

CREATE TABLE budget_reservation (
    id uuid NOT NULL,
    budget_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    period_start date NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    amount bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (id, budget_id),
    FOREIGN KEY (budget_id, holder_id, period_start) REFERENCES budget_period ON DELETE CASCADE
);
CREATE INDEX budget_reservation_of_period ON budget_reservation (budget_id, holder_id, period_start);
"""

# Somebody's own budget takes the place of what everybody has of the same kind.
BUDGETS_FOR = f"""
CREATE FUNCTION budgets_for(given_account uuid, given_assistant uuid)
RETURNS TABLE (budget_id uuid, holder_id uuid, period_start date)
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT b.id, CASE WHEN b.is_per_person THEN given_account ELSE '00000000-0000-0000-0000-000000000000' END,
        date_trunc(b.period, now() AT TIME ZONE w.time_zone)::date
    FROM budget AS b JOIN workspace AS w ON w.id = b.workspace_id
    WHERE b.workspace_id = {CURRENT_WORKSPACE} AND (given_account IS NOT NULL OR NOT b.is_per_person)
        AND CASE b.subject_type
            WHEN 'workspace' THEN NOT b.is_per_person OR NOT EXISTS (
                SELECT FROM budget AS own WHERE own.subject_type = 'person' AND own.subject_id = given_account
                    AND own.workspace_id = b.workspace_id AND own.unit = b.unit AND own.period = b.period
                    AND own.currency = b.currency)
            WHEN 'person' THEN b.subject_id = given_account
            WHEN 'assistant' THEN b.subject_id = given_assistant
            ELSE EXISTS (
                SELECT FROM effective_group AS e WHERE e.account_id = given_account AND e.group_id = b.subject_id
            )
        END
$$;
"""

# A period begins with what the ledger says of it already, so that a budget holds for the whole of the month in which it
# was made. Sums of days are written after the budgets of a call, so no call is counted twice.
SPENT = """
CREATE FUNCTION budget_spent(given_budget uuid, given_holder uuid, given_start date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT coalesce(sum(CASE WHEN b.unit = 'tokens' THEN u.counted_tokens ELSE u.counted_nanos END), 0)::bigint
    FROM budget AS b JOIN usage_day AS u ON u.workspace_id = b.workspace_id
    WHERE b.id = given_budget AND u.day >= given_start
        AND u.day < given_start + CASE WHEN b.period = 'day' THEN interval '1 day' ELSE interval '1 month' END
        AND (b.unit = 'tokens' OR u.currency = b.currency)
        AND (NOT b.is_per_person OR u.account_id = given_holder)
        AND CASE b.subject_type
            WHEN 'person' THEN u.account_id = b.subject_id
            WHEN 'assistant' THEN u.assistant_id = b.subject_id
            WHEN 'group' THEN b.subject_id = ANY (u.group_ids)
            ELSE true
        END
$$;

CREATE FUNCTION open_budget_period(given_budget uuid, given_holder uuid, given_start date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM budget_period AS p
        WHERE p.budget_id = given_budget AND p.holder_id = given_holder AND p.period_start = given_start
    ) THEN
        INSERT INTO budget_period (budget_id, holder_id, period_start, workspace_id, spent)
        SELECT b.id, given_holder, given_start, b.workspace_id, budget_spent(b.id, given_holder, given_start)
        FROM budget AS b WHERE b.id = given_budget
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;
"""

# Whoever reserves holds the periods, one after the other in the order of their ids as everybody does, until the unit
# ends. Each statement in here sees what was committed before it began: so under the lock all reservations are there.
RESERVE = """
CREATE FUNCTION reserve_budgets(
    given_account uuid, given_assistant uuid, given_id uuid, given_currency text,
    fixed_nanos bigint, output_nanos numeric, fixed_tokens bigint, least_output integer, most_output integer,
    aside_id uuid, aside_nanos bigint, aside_tokens bigint, lifetime interval
)
RETURNS TABLE (
    budget_id uuid, holder_id uuid, period_start date, name text, subject_type text, is_per_person boolean,
    period text, unit text, currency text, amount bigint, warn_at integer[], is_hard boolean, spent bigint, held bigint,
    renews_at timestamptz, output_tokens integer, is_refused boolean
)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
    target record;
    rest bigint;
    room numeric;
    granted numeric := most_output;
    is_free boolean := fixed_nanos = 0 AND output_nanos = 0;
    found_ids uuid[] := '{}';
    found_held bigint[] := '{}';
BEGIN
    FOR target IN
        SELECT f.*, b.unit AS unit, b.currency AS currency, b.amount AS amount, b.is_hard AS is_hard
        FROM budgets_for(given_account, given_assistant) AS f JOIN budget AS b ON b.id = f.budget_id
        ORDER BY f.budget_id
    LOOP
        PERFORM open_budget_period(target.budget_id, target.holder_id, target.period_start);
        SELECT target.amount - p.spent INTO rest FROM budget_period AS p
        WHERE p.budget_id = target.budget_id AND p.holder_id = target.holder_id
            AND p.period_start = target.period_start FOR UPDATE;
        DELETE FROM budget_reservation AS r
        WHERE r.budget_id = target.budget_id AND r.holder_id = target.holder_id
            AND r.period_start = target.period_start AND r.expires_at <= clock_timestamp();
        found_ids := found_ids || target.budget_id;
        found_held := found_held || (
            SELECT coalesce(sum(r.amount), 0)::bigint FROM budget_reservation AS r
            WHERE r.budget_id = target.budget_id AND r.holder_id = target.holder_id
                AND r.period_start = target.period_start
        );
        rest := rest - found_held[cardinality(found_held)];
        IF target.unit = 'tokens' THEN
            room := rest - fixed_tokens - aside_tokens;
        ELSIF output_nanos IS NULL OR target.currency <> given_currency OR is_free THEN
            room := NULL;
        ELSE
            room := rest - fixed_nanos - aside_nanos;
            room := CASE WHEN room < 0 THEN room WHEN output_nanos = 0 THEN NULL ELSE floor(room / output_nanos) END;
        END IF;
        IF target.is_hard AND room < granted THEN
            granted := greatest(room, -1);
        END IF;
    END LOOP;
    IF granted >= least(least_output, most_output) THEN
        INSERT INTO budget_reservation (id, budget_id, holder_id, period_start, workspace_id, amount, expires_at)
        SELECT o.id, f.budget_id, f.holder_id, f.period_start, b.workspace_id,
            CASE WHEN o.id = aside_id THEN CASE WHEN b.unit = 'tokens' THEN aside_tokens ELSE aside_nanos END
                WHEN b.unit = 'tokens' THEN fixed_tokens + granted
                ELSE fixed_nanos + ceil(granted * output_nanos) END,
            clock_timestamp() + lifetime
        FROM budgets_for(given_account, given_assistant) AS f JOIN budget AS b ON b.id = f.budget_id
        CROSS JOIN unnest(ARRAY[given_id, aside_id]) AS o (id)
        WHERE b.id = ANY (found_ids) AND o.id IS NOT NULL
            AND (b.unit = 'tokens' OR (output_nanos IS NOT NULL AND b.currency = given_currency));
    END IF;
    RETURN QUERY
    SELECT f.budget_id, f.holder_id, f.period_start, b.name, b.subject_type, b.is_per_person, b.period, b.unit,
        b.currency, b.amount, b.warn_at, b.is_hard, p.spent, found_held[array_position(found_ids, f.budget_id)],
        ((f.period_start + CASE WHEN b.period = 'day' THEN interval '1 day' ELSE interval '1 month' END)::timestamp
            AT TIME ZONE w.time_zone),
        granted::integer, granted < least(least_output, most_output)
    FROM budgets_for(given_account, given_assistant) AS f
    JOIN budget AS b ON b.id = f.budget_id JOIN workspace AS w ON w.id = b.workspace_id
    JOIN budget_period AS p ON p.budget_id = f.budget_id AND p.holder_id = f.holder_id
        AND p.period_start = f.period_start
    WHERE b.id = ANY (found_ids);
END
$$;
"""

# What was reserved counts for the period in which it was, also when that has ended since.
SETTLE = """
CREATE FUNCTION settle_call(given_call uuid, given_reservation uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    made model_call;
    target record;
    counted bigint;
BEGIN
    SELECT * INTO made FROM model_call AS c WHERE c.id = given_call;
    FOR target IN
        SELECT t.*, b.unit, b.currency FROM (
            SELECT r.budget_id, r.holder_id, r.period_start FROM budget_reservation AS r WHERE r.id = given_reservation
            UNION ALL
            SELECT f.* FROM budgets_for(made.account_id, made.assistant_id) AS f
            WHERE NOT EXISTS (
                SELECT FROM budget_reservation AS r WHERE r.id = given_reservation AND r.budget_id = f.budget_id
            )
        ) AS t JOIN budget AS b ON b.id = t.budget_id
        ORDER BY t.budget_id
    LOOP
        counted := CASE WHEN target.unit = 'tokens' THEN made.counted_tokens
            WHEN target.currency = made.currency THEN made.counted_nanos END;
        IF counted > 0 THEN
            PERFORM open_budget_period(target.budget_id, target.holder_id, target.period_start);
            UPDATE budget_period AS p SET spent = p.spent + counted
            WHERE p.budget_id = target.budget_id AND p.holder_id = target.holder_id
                AND p.period_start = target.period_start;
        END IF;
    END LOOP;
    DELETE FROM budget_reservation AS r WHERE r.id = given_reservation;
    INSERT INTO usage_day AS u (
        workspace_id, day, account_id, group_ids, assistant_id, model, purpose, currency, calls, failed, stopped,
        unpriced, prompt_tokens, cached_tokens, completion_tokens, thinking_tokens, cost_nanos, counted_nanos,
        counted_tokens, first_token_ms, first_tokens
    )
    SELECT made.workspace_id, (now() AT TIME ZONE w.time_zone)::date, made.account_id, made.group_ids,
        made.assistant_id, made.model, made.purpose, made.currency, 1, (made.status = 'failed')::int,
        (made.status = 'stopped')::int, (made.counted_nanos IS NULL AND made.counted_tokens > 0)::int,
        coalesce(made.prompt_tokens, 0), coalesce(made.cached_tokens, 0), coalesce(made.completion_tokens, 0),
        coalesce(made.thinking_tokens, 0), coalesce(made.cost_nanos, 0), coalesce(made.counted_nanos, 0),
        made.counted_tokens, coalesce(made.first_token_ms, 0), (made.first_token_ms IS NOT NULL)::int
    FROM workspace AS w WHERE w.id = made.workspace_id
    ON CONFLICT (workspace_id, day, account_id, assistant_id, model, purpose, currency, group_ids) DO UPDATE SET
        calls = u.calls + 1, failed = u.failed + excluded.failed, stopped = u.stopped + excluded.stopped,
        unpriced = u.unpriced + excluded.unpriced, prompt_tokens = u.prompt_tokens + excluded.prompt_tokens,
        cached_tokens = u.cached_tokens + excluded.cached_tokens,
        completion_tokens = u.completion_tokens + excluded.completion_tokens,
        thinking_tokens = u.thinking_tokens + excluded.thinking_tokens,
        cost_nanos = u.cost_nanos + excluded.cost_nanos, counted_nanos = u.counted_nanos + excluded.counted_nanos,
        counted_tokens = u.counted_tokens + excluded.counted_tokens,
        first_token_ms = u.first_token_ms + excluded.first_token_ms,
        first_tokens = u.first_tokens + excluded.first_tokens;
END
$$;
"""


def upgrade() -> None:
    """Extend the ledger and create what budgets need."""
    connection = op.get_bind()
    for statements in (LEDGER, BUDGETS):
        connection.exec_driver_sql(statements)
    for table in ("usage_day", "budget", "budget_period", "budget_reservation"):
        protect_table(table)
    for statements in (BUDGETS_FOR, SPENT, RESERVE, SETTLE):
        connection.exec_driver_sql(statements)
