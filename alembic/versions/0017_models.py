"""Providers of models that a workspace connects, the models it offers, what they cost, and which one does what."""

from alembic import op

from convosphere.core.schema import open_to_rotation, protect_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE model_provider (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    kind text NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    base_url text NOT NULL DEFAULT '',
    sealed_key bytea,
    key_end text NOT NULL DEFAULT '',
    options jsonb NOT NULL DEFAULT '{}',
    is_enabled boolean NOT NULL DEFAULT true,
    parallel_limit integer CHECK (parallel_limit > 0),
    requests_per_minute integer CHECK (requests_per_minute > 0),
    created_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, slug)
);
CREATE INDEX model_provider_made_by ON model_provider (created_by);

CREATE TABLE offered_model (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    provider_id uuid REFERENCES model_provider ON DELETE CASCADE,
    model_id text NOT NULL,
    name text NOT NULL DEFAULT '',
    display_name text NOT NULL DEFAULT '',
    icon text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT 'chat' CHECK (kind IN ('chat', 'embedding', 'rerank', 'speech', 'image')),
    is_enabled boolean NOT NULL DEFAULT true,
    is_restricted boolean NOT NULL DEFAULT false,
    context_tokens integer CHECK (context_tokens > 0),
    output_tokens integer CHECK (output_tokens > 0),
    capabilities jsonb,
    fallback_ids text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, model_id)
);
CREATE INDEX offered_model_of_provider ON offered_model (provider_id);

CREATE TABLE model_price (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    model_id text NOT NULL,
    valid_from timestamptz NOT NULL,
    source text NOT NULL CHECK (source IN ('own', 'list', 'unknown')),
    input_nanos bigint CHECK (input_nanos >= 0),
    output_nanos bigint CHECK (output_nanos >= 0),
    cached_nanos bigint CHECK (cached_nanos >= 0),
    currency text NOT NULL DEFAULT 'USD',
    set_by uuid REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((source = 'own') = (input_nanos IS NOT NULL AND output_nanos IS NOT NULL))
);
CREATE INDEX model_price_of_model ON model_price (workspace_id, model_id, valid_from);
CREATE INDEX model_price_set_by ON model_price (set_by);

CREATE TABLE model_default (
    workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE,
    purpose text NOT NULL CHECK (
        purpose IN ('chat', 'title', 'rewriting', 'checking', 'embedding', 'rerank', 'speech', 'image')
    ),
    model_id text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, purpose)
);
"""


def upgrade() -> None:
    """Create the tables, each workspace's rows for itself; the key that seals keys may be changed for all."""
    op.execute(TABLES)
    for table in ("model_provider", "offered_model", "model_price", "model_default"):
        protect_table(table)
    open_to_rotation("model_provider")
