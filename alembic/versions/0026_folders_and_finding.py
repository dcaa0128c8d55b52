"""Folders, tags, pins and the archive of conversations, and the words that messages are found by."""

from alembic import op

from convosphere.core.schema import app_role, protect_table

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# `path` leads from the outermost folder to the folder itself, so that what is granted of one reaches all within it. All
# folders within one belong to whoever it belongs to.
FOLDERS = """
CREATE TABLE conversation_folder (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    parent_id uuid REFERENCES conversation_folder ON DELETE CASCADE,
    path uuid[] NOT NULL,
    name text NOT NULL,
    instructions text NOT NULL DEFAULT '',
    document_ids uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversation_folder_of_owner ON conversation_folder (owner_id);
CREATE INDEX conversation_folder_parent ON conversation_folder (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX conversation_folder_path ON conversation_folder USING gin (path);

ALTER TABLE conversation ADD COLUMN folder_id uuid REFERENCES conversation_folder ON DELETE SET NULL;
CREATE INDEX conversation_in_folder ON conversation (folder_id) WHERE folder_id IS NOT NULL;

ALTER TABLE conversation_view ADD COLUMN pinned_at timestamptz, ADD COLUMN archived_at timestamptz;
CREATE INDEX conversation_view_pinned ON conversation_view (account_id) WHERE pinned_at IS NOT NULL;
CREATE INDEX conversation_view_archived ON conversation_view (account_id) WHERE archived_at IS NOT NULL;

CREATE TABLE conversation_tag (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    name text NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    PRIMARY KEY (account_id, name, conversation_id)
);
CREATE INDEX conversation_tag_of ON conversation_tag (conversation_id);
"""

# Every word counts, so these know no stop words: "to be or not to be" is found. Whoever reads may have either language.
WORDS = """
CREATE TEXT SEARCH DICTIONARY message_german_stem (TEMPLATE = pg_catalog.snowball, Language = german);
CREATE TEXT SEARCH DICTIONARY message_english_stem (TEMPLATE = pg_catalog.snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION message_german (COPY = pg_catalog.german);
CREATE TEXT SEARCH CONFIGURATION message_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION message_german ALTER MAPPING REPLACE german_stem WITH message_german_stem;
ALTER TEXT SEARCH CONFIGURATION message_english ALTER MAPPING REPLACE english_stem WITH message_english_stem;

-- Beside words, lexemes that begin with @ say whose a message is, who wrote it and what it holds. Rows are narrow,
-- their lexemes stand apart: most searches never read those.
CREATE TABLE message_entry (
    message_id uuid PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    german tsvector NOT NULL,
    english tsvector NOT NULL
) WITH (toast_tuple_target = 128);
CREATE INDEX message_entry_words ON message_entry USING gin (german, english) WITH (gin_pending_list_limit = 256);
CREATE INDEX message_entry_of ON message_entry (conversation_id);

-- At most as many characters as always fit into a text search vector.
CREATE FUNCTION keep_message_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    written text := left(coalesce((
        SELECT string_agg(part ->> 'text', ' ' ORDER BY place)
        FROM jsonb_array_elements(NEW.parts) WITH ORDINALITY AS p (part, place) WHERE part ->> 'type' = 'text'
    ), ''), 60000);
    marks tsvector := array_to_tsvector(array_remove(ARRAY[
        '@' || (SELECT c.owner_id FROM public.conversation AS c WHERE c.id = NEW.conversation_id),
        '@' || NEW.role,
        '@' || NEW.assistant_id,
        CASE WHEN written LIKE '%```%' THEN '@code' END,
        CASE WHEN written ~ 'https?://' THEN '@link' END,
        CASE WHEN written ~ E'(^|\\n)\\\\|[ :-]+\\\\|' THEN '@table' END,
        CASE WHEN NEW.parts @> '[{"type": "image"}]' THEN '@image' END,
        CASE WHEN NEW.parts @> '[{"type": "file"}]' OR NEW.parts @> '[{"type": "document"}]'
            OR NEW.parts @> '[{"type": "image"}]' THEN '@file' END
    ], NULL));
BEGIN
    INSERT INTO public.message_entry (message_id, workspace_id, conversation_id, german, english)
    VALUES (
        NEW.id, NEW.workspace_id, NEW.conversation_id,
        to_tsvector('public.message_german', written) || marks, to_tsvector('public.message_english', written) || marks
    )
    ON CONFLICT (message_id) DO UPDATE SET german = excluded.german, english = excluded.english;
    RETURN NULL;
END
$$;
CREATE TRIGGER message_entry_kept AFTER INSERT OR UPDATE OF parts ON message
FOR EACH ROW WHEN (NEW.parts <> '[]') EXECUTE FUNCTION keep_message_entry();

-- Under row-level security PostgreSQL uses no index for `@@`, which is not leakproof. This reads as the owner, only of
-- the workspace that is set; its caller says which conversations, which the caller's own rights have chosen.
CREATE FUNCTION find_messages(asked_german tsquery, asked_english tsquery, conversations uuid[], since uuid, until uuid,
    most integer
) RETURNS TABLE (message_id uuid, conversation_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT e.message_id, e.conversation_id FROM public.message_entry AS e'
        ' WHERE (e.german @@ $1 OR e.english @@ $2) AND e.workspace_id = $7'
        ' AND coalesce(e.conversation_id, e.conversation_id) = ANY ($3)'
        ' AND ($4 IS NULL OR e.message_id >= $4) AND ($5 IS NULL OR e.message_id < $5)'
        ' ORDER BY e.message_id DESC LIMIT $6'
    USING asked_german, asked_english, conversations, since, until, most,
        nullif(current_setting('convosphere.workspace_id', true), '')::uuid;
END
$$;
REVOKE ALL ON FUNCTION keep_message_entry(), find_messages(tsquery, tsquery, uuid[], uuid, uuid, integer) FROM PUBLIC;
"""

ACCOUNTS = "ALTER TABLE account ADD COLUMN shortcuts jsonb NOT NULL DEFAULT '{}'"


# What was said before is found too. The owner sees all rows only while row-level security is not forced.
EARLIER = """
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE message NO FORCE ROW LEVEL SECURITY;
UPDATE message SET parts = parts WHERE parts <> '[]';
ALTER TABLE message FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    """Create the tables, and let what was said before be found too."""
    op.execute(FOLDERS)
    op.get_bind().exec_driver_sql(WORDS.replace("%", "%%"))
    op.execute(ACCOUNTS)
    op.execute(EARLIER)
    for table in ("conversation_folder", "conversation_tag", "message_entry"):
        protect_table(table)
    op.execute("CREATE POLICY owner_reads ON message_entry FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        f'GRANT EXECUTE ON FUNCTION find_messages(tsquery, tsquery, uuid[], uuid, uuid, integer) TO "{app_role()}"'
    )
