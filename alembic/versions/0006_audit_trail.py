"""The audit trail: entries that the app may add at the end of a chain and read, and nothing else."""

from alembic import op

from convosphere.core.schema import CURRENT_WORKSPACE, grant_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
-- No foreign keys: the trail outlives what it tells of.
CREATE TABLE audit_entry (
    workspace_id uuid, -- NULL: the chain of what belongs to no workspace
    sequence bigint NOT NULL CHECK (sequence >= 1),
    occurred_at timestamptz NOT NULL,
    account_id uuid,
    account_name text NOT NULL,
    session_id uuid,
    means text NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    real_account_id uuid, -- who it really was that looked as account_id
    real_name text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id uuid,
    label text NOT NULL,
    before jsonb,
    after jsonb,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    times integer NOT NULL CHECK (times >= 1),
    key_id text NOT NULL,
    previous_hmac bytea NOT NULL,
    hmac bytea NOT NULL,
    UNIQUE NULLS NOT DISTINCT (workspace_id, sequence)
);
CREATE INDEX audit_entry_of_object ON audit_entry (workspace_id, object_id, sequence) WHERE object_id IS NOT NULL;
CREATE INDEX audit_entry_of_account ON audit_entry (workspace_id, account_id, sequence) WHERE account_id IS NOT NULL;

-- Which chains there are, so that they can be verified one by one: ids of workspaces, all zeros for the installation's.
CREATE TABLE audit_chain (
    id uuid PRIMARY KEY,
    began_at timestamptz NOT NULL DEFAULT now()
);
"""

# Whoever appends asks this first. It makes others wait until the transaction ends, so that the answer stays true; the
# look-up is a statement of its own after the lock, and so sees what the one before has committed.
LAST = """
CREATE FUNCTION audit_last(of_workspace uuid)
RETURNS TABLE (last_sequence bigint, last_hmac bytea, moment timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || coalesce(of_workspace::text, 'installation'), 0));
    IF of_workspace IS NULL THEN
        PERFORM set_config('convosphere.audit', 'installation', true);
        SELECT sequence, hmac INTO last_sequence, last_hmac FROM audit_entry
        WHERE workspace_id IS NULL ORDER BY sequence DESC LIMIT 1;
    ELSE
        SELECT sequence, hmac INTO last_sequence, last_hmac FROM audit_entry
        WHERE workspace_id = of_workspace ORDER BY sequence DESC LIMIT 1;
    END IF;
    last_sequence := coalesce(last_sequence, 0);
    last_hmac := coalesce(last_hmac, decode(repeat('00', 32), 'hex'));
    moment := clock_timestamp();
    RETURN NEXT;
END
$$;
"""

# The seal itself cannot be checked here, as the key is not in the database; place, link and time can.
PLACE = """
CREATE FUNCTION audit_entry_takes_its_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    place record;
BEGIN
    SELECT * INTO place FROM audit_last(NEW.workspace_id);
    IF NEW.sequence <> place.last_sequence + 1 OR NEW.previous_hmac <> place.last_hmac
        OR octet_length(NEW.hmac) <> 32
        OR NEW.occurred_at NOT BETWEEN place.moment - interval '5 minutes' AND place.moment + interval '5 minutes'
    THEN
        RAISE EXCEPTION 'an audit entry goes to the end of its chain, now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.sequence = 1 THEN
        INSERT INTO audit_chain (id) VALUES (coalesce(NEW.workspace_id, '00000000-0000-0000-0000-000000000000'))
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_entry_place BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_takes_its_place();
"""

# The app has no right to any of this. These stop the tables' owner as well, who would have to remove them first.
STANDING = """
CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_entry_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stands();
CREATE TRIGGER audit_chain_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stands();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stands;
ALTER TABLE audit_chain ENABLE ALWAYS TRIGGER audit_chain_stands;
"""

IN_CHAIN = (
    f"workspace_id = {CURRENT_WORKSPACE}"
    " OR (workspace_id IS NULL AND current_setting('convosphere.audit', true) = 'installation')"
)


def upgrade() -> None:
    """Create the tables; who reads or adds is bound to a workspace, or says that it is about the installation."""
    for part in (TABLES, LAST, PLACE, STANDING):
        op.get_bind().exec_driver_sql(part)
    op.execute("ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY audit_entry_seen ON audit_entry FOR SELECT USING ({IN_CHAIN})")
    op.execute(f"CREATE POLICY audit_entry_added ON audit_entry FOR INSERT WITH CHECK ({IN_CHAIN})")
    grant_table("audit_entry", "SELECT, INSERT")
    grant_table("audit_chain", "SELECT, INSERT")
