"""Runs the migrations as the role that owns the tables; called by `convosphere.launch.migrations`."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from convosphere.core.database import driver_url

# Two starters at once wait for one another instead of both creating tables.
MIGRATION_LOCK = 4_207_112_233


def run_migrations() -> None:
    """Apply what is missing in one transaction each, with short lock and statement limits."""
    engine = create_engine(driver_url(context.config.get_main_option("sqlalchemy.url") or ""), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run_migrations()
