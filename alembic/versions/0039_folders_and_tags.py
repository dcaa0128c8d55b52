"""Folders and tags of documents, rules that tag, collections, and what people follow."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# `path` leads from the outermost folder to the folder itself, and a document has the path of its folder, so that what
# is granted of one reaches all within it with one test. All folders within one belong to whoever it belongs to.
FOLDERS = """
CREATE TABLE document_folder (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account,
    parent_id uuid REFERENCES document_folder ON DELETE CASCADE,
    path uuid[] NOT NULL,
    name text NOT NULL CHECK (name <> '' AND octet_length(name) <= 255),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX document_folder_name ON document_folder (workspace_id, owner_id, parent_id, lower(name))
NULLS NOT DISTINCT;
CREATE INDEX document_folder_of_owner ON document_folder (owner_id);
CREATE INDEX document_folder_parent ON document_folder (parent_id);
CREATE INDEX document_folder_path ON document_folder USING gin (path);

ALTER TABLE document ADD COLUMN folder_id uuid REFERENCES document_folder,
    ADD COLUMN folder_ids uuid[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT document_folder_last CHECK (folder_id IS NOT DISTINCT FROM folder_ids[cardinality(folder_ids)]);
CREATE INDEX document_in_folder ON document (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX document_in_folders ON document USING gin (folder_ids);
"""

# Folders were words beside a document: each becomes one of its owner's.
FILL = """
DO $$
DECLARE
    found record;
    part text;
    above uuid[];
    folder uuid;
BEGIN
    FOR found IN
        SELECT DISTINCT workspace_id, owner_id, folder_path FROM document WHERE folder_path <> '' ORDER BY folder_path
    LOOP
        above := '{}';
        FOREACH part IN ARRAY string_to_array(found.folder_path, '/') LOOP
            SELECT id INTO folder FROM document_folder
            WHERE workspace_id = found.workspace_id AND owner_id = found.owner_id AND lower(name) = lower(part)
                AND parent_id IS NOT DISTINCT FROM above[cardinality(above)];
            IF folder IS NULL THEN
                folder := gen_random_uuid();
                INSERT INTO document_folder (id, workspace_id, owner_id, parent_id, path, name)
                VALUES (folder, found.workspace_id, found.owner_id, above[cardinality(above)], above || folder, part);
            END IF;
            above := above || folder;
        END LOOP;
        UPDATE document SET folder_id = folder, folder_ids = above
        WHERE workspace_id = found.workspace_id AND owner_id = found.owner_id AND folder_path = found.folder_path;
    END LOOP;
END
$$;
ALTER TABLE document DROP COLUMN folder_path;
"""

TAGS = """
CREATE TABLE tag (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid REFERENCES account ON DELETE SET NULL,
    parent_id uuid REFERENCES tag ON DELETE SET NULL,
    path uuid[] NOT NULL,
    name text NOT NULL CHECK (name <> '' AND char_length(name) <= 60),
    colour text NOT NULL DEFAULT 'gray',
    description text NOT NULL DEFAULT '',
    synonyms text[] NOT NULL DEFAULT '{}',
    is_restricted boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tag_name ON tag (workspace_id, lower(name));
CREATE INDEX tag_of_owner ON tag (owner_id);
CREATE INDEX tag_parent ON tag (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tag_path ON tag USING gin (path);

CREATE TABLE document_tag (
    document_id uuid NOT NULL REFERENCES document ON DELETE CASCADE,
    tag_id uuid NOT NULL REFERENCES tag ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    source text NOT NULL CHECK (source IN ('person', 'rule')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_id, tag_id)
);
CREATE INDEX document_tag_of ON document_tag (tag_id, document_id);

CREATE TABLE tag_rule (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    tag_id uuid NOT NULL REFERENCES tag ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    condition jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tag_rule_of_tag ON tag_rule (tag_id);
CREATE INDEX tag_rule_of_owner ON tag_rule (owner_id);
CREATE INDEX tag_rule_of_workspace ON tag_rule (workspace_id);
"""

COLLECTIONS = """
CREATE TABLE collection (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> '' AND char_length(name) <= 80),
    filter jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX collection_of_owner ON collection (owner_id);
CREATE INDEX collection_by_name ON collection (workspace_id, lower(name), id);

-- What a person marked: a document is a favourite, or its news are told.
CREATE TABLE document_mark (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    document_id uuid NOT NULL REFERENCES document ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    favoured_at timestamptz,
    followed_at timestamptz,
    PRIMARY KEY (account_id, document_id)
);
CREATE INDEX document_mark_of ON document_mark (document_id);
"""

TABLES = ("document_folder", "tag", "document_tag", "tag_rule", "collection", "document_mark")


def upgrade() -> None:
    """Create the tables and make folders of the words that stood for them."""
    driver = op.get_bind()
    for statements in (FOLDERS, FILL, TAGS, COLLECTIONS):
        driver.exec_driver_sql(statements)
    for table in TABLES:
        protect_table(table)
