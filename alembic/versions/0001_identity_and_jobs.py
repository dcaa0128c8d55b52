"""Accounts, workspaces, memberships, sessions, invitations, grants and the job queue."""

from alembic import op
from procrastinate.schema import SchemaManager

from convosphere.core.schema import CURRENT_ACCOUNT, CURRENT_WORKSPACE, IN_WORKSPACE, grant_table, protect_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GLOBAL_TABLES = """
CREATE TABLE account (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL,
    password_hash text NOT NULL,
    locale text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
-- One row once the installation has an owner; its key makes a second founding impossible.
CREATE TABLE installation (
    is_founded boolean PRIMARY KEY CHECK (is_founded),
    workspace_id uuid NOT NULL,
    founded_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE set_up_token (
    token_hash bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE TABLE web_session (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    active_workspace_id uuid NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX web_session_account ON web_session (account_id);
"""

WORKSPACE_TABLES = """
CREATE TABLE workspace (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE membership (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX membership_account ON membership (account_id);
CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    email text CHECK (email = lower(email)),
    role text NOT NULL,
    created_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE TABLE access_grant (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    subject_type text NOT NULL CHECK (subject_type IN ('person', 'group', 'everyone')),
    subject_id uuid,
    object_type text NOT NULL,
    object_id uuid NOT NULL,
    level text NOT NULL CHECK (level IN ('view', 'use', 'edit', 'manage')),
    is_deny boolean NOT NULL DEFAULT false,
    created_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((subject_type = 'everyone') = (subject_id IS NULL)),
    UNIQUE NULLS NOT DISTINCT (workspace_id, object_type, object_id, subject_type, subject_id)
);
"""

# Which account a cookie means is asked before any workspace is known. This is that path's only query: it shows one
# session's person and their membership in its workspace, never a list.
RESOLVE_SESSION = """
CREATE FUNCTION resolve_session(given_hash bytea, idle interval)
RETURNS TABLE (session_id uuid, account_id uuid, workspace_id uuid, role text, name text, email text, locale text)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    found web_session;
BEGIN
    SELECT * INTO found FROM web_session AS s
    WHERE s.token_hash = given_hash AND s.expires_at > now() AND s.last_seen_at > now() - idle;
    IF found IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('convosphere.workspace_id', found.active_workspace_id::text, true);
    IF found.last_seen_at < now() - interval '1 minute' THEN
        UPDATE web_session SET last_seen_at = now() WHERE id = found.id;
    END IF;
    RETURN QUERY
        SELECT found.id, a.id, m.workspace_id, m.role, a.name, a.email, a.locale
        FROM account AS a JOIN membership AS m ON m.account_id = a.id
        WHERE a.id = found.account_id AND a.is_active AND m.is_active AND m.workspace_id = found.active_workspace_id;
END
$$;
"""

JOB_TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")


def upgrade() -> None:
    """Create the tables of people and of jobs."""
    driver = op.get_bind()
    driver.exec_driver_sql(GLOBAL_TABLES)
    driver.exec_driver_sql(WORKSPACE_TABLES)
    for table in ("account", "web_session", "set_up_token"):
        grant_table(table)
    grant_table("installation", "SELECT, INSERT")
    own_id = f"id = {CURRENT_WORKSPACE}"
    protect_table("workspace", visible=own_id, writable=own_id)
    protect_table("membership", visible=f"{IN_WORKSPACE} OR account_id = {CURRENT_ACCOUNT}")
    by_invitation = "token_hash = decode(current_setting('convosphere.invitation', true), 'hex')"
    protect_table("invitation", visible=f"{IN_WORKSPACE} OR {by_invitation}")
    protect_table("access_grant")
    driver.exec_driver_sql(RESOLVE_SESSION)
    # A test holds this schema's hash: a release of procrastinate that changes it needs a migration of its own.
    driver.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    for table in JOB_TABLES:
        grant_table(table)
    for table in JOB_TABLES[:3]:
        grant_table(f"SEQUENCE {table}_id_seq", "USAGE")
