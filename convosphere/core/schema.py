"""What every migration says of a table: row-level security, forced from its first day, and the app role's rights."""

from alembic import context, op

CURRENT_WORKSPACE = "nullif(current_setting('convosphere.workspace_id', true), '')::uuid"
CURRENT_ACCOUNT = "nullif(current_setting('convosphere.account_id', true), '')::uuid"


def app_role() -> str:
    """The role that the app connects as; it owns nothing and cannot bypass row-level security."""
    return str(context.config.attributes["app_role"])


def grant_table(table: str, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Let the app use a table that belongs to no workspace."""
    op.execute(f'GRANT {rights} ON {table} TO "{app_role()}"')


# A query of its own is worked out once for a statement; the bare setting would be for each row.
IN_WORKSPACE = f"workspace_id = (SELECT {CURRENT_WORKSPACE})"


def protect_table(table: str, *, visible: str = IN_WORKSPACE, writable: str = IN_WORKSPACE) -> None:
    """Force row-level security: the app reads rows that `visible` shows and writes rows that `writable` allows."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_workspace ON {table} USING ({visible}) WITH CHECK ({writable})")
    grant_table(table)


def open_to_rotation(table: str) -> None:
    """Let the rotation of keys, which names itself, see and rewrap the sealed secrets of all workspaces."""
    rotating = "current_setting('convosphere.sealing', true) = 'rotation'"
    op.execute(f"CREATE POLICY {table}_seen_by_rotation ON {table} FOR SELECT USING ({rotating})")
    op.execute(f"CREATE POLICY {table}_rewrapped ON {table} FOR UPDATE USING ({rotating})")
