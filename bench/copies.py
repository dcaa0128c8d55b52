"""Many documents out of a few that were really read: each with its passages, and with a file of its own."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from bench.people import Person
from bench.product import Product
from convosphere.core.unit_of_work import unit_of_work

# Ids are made of numbers, as the app's role may make no table to keep them in.
_DOCUMENT = "CAST(md5(CAST(d.id AS text) || n) AS uuid)"
_VERSION = "CAST(md5(CAST(d.current_version_id AS text) || n) AS uuid)"
_SHA256 = "lpad(md5(CAST(d.id AS text) || n), 64, '0')"
_OF_EACH = "FROM document AS d CROSS JOIN generate_series(1, :copies) AS n"
_READ = "d.name LIKE 'note-%'"
_FILES = (
    f"INSERT INTO stored_file (workspace_id, sha256, size) SELECT d.workspace_id, {_SHA256}, 1"
    f" {_OF_EACH} WHERE {_READ}",
    f"INSERT INTO file_reference (workspace_id, sha256, holder_id) SELECT d.workspace_id, {_SHA256}, {_VERSION}"
    f" {_OF_EACH} WHERE {_READ}",
)
_ROWS = tuple(
    f"INSERT INTO {table} SELECT made.* {_OF_EACH} JOIN {table} AS own ON {condition}"
    f" CROSS JOIN LATERAL jsonb_populate_record(own, jsonb_build_object({told})) AS made WHERE {_READ}"
    for table, condition, told in (
        ("document", "own.id = d.id", f"'id', {_DOCUMENT}, 'current_version_id', {_VERSION}, 'name', 'copy.md'"),
        (
            "document_version", "own.id = d.current_version_id",
            f"'id', {_VERSION}, 'document_id', {_DOCUMENT}, 'sha256', {_SHA256}",
        ),
        ("version_layout", "own.document_version_id = d.current_version_id", f"'document_version_id', {_VERSION}"),
        (
            "passage", "own.document_version_id = d.current_version_id",
            f"'document_version_id', {_VERSION}, 'document_id', {_DOCUMENT}",
        ),
    )
)  # fmt: skip
_COUNT = (
    "UPDATE document_frequency SET passage_count = passage_count * (1 + :copies)",
    "UPDATE passage_set SET passage_count = passage_count * (1 + :copies)",
)


async def copy_documents(product: Product, owner: Person, copies: int) -> None:
    """Make so many copies of each document that is called `note-…`."""
    async with unit_of_work(owner.actor) as uow:
        await uow.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for statement in (*_FILES, *_ROWS, *_COUNT):
            await uow.session.execute(text(statement), {"copies": copies})
        kept = (await uow.session.execute(text("SELECT sha256 FROM stored_file"))).scalars().all()
    directory = product.data / "files" / str(owner.actor.workspace_id)
    await asyncio.to_thread(_write_files, [directory / sha256[:2] / sha256 for sha256 in kept])


def _write_files(paths: list[Path]) -> None:
    for path in paths:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"-")
