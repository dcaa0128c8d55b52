"""Passages with their term vectors, frequencies of terms, and vectors of embedding models."""

from alembic import op

from convosphere.core.schema import CURRENT_WORKSPACE, grant_table, protect_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SETS = """
-- `average_length` is fixed for a set, so that a passage's weights never change. `changes` counts passages that came
-- or went; caches of the vocabulary go by it. The row is also the lock under which frequencies change.
CREATE TABLE passage_set (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    chunking text NOT NULL,
    version integer NOT NULL,
    is_current boolean NOT NULL,
    average_length real NOT NULL CHECK (average_length > 0),
    passage_count integer NOT NULL DEFAULT 0 CHECK (passage_count >= 0),
    changes bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, chunking, version)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX passage_set_current ON passage_set (workspace_id) WHERE is_current;

CREATE TABLE document_frequency (
    passage_set_id uuid NOT NULL REFERENCES passage_set ON DELETE CASCADE,
    dimension integer NOT NULL,
    workspace_id uuid NOT NULL,
    language text NOT NULL,
    term text NOT NULL,
    passage_count integer NOT NULL CHECK (passage_count >= 0),
    PRIMARY KEY (passage_set_id, dimension)
) WITH (fillfactor = 70);

CREATE TABLE vector_set (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    passage_set_id uuid NOT NULL REFERENCES passage_set ON DELETE CASCADE,
    model text NOT NULL,
    dimension integer NOT NULL CHECK (dimension BETWEEN 1 AND 4000),
    version integer NOT NULL,
    is_current boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (passage_set_id, model, dimension, version)
);
CREATE UNIQUE INDEX vector_set_current ON vector_set (passage_set_id) WHERE is_current;
"""

# The text stands here once more: a passage is read in constant time, while a part of a version's text of 5 MB takes
# 20 ms to unpack. Ranking reads the vector of every candidate, so it stays in the row and is not compressed (0.4 µs
# each instead of 1.6); text and lexemes are pushed out. No foreign keys: attaching a partition would lock the tables
# that they point at against all writers.
PASSAGES = """
CREATE TABLE passage (
    passage_set_id uuid NOT NULL,
    document_version_id uuid NOT NULL,
    number integer NOT NULL,
    workspace_id uuid NOT NULL,
    document_id uuid NOT NULL,
    start_offset integer NOT NULL CHECK (start_offset >= 0),
    end_offset integer NOT NULL,
    page integer,
    length integer NOT NULL,
    language text NOT NULL,
    heading text NOT NULL,
    text text NOT NULL,
    term_vector sparsevec(1000000000) NOT NULL,
    lexemes tsvector NOT NULL,
    CHECK (end_offset >= start_offset),
    PRIMARY KEY (document_version_id, number, passage_set_id)
) PARTITION BY LIST (passage_set_id);
ALTER TABLE passage ALTER term_vector SET STORAGE PLAIN;
CREATE UNIQUE INDEX document_by_current_version ON document (current_version_id);
CREATE INDEX passage_lexemes ON passage USING gin (lexemes) WITH (fastupdate = off);

CREATE TABLE passage_vector (
    vector_set_id uuid NOT NULL,
    document_version_id uuid NOT NULL,
    number integer NOT NULL,
    workspace_id uuid NOT NULL,
    embedding halfvec NOT NULL,
    PRIMARY KEY (document_version_id, number, vector_set_id)
) PARTITION BY LIST (vector_set_id);
ALTER TABLE passage_vector ALTER embedding SET STORAGE MAIN;
"""

# A set's row and its partition come and go together. The app owns no table and cannot make one; these functions do it
# as the owner. Attaching, other than CREATE TABLE ... PARTITION OF, lets others read and write meanwhile.
PARTITIONS = """
CREATE FUNCTION partition_name(parent text, set_id uuid) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT parent || '_' || replace(set_id::text, '-', '')
$$;

CREATE FUNCTION add_partition(parent text, set_id uuid, options text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    name text := public.partition_name(parent, set_id);
BEGIN
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL) %s', name, parent, options);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES IN (%L)', parent, name, set_id);
END
$$;

CREATE FUNCTION add_passage_partition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM public.add_partition('passage', NEW.id, 'WITH (toast_tuple_target = 128)');
    EXECUTE format(
        'CREATE POLICY owner_reads ON public.%I FOR SELECT TO CURRENT_USER USING (true)',
        public.partition_name('passage', NEW.id)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER passage_set_partition AFTER INSERT ON passage_set FOR EACH ROW EXECUTE FUNCTION add_passage_partition();

CREATE FUNCTION add_vector_partition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM public.add_partition('passage_vector', NEW.id, '');
    EXECUTE format(
        'CREATE INDEX ON public.%I USING hnsw ((embedding::public.halfvec(%s)) public.halfvec_cosine_ops)',
        public.partition_name('passage_vector', NEW.id), NEW.dimension
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER vector_set_partition AFTER INSERT ON vector_set FOR EACH ROW EXECUTE FUNCTION add_vector_partition();

CREATE FUNCTION drop_partition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS public.%I', public.partition_name(TG_ARGV[0], OLD.id));
    RETURN NULL;
END
$$;
CREATE TRIGGER passage_set_drop AFTER DELETE ON passage_set FOR EACH ROW EXECUTE FUNCTION drop_partition('passage');
CREATE TRIGGER vector_set_drop AFTER DELETE ON vector_set
FOR EACH ROW EXECUTE FUNCTION drop_partition('passage_vector');

-- The id names the partition, so it never changes.
CREATE FUNCTION refuse_new_set_id() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The id of a set never changes.' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER passage_set_id BEFORE UPDATE OF id ON passage_set FOR EACH ROW EXECUTE FUNCTION refuse_new_set_id();
CREATE TRIGGER vector_set_id BEFORE UPDATE OF id ON vector_set FOR EACH ROW EXECUTE FUNCTION refuse_new_set_id();

REVOKE ALL ON FUNCTION partition_name(text, uuid), add_partition(text, uuid, text), add_passage_partition(),
    add_vector_partition(), drop_partition(), refuse_new_set_id() FROM PUBLIC;
"""

# Under row-level security PostgreSQL may not use an index for `@@`, which is not leakproof: it would read every
# passage, at 3 ms for 1,000. These functions read one set's partition as the owner, where nothing but their own check
# stands before it: a set is of one workspace, and only the current workspace's sets are seen by `passage_set`'s policy.
# They yield keys and scores of versions that the caller names; what is shown is read through `passage` and its policy.
LOOK_UPS = """
CREATE FUNCTION own_passage_partition(given_set uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT public.partition_name('passage', s.id) FROM public.passage_set AS s WHERE s.id = given_set
$$;

-- The best of the passages of `versions` that match `candidates` and `required`; no more than `most` are compared.
CREATE FUNCTION rank_passages(
    given_set uuid, versions uuid[], candidates tsquery, required tsquery, question public.sparsevec, most integer,
    wanted integer, languages text[]
) RETURNS TABLE (document_version_id uuid, number integer, score double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    name text := public.own_passage_partition(given_set);
BEGIN
    IF name IS NOT NULL THEN
        RETURN QUERY EXECUTE format(
            'SELECT c.document_version_id, c.number, -c.distance FROM ('
            ' SELECT p.document_version_id, p.number, p.term_vector OPERATOR(public.<#>) $1 AS distance'
            ' FROM public.%I AS p'
            ' WHERE p.lexemes @@ $2 AND ($3 IS NULL OR p.lexemes @@ $3) AND p.document_version_id = ANY ($4)'
            ' AND ($7 IS NULL OR p.language = ANY ($7)) LIMIT $5'
            ') AS c ORDER BY c.distance, c.document_version_id, c.number LIMIT $6', name
        ) USING question, candidates, required, versions, most, wanted, languages;
    END IF;
END
$$;

-- Those of some terms that a passage of `versions` has, with how many passages of the set have them. A term that more
-- than `most` have is no secret, and is not looked for: to list its passages would take longest.
CREATE FUNCTION terms_within(
    given_set uuid, versions uuid[], dimensions integer[], languages text[], queries tsquery[], most integer
) RETURNS TABLE (dimension integer, passage_count integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    name text := public.own_passage_partition(given_set);
BEGIN
    IF name IS NOT NULL THEN
        RETURN QUERY EXECUTE format(
            -- First which terms there are at all: most words are in one language only.
            'WITH known AS MATERIALIZED ('
            ' SELECT f.dimension, f.passage_count, t.language, t.query'
            ' FROM unnest($2, $3, $4) AS t (dimension, language, query)'
            ' JOIN public.document_frequency AS f ON f.passage_set_id = $1 AND f.dimension = t.dimension)'
            ' SELECT k.dimension, k.passage_count FROM known AS k'
            ' WHERE k.passage_count > $6 OR EXISTS (SELECT FROM public.%I AS p WHERE p.lexemes @@ k.query'
            ' AND CASE WHEN p.language IN (''de'', ''en'') THEN p.language ELSE ''simple'' END = k.language'
            ' AND p.document_version_id = ANY ($5))', name
        ) USING given_set, dimensions, languages, queries, versions, most;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION own_passage_partition(uuid),
    rank_passages(uuid, uuid[], tsquery, tsquery, public.sparsevec, integer, integer, text[]),
    terms_within(uuid, uuid[], integer[], text[], tsquery[], integer) FROM PUBLIC;
"""
CALLED_BY_APP = (
    "rank_passages(uuid, uuid[], tsquery, tsquery, public.sparsevec, integer, integer, text[])",
    "terms_within(uuid, uuid[], integer[], text[], tsquery[], integer)",
)

# Ranking reads thousands of rows: the setting is looked up once for a statement, not once for a row.
ONCE_IN_WORKSPACE = f"workspace_id = (SELECT {CURRENT_WORKSPACE})"


def upgrade() -> None:
    """Create the tables of search and the functions that keep their partitions."""
    driver = op.get_bind()
    for statements in (SETS, PASSAGES, PARTITIONS, LOOK_UPS):
        driver.exec_driver_sql(statements.replace("%", "%%"))
    for table in ("passage_set", "document_frequency", "vector_set"):
        protect_table(table)
    for table in ("passage", "passage_vector"):
        protect_table(table, visible=ONCE_IN_WORKSPACE, writable=ONCE_IN_WORKSPACE)
    for function in CALLED_BY_APP:
        grant_table(f"FUNCTION {function}", "EXECUTE")
