"""Custom roles, groups, second factors, passkeys, one-time links, keys for programs, and what a profile holds."""

from alembic import op

from convosphere.core.schema import CURRENT_ACCOUNT, IN_WORKSPACE, grant_table, protect_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PROFILES = """
ALTER TABLE account
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN email_verified_at timestamptz,
    ADD COLUMN password_changed_at timestamptz,
    ADD COLUMN last_sign_in_at timestamptz,
    ADD COLUMN time_zone text NOT NULL DEFAULT '',
    ADD COLUMN theme text NOT NULL DEFAULT '',
    ADD COLUMN density text NOT NULL DEFAULT '',
    ADD COLUMN muted_mails text[] NOT NULL DEFAULT '{}';
CREATE TABLE avatar (
    account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    image bytea NOT NULL,
    digest text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE web_session
    ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN method text NOT NULL DEFAULT 'password',
    ADD COLUMN looking_as uuid REFERENCES account ON DELETE CASCADE;
"""

# A row for a built-in role holds only what the workspace decides about it; a custom one also its name and permissions.
ROLES_AND_GROUPS = """
CREATE TABLE role (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    key text NOT NULL,
    name text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    permissions text[] NOT NULL DEFAULT '{}',
    is_custom boolean NOT NULL,
    requires_second_factor boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, key)
);
CREATE TABLE person_group (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX person_group_name ON person_group (workspace_id, lower(name));
CREATE TABLE group_member (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES person_group ON DELETE CASCADE,
    account_id uuid REFERENCES account ON DELETE CASCADE,
    subgroup_id uuid REFERENCES person_group ON DELETE CASCADE,
    is_manager boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((account_id IS NULL) <> (subgroup_id IS NULL)),
    CHECK (subgroup_id IS DISTINCT FROM group_id),
    CHECK (account_id IS NOT NULL OR NOT is_manager),
    UNIQUE NULLS NOT DISTINCT (group_id, account_id, subgroup_id)
);
CREATE INDEX group_member_account ON group_member (account_id);
CREATE INDEX group_member_subgroup ON group_member (subgroup_id);
-- Every group that a person is in, directly or through others: made anew whenever groups change, read by every grant.
CREATE TABLE effective_group (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES person_group ON DELETE CASCADE,
    PRIMARY KEY (account_id, group_id)
);
CREATE INDEX effective_group_group ON effective_group (group_id);
ALTER TABLE invitation
    ADD COLUMN group_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN locale text NOT NULL DEFAULT '',
    ADD COLUMN revoked_at timestamptz,
    ADD COLUMN accepted_by uuid REFERENCES account ON DELETE SET NULL;
CREATE INDEX access_grant_subject ON access_grant (subject_id);
"""

FACTORS = """
CREATE TABLE totp_secret (
    account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz
);
CREATE TABLE recovery_code (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, code_hash)
);
CREATE TABLE passkey (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL DEFAULT 0,
    transports text[] NOT NULL DEFAULT '{}',
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);
CREATE INDEX passkey_account ON passkey (account_id);
CREATE TABLE sign_in_step (
    token_hash bytea PRIMARY KEY,
    account_id uuid REFERENCES account ON DELETE CASCADE,
    purpose text NOT NULL,
    challenge bytea,
    tries integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE TABLE account_link (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('recovery', 'verification', 'email_change')),
    email text NOT NULL CHECK (email = lower(email)),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX account_link_account ON account_link (account_id);
"""

KEYS = """
CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL,
    prefix text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    last_used_address text NOT NULL DEFAULT '',
    revoked_at timestamptz
);
CREATE INDEX api_key_account ON api_key (account_id);
CREATE TABLE refresh_token (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    family_id uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX refresh_token_family ON refresh_token (family_id);
CREATE INDEX refresh_token_account ON refresh_token (account_id);
CREATE TABLE signing_key (
    id text PRIMARY KEY,
    public_key jsonb NOT NULL,
    sealed_private_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
CREATE TABLE revoked_token (
    id uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
"""

# As before, and in the same one statement: whose eyes the person looks through, what a custom role allows, and whether
# the role asks for a second factor that this sign-in lacked.
RESOLVE_SESSION = """
DROP FUNCTION resolve_session(bytea, interval);
CREATE FUNCTION resolve_session(given_hash bytea, idle interval)
RETURNS TABLE (
    session_id uuid, account_id uuid, workspace_id uuid, role text, custom_permissions text[], name text, email text,
    locale text, authenticated_at timestamptz, method text, lacks_factor boolean,
    real_account_id uuid, real_name text, real_role text, real_permissions text[]
)
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
        SELECT found.id, a.id, m.workspace_id, m.role, CASE WHEN r.is_custom THEN r.permissions END, a.name, a.email,
            a.locale, found.authenticated_at, found.method,
            coalesce(real_r.requires_second_factor, false) AND found.method = 'password',
            real_a.id, real_a.name, real_m.role, CASE WHEN real_r.is_custom THEN real_r.permissions END
        FROM account AS real_a
        JOIN membership AS real_m ON real_m.account_id = real_a.id AND real_m.workspace_id = found.active_workspace_id
        LEFT JOIN role AS real_r ON real_r.workspace_id = real_m.workspace_id AND real_r.key = real_m.role
        JOIN account AS a ON a.id = coalesce(found.looking_as, found.account_id)
        JOIN membership AS m ON m.account_id = a.id AND m.workspace_id = found.active_workspace_id
        LEFT JOIN role AS r ON r.workspace_id = m.workspace_id AND r.key = m.role
        WHERE real_a.id = found.account_id AND real_a.is_active AND real_m.is_active AND a.is_active AND m.is_active;
END
$$;
"""

OWN_OR_COLLEAGUE = f"account_id = {CURRENT_ACCOUNT} OR account_id IN (SELECT m.account_id FROM membership AS m)"
"""What belongs to a person: to be seen by that person and, for help with it, in the workspaces that they are in."""


def upgrade() -> None:
    """Create the tables."""
    for statements in (PROFILES, ROLES_AND_GROUPS, FACTORS, KEYS, RESOLVE_SESSION):
        op.execute(statements)
    for table in ("role", "person_group", "group_member", "effective_group"):
        protect_table(table)
    for table in ("avatar", "totp_secret", "recovery_code", "passkey"):
        protect_table(table, visible=OWN_OR_COLLEAGUE, writable=OWN_OR_COLLEAGUE)
    by_credential = "token_hash = decode(current_setting('convosphere.credential', true), 'hex')"
    for table in ("api_key", "refresh_token"):
        protect_table(table, visible=f"{IN_WORKSPACE} OR account_id = {CURRENT_ACCOUNT} OR {by_credential}")
    # Looked up by a secret before anybody is known; they never show a list.
    for table in ("sign_in_step", "account_link", "signing_key", "revoked_token"):
        grant_table(table)
