"""The list of 20,000 documents: for whoever has them, and for whoever sees them by a folder."""

import asyncio
import time
from collections.abc import Iterator

from sqlalchemy import text

from bench.figures import Figure, spread
from bench.people import Person, add_people, database_of, owner_of
from bench.product import Product, founded_product
from convosphere.core.identifiers import new_id
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.knowledge.queries.access import FOLDER
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery, Sort
from convosphere.knowledge.service import documents, folders
from convosphere.knowledge.service.folders import DOCUMENT_FOLDER_GRANTS
from convosphere.knowledge.tags.figures import get_figures

DOCUMENTS = 20_000
FOLDERS = 40
TAGS = 20
TRIES = 30
SHA256 = "a" * 64

# Ids are made of numbers, as the app's role may make no table to keep them in.
_DOCUMENT = "CAST(md5('document ' || n) AS uuid)"
_VERSION = "CAST(md5('version ' || n) AS uuid)"
_FILL = (
    """
    INSERT INTO stored_file (workspace_id, sha256, size) VALUES (:workspace_id, :sha256, 1) ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO document
        (id, workspace_id, owner_id, name, status, current_version_id, folder_id, folder_ids, language, author,
         dated_on, review_on)
    SELECT {_DOCUMENT}, :workspace_id, :owner_id, md5(CAST(n AS text)) || ' report ' || n || '.md',
        CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'ready' END, {_VERSION}, f.id, f.path,
        CASE WHEN n % 2 = 0 THEN 'de' ELSE 'en' END, 'Author ' || n % 50, current_date - n % 3000,
        CASE WHEN n % 20 = 0 THEN current_date - 1 END
    FROM generate_series(1, :documents) AS n
    JOIN document_folder AS f ON f.id = (CAST(:folder_ids AS uuid[]))[1 + n % :folders]
    """,
    f"""
    INSERT INTO document_version
        (id, workspace_id, document_id, number, sha256, size, file_name, media_type, language, parsed_at)
    SELECT {_VERSION}, :workspace_id, {_DOCUMENT}, 1, :sha256, 1, 'report.md',
        CASE WHEN n % 3 = 0 THEN 'application/pdf' ELSE 'text/markdown' END,
        CASE WHEN n % 2 = 0 THEN 'de' ELSE 'en' END, now()
    FROM generate_series(1, :documents) AS n
    """,
    f"""
    INSERT INTO document_tag (document_id, tag_id, workspace_id, source, created_at)
    SELECT {_DOCUMENT}, (CAST(:tag_ids AS uuid[]))[1 + (n * k) % :tags], :workspace_id, 'person',
        now() - make_interval(days => n % 700)
    FROM generate_series(1, :documents) AS n, generate_series(1, 3) AS k ON CONFLICT DO NOTHING
    """,
)


def measure() -> Iterator[Figure]:
    """Fill a workspace and read its list in many ways."""
    with founded_product(None) as product:
        yield from asyncio.run(_measure(product))


async def _measure(product: Product) -> list[Figure]:
    GrantKinds.register(DOCUMENT_FOLDER_GRANTS)
    async with database_of(product):
        owner = await owner_of(product)
        (member,) = await add_people(product, 1)
        folder_ids, tag_ids = await _fill(owner)
        wanted = {
            "all": DocumentFilter(),
            "by a word": DocumentFilter(text="report 19"),
            "a folder": DocumentFilter(folder_id=folder_ids[1]),
            "one of two tags": DocumentFilter(any_tags=tuple(tag_ids[:2])),
            "two tags and not a third": DocumentFilter(all_tags=tuple(tag_ids[1:3]), no_tags=(tag_ids[5],)),
            "an author, whose reviews are due": DocumentFilter(authors=("Author 20",), is_review_due=True),
            "kind, language and status": DocumentFilter(
                kinds=("application/pdf",), languages=("de",), statuses=("ready",)
            ),
        }
        people = ((owner, "of one's own"), (member, "seen by a folder"))
        lists = [
            Figure(f"{what}, by {sort}, {whose}", spread(await _times(person, each, sort)), "p95 ≤ 150 ms",
                   f"{DOCUMENTS} there; 50 rows and both counts")
            for person, whose in people
            for what, each in wanted.items()
            for sort in ("newest", "name", "dated")
        ]  # fmt: skip
        return [
            *lists,
            *[
                Figure(f"what tags are used for, {whose}", spread([await _figures(person) for _ in range(TRIES)]),
                       "p95 ≤ 150 ms", f"{DOCUMENTS} documents with {TAGS} tags")
                for person, whose in people
            ],
        ]  # fmt: skip


async def _fill(owner: Person) -> tuple[list, list]:
    outer = await folders.create_folder(owner.actor, "Reports")
    ids = [outer, *[await folders.create_folder(owner.actor, f"Year {n}", outer) for n in range(1, FOLDERS)]]
    await set_grant(owner.actor, FOLDER, outer, EVERYONE, "use")
    tag_ids = [new_id() for _ in range(TAGS)]
    async with unit_of_work(owner.actor) as uow:
        for number, tag_id in enumerate(tag_ids):
            await uow.session.execute(
                text("INSERT INTO tag (id, workspace_id, path, name) VALUES (:id, :workspace_id, ARRAY[:id], :name)"),
                {"id": tag_id, "workspace_id": uow.workspace_id, "name": f"Tag {number}"},
            )
        values = {"workspace_id": uow.workspace_id, "owner_id": uow.account_id, "sha256": SHA256, "folder_ids": ids,
                  "folders": FOLDERS, "documents": DOCUMENTS, "tag_ids": tag_ids, "tags": TAGS}  # fmt: skip
        for statement in _FILL:
            await uow.session.execute(text(statement), values)
    return ids, tag_ids


async def _times(person: Person, wanted: DocumentFilter, sort: Sort) -> list[float]:
    return [await _list(person, wanted, sort) for _ in range(TRIES + 3)][3:]


async def _list(person: Person, wanted: DocumentFilter, sort: Sort) -> float:
    """What a tab asks for when its list is shown anew."""
    began = time.perf_counter()
    await documents.count_documents(person.actor)
    await documents.count_documents(person.actor, wanted)
    await documents.list_documents(person.actor, DocumentQuery(wanted, sort=sort))
    return (time.perf_counter() - began) * 1000


async def _figures(person: Person) -> float:
    began = time.perf_counter()
    await get_figures(person.actor)
    return (time.perf_counter() - began) * 1000
