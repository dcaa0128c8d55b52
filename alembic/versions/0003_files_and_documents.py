"""Stored files, documents and their versions."""

from alembic import op

from convosphere.core.schema import protect_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILES = """
-- One row for each content of a workspace; the bytes are at files/<workspace>/<sha256>. Nothing is shared between
-- workspaces, so that nobody learns from an upload what others have.
CREATE TABLE stored_file (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL CHECK (size >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, sha256)
);

-- What needs a file, whatever it is; a file goes with its last row here.
CREATE TABLE file_reference (
    workspace_id uuid NOT NULL,
    sha256 text NOT NULL,
    holder_id uuid NOT NULL,
    PRIMARY KEY (workspace_id, sha256, holder_id),
    FOREIGN KEY (workspace_id, sha256) REFERENCES stored_file ON DELETE CASCADE
);

-- Space promised to uploads that are under way. A row that its upload did not live to remove runs out.
CREATE TABLE file_reservation (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    size bigint NOT NULL CHECK (size >= 0),
    expires_at timestamptz NOT NULL
);
CREATE INDEX file_reservation_of_workspace ON file_reservation (workspace_id);
"""

DOCUMENTS = """
CREATE TABLE document (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account,
    name text NOT NULL CHECK (name <> '' AND octet_length(name) <= 255),
    folder_path text NOT NULL DEFAULT '',
    status text NOT NULL CHECK (status IN ('stored', 'parsed', 'chunked', 'indexed', 'ready', 'failed')),
    error jsonb,
    progress_done integer NOT NULL DEFAULT 0,
    progress_total integer NOT NULL DEFAULT 0,
    current_version_id uuid NOT NULL,
    -- Who works on it: a run writes only while the row still carries its id.
    run_id uuid,
    run_until timestamptz,
    interruptions integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX document_by_time ON document (workspace_id, id);
CREATE INDEX document_by_name ON document (workspace_id, lower(name), id);
CREATE INDEX document_of_owner ON document (owner_id);

CREATE TABLE document_version (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    document_id uuid NOT NULL REFERENCES document ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 1),
    sha256 text NOT NULL,
    size bigint NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    title text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    pages integer,
    text text,
    properties jsonb NOT NULL DEFAULT '{}',
    warnings jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    parsed_at timestamptz,
    UNIQUE (document_id, number),
    FOREIGN KEY (workspace_id, sha256) REFERENCES stored_file
);
CREATE INDEX document_version_of_file ON document_version (workspace_id, sha256);
ALTER TABLE document ADD FOREIGN KEY (current_version_id) REFERENCES document_version DEFERRABLE INITIALLY DEFERRED;

-- Citations point at offsets in a version's text, so once read it never changes; another reading is another version.
CREATE FUNCTION refuse_new_text() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'The text of a document version is immutable.' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER document_version_text BEFORE UPDATE OF text ON document_version FOR EACH ROW
WHEN (OLD.parsed_at IS NOT NULL AND NEW.text IS DISTINCT FROM OLD.text) EXECUTE FUNCTION refuse_new_text();
"""

TABLES = ("stored_file", "file_reference", "file_reservation", "document", "document_version")


def upgrade() -> None:
    """Create the tables of files and documents."""
    driver = op.get_bind()
    driver.exec_driver_sql(FILES)
    driver.exec_driver_sql(DOCUMENTS)
    for table in TABLES:
        protect_table(table)
