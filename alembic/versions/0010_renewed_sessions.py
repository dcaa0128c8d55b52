"""Sessions that get a new token, and that nothing but what a person does prolongs."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The token before the present one opens nothing. It only tells a browser that was just handed another from one that
# is signed out: of its tabs, some may still come with it for an instant.
COLUMNS = """
ALTER TABLE web_session
    ADD COLUMN previous_token_hash bytea,
    ADD COLUMN renewed_at timestamptz,
    ADD COLUMN is_renewal_due boolean NOT NULL DEFAULT false;
CREATE INDEX web_session_previous ON web_session (previous_token_hash) WHERE previous_token_hash IS NOT NULL;
"""

# As before, but that looking does not prolong, and that it says whether the session is to get a new token.
RESOLVE_SESSION = """
DROP FUNCTION resolve_session(bytea, interval);
CREATE FUNCTION resolve_session(given_hash bytea, idle interval)
RETURNS TABLE (
    session_id uuid, account_id uuid, workspace_id uuid, role text, custom_permissions text[], name text, email text,
    locale text, authenticated_at timestamptz, method text, lacks_factor boolean, is_renewal_due boolean,
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
    RETURN QUERY
        SELECT found.id, a.id, m.workspace_id, m.role, CASE WHEN r.is_custom THEN r.permissions END, a.name, a.email,
            a.locale, found.authenticated_at, found.method,
            coalesce(real_r.requires_second_factor, false) AND found.method = 'password', found.is_renewal_due,
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


def upgrade() -> None:
    """Add the columns."""
    op.execute(COLUMNS)
    op.execute(RESOLVE_SESSION)
