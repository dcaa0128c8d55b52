"""Limits of space for people and groups, and links that open documents."""

from alembic import op

from convosphere.core.schema import app_role, protect_table

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

# Who brought a content; nobody brought what the product makes itself, such as previews.
WHOSE = """
ALTER TABLE file_reference ADD COLUMN account_id uuid REFERENCES account ON DELETE SET NULL;
ALTER TABLE file_reservation ADD COLUMN account_id uuid REFERENCES account ON DELETE CASCADE;
CREATE INDEX file_reference_of_account ON file_reference (account_id, sha256) WHERE account_id IS NOT NULL;
CREATE INDEX file_reference_holder ON file_reference (holder_id);
CREATE INDEX file_reservation_of_account ON file_reservation (account_id) WHERE account_id IS NOT NULL;
"""

# The owner of the tables sees all rows only while row-level security is not forced.
EARLIER = """
ALTER TABLE file_reference NO FORCE ROW LEVEL SECURITY;
ALTER TABLE document NO FORCE ROW LEVEL SECURITY;
ALTER TABLE document_version NO FORCE ROW LEVEL SECURITY;
ALTER TABLE attachment NO FORCE ROW LEVEL SECURITY;
UPDATE file_reference AS r SET account_id = coalesce(v.author_id, d.owner_id)
FROM document_version AS v JOIN document AS d ON d.id = v.document_id
WHERE v.id = r.holder_id AND v.sha256 = r.sha256;
UPDATE file_reference AS r SET account_id = a.owner_id FROM attachment AS a WHERE a.id = r.holder_id;
ALTER TABLE attachment FORCE ROW LEVEL SECURITY;
ALTER TABLE document_version FORCE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
ALTER TABLE file_reference FORCE ROW LEVEL SECURITY;
"""

# Whoever is given a document takes its space from then on, by whatever way it comes to them.
HANDED_OVER = """
CREATE FUNCTION hand_over_space() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.file_reference AS r SET account_id = NEW.owner_id FROM public.document_version AS v
    WHERE v.document_id = NEW.id AND r.holder_id = v.id AND r.sha256 = v.sha256;
    RETURN NULL;
END
$$;
CREATE TRIGGER document_handed_over AFTER UPDATE OF owner_id ON document
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION hand_over_space();
"""

QUOTAS = """
CREATE TABLE storage_quota (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    subject text NOT NULL CHECK (subject IN ('everyone', 'group', 'person')),
    subject_id uuid,
    is_shared boolean NOT NULL DEFAULT false,
    megabytes bigint NOT NULL CHECK (megabytes >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (workspace_id, subject, subject_id, is_shared),
    CHECK ((subject = 'everyone') = (subject_id IS NULL)),
    CHECK (subject = 'group' OR NOT is_shared)
);
"""

# What is opened is a document, or what a folder or a collection shows, as far as whoever made the link may share it.
LINKS = """
CREATE TABLE document_link (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    document_id uuid REFERENCES document ON DELETE CASCADE,
    folder_id uuid REFERENCES document_folder ON DELETE CASCADE,
    collection_id uuid REFERENCES collection ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    scope text NOT NULL CHECK (scope IN ('workspace', 'anyone')),
    may_download boolean NOT NULL,
    filter jsonb,
    uses integer NOT NULL DEFAULT 0,
    used_at timestamptz,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CHECK (num_nonnulls(document_id, folder_id, collection_id) = 1)
);
CREATE INDEX document_link_document ON document_link (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX document_link_folder ON document_link (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX document_link_collection ON document_link (collection_id) WHERE collection_id IS NOT NULL;
CREATE INDEX document_link_by ON document_link (created_by);
"""

# Whoever has a link knows no workspace. This says in which one it is, and nothing else.
FINDING = """
CREATE FUNCTION find_document_link(asked bytea) RETURNS TABLE (id uuid, workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.id, l.workspace_id FROM public.document_link AS l WHERE l.token_hash = asked
$$;
REVOKE ALL ON FUNCTION find_document_link(bytea) FROM PUBLIC;
"""


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.execute(WHOSE)
    op.execute(EARLIER)
    op.execute(HANDED_OVER)
    op.execute(QUOTAS)
    op.execute(LINKS)
    op.execute(FINDING)
    for table in ("storage_quota", "document_link"):
        protect_table(table)
    op.execute("CREATE POLICY owner_reads ON document_link FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(f'GRANT EXECUTE ON FUNCTION find_document_link(bytea) TO "{app_role()}"')
