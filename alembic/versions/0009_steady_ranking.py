"""Ranking that always goes by the words' index."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# As before, but that the versions are no condition that an index could serve. An actor who sees many documents hands
# over thousands of versions, and the planner, who cannot know that a word is in most passages, took to reading the
# passages of each version and their lexemes: ten times what the words' index takes. `coalesce` of a column with itself
# is that column, and no index has it.
LOOK_UPS = """
CREATE OR REPLACE FUNCTION rank_passages(
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
            ' WHERE p.lexemes @@ $2 AND ($3 IS NULL OR p.lexemes @@ $3)'
            ' AND coalesce(p.document_version_id, p.document_version_id) = ANY ($4)'
            ' AND ($7 IS NULL OR p.language = ANY ($7)) LIMIT $5'
            ') AS c ORDER BY c.distance, c.document_version_id, c.number LIMIT $6', name
        ) USING question, candidates, required, versions, most, wanted, languages;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION terms_within(
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
            ' AND coalesce(p.document_version_id, p.document_version_id) = ANY ($5))', name
        ) USING given_set, dimensions, languages, queries, versions, most;
    END IF;
END
$$;
"""


def upgrade() -> None:
    """Replace the two functions."""
    op.get_bind().exec_driver_sql(LOOK_UPS.replace("%", "%%"))
