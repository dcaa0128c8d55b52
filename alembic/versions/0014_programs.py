"""Who a program acts for: what its key or token opens, looked up in one statement."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# With a key that is revoked or replaced end the tokens that were given for it.
COLUMNS = """
ALTER TABLE refresh_token ADD COLUMN api_key_id uuid REFERENCES api_key ON DELETE CASCADE;
CREATE INDEX refresh_token_key ON refresh_token (api_key_id);
"""

# A program has no second factor of its own; where the role asks for one, its person must have it.
PERSON_OF_PROGRAM = """
CREATE FUNCTION person_of_program(given_account uuid, given_workspace uuid)
RETURNS TABLE (
    account_id uuid, workspace_id uuid, role text, custom_permissions text[], name text, email text, locale text,
    lacks_factor boolean
)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM set_config('convosphere.workspace_id', given_workspace::text, true),
        set_config('convosphere.account_id', given_account::text, true);
    RETURN QUERY
        SELECT a.id, m.workspace_id, m.role, CASE WHEN r.is_custom THEN r.permissions END, a.name, a.email, a.locale,
            coalesce(r.requires_second_factor, false)
                AND NOT EXISTS (SELECT FROM totp_secret AS s WHERE s.account_id = a.id AND s.confirmed_at IS NOT NULL)
                AND NOT EXISTS (SELECT FROM passkey AS p WHERE p.account_id = a.id)
        FROM account AS a
        JOIN membership AS m ON m.account_id = a.id AND m.workspace_id = given_workspace
        LEFT JOIN role AS r ON r.workspace_id = m.workspace_id AND r.key = m.role
        WHERE a.id = given_account AND a.is_active AND m.is_active;
END
$$;
"""

RESOLVE_KEY = """
CREATE FUNCTION resolve_key(given_hash bytea, given_address text)
RETURNS TABLE (
    credential_id uuid, expires_at timestamptz, scopes text[], account_id uuid, workspace_id uuid, role text,
    custom_permissions text[], name text, email text, locale text, lacks_factor boolean
)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    found_key api_key;
BEGIN
    PERFORM set_config('convosphere.credential', encode(given_hash, 'hex'), true);
    SELECT * INTO found_key FROM api_key AS k
    WHERE k.token_hash = given_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now());
    IF found_key.id IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT found_key.id, found_key.expires_at, found_key.scopes, p.*
        FROM person_of_program(found_key.account_id, found_key.workspace_id) AS p;
    IF FOUND AND (
        found_key.last_used_at IS NULL OR found_key.last_used_at < now() - interval '1 minute'
        OR found_key.last_used_address <> given_address
    ) THEN
        UPDATE api_key AS k SET last_used_at = now(), last_used_address = given_address WHERE k.id = found_key.id;
    END IF;
END
$$;
"""

# Of a family of tokens one row at least is there as long as any of its tokens may live.
LOOK_UP_ACCESS = """
CREATE FUNCTION resolve_token(given_token uuid, given_family uuid, given_account uuid, given_workspace uuid)
RETURNS TABLE (
    account_id uuid, workspace_id uuid, role text, custom_permissions text[], name text, email text, locale text,
    lacks_factor boolean
)
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM set_config('convosphere.workspace_id', given_workspace::text, true);
    IF EXISTS (SELECT FROM revoked_token AS t WHERE t.id = given_token)
        OR NOT EXISTS (
            SELECT FROM refresh_token AS f WHERE f.family_id = given_family AND f.account_id = given_account
        )
        OR EXISTS (SELECT FROM refresh_token AS f WHERE f.family_id = given_family AND f.revoked_at IS NOT NULL)
    THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT p.* FROM person_of_program(given_account, given_workspace) AS p;
END
$$;
"""


def upgrade() -> None:
    """Create the functions."""
    for statements in (COLUMNS, PERSON_OF_PROGRAM, RESOLVE_KEY, LOOK_UP_ACCESS):
        op.execute(statements)
