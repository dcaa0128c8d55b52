"""Nobody finds, counts or guesses what they may not see."""

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text as sql_text

from convosphere.core.database import Database
from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service import groups
from convosphere.knowledge.places.schemas import NOWHERE, Places
from convosphere.knowledge.search.index import current_set
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.search.terms import make_term
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library, grant

TABLES = ("passage_set", "passage", "document_frequency", "vector_set", "passage_vector")


async def found(actor: Actor, query: str, **scope: object) -> set[object]:
    return {passage.document_id for passage in await search_passages(actor, query, limit=100_000, **scope)}  # pyright: ignore[reportArgumentType]


async def test_private_documents_are_found_by_their_owner_only(library: Library, people: People) -> None:
    private = await library.add(people.bob, *[f"Gehaltsliste Nummer {number}" for number in range(30)])
    assert await found(people.bob, "Gehaltsliste") == {private.document_id}
    for other in (people.ada, people.eve, people.zoe):
        assert await found(other, "Gehaltsliste") == set()
        assert await found(other, '"Gehaltsliste Nummer"') == set()
        assert await found(other, "Gehaltsliste", places=Places((private.document_id,))) == set()


async def test_sharing_shows_a_document_and_denial_hides_it(library: Library, people: People) -> None:
    shared = await library.add(people.ada, "Die Kantine öffnet mittags.", is_shared=True)
    assert await found(people.bob, "Kantine") == await found(people.eve, "Kantine") == {shared.document_id}
    async with unit_of_work(people.ada) as uow:
        uow.session.add(grant(uow, shared, "person", people.eve.account_id, is_deny=True))
    assert await found(people.bob, "Kantine") == {shared.document_id}
    assert await found(people.eve, "Kantine") == set()
    assert await found(people.zoe, "Kantine") == set()


async def test_a_group_in_a_group_brings_and_takes_what_it_was_given(library: Library, people: People) -> None:
    """The condition is kept for each actor, and groups are looked up anew whenever it runs."""
    given = await library.add(people.bob, "Die Kantine öffnet mittags.")
    outer, inner = [await groups.create_group(people.ada, name) for name in ("Haus", "Küche")]
    async with unit_of_work(people.bob) as uow:
        uow.session.add(grant(uow, given, "group", outer))
    await groups.add_subgroup(people.ada, outer, inner)
    assert people.eve.account_id
    assert await found(people.eve, "Kantine") == set()
    await groups.add_people(people.ada, inner, [people.eve.account_id])
    assert await found(people.eve, "Kantine") == {given.document_id}
    assert await found(people.ada, "Kantine") == set()
    await groups.remove_member(people.ada, outer, inner)
    assert await found(people.eve, "Kantine") == set()


async def test_shared_documents_are_found_among_many_private_ones(library: Library, people: People) -> None:
    for number in range(20):
        await library.add(people.ada, f"Kantine Kantine Kantine {number}")
    shared = await library.add(people.ada, "Die Kantine öffnet mittags und schließt am Abend.", is_shared=True)
    assert await found(people.bob, "Kantine") == {shared.document_id}


async def test_only_the_current_version_is_found(library: Library, people: People) -> None:
    stored = await library.add(people.ada, "Alte Fassung der Satzung")
    async with unit_of_work(people.ada) as uow:
        newer = await uow.session.scalar(
            sql_text(
                "INSERT INTO document_version"
                " (id, workspace_id, document_id, number, sha256, size, file_name, media_type)"
                " SELECT gen_random_uuid(), workspace_id, document_id, 2, sha256, size, file_name, media_type"
                " FROM document_version WHERE id = :id RETURNING id"
            ),
            {"id": stored.version_id},
        )
        await uow.session.execute(
            sql_text("UPDATE document SET current_version_id = :version WHERE id = :document"),
            {"version": newer, "document": stored.document_id},
        )
    assert await found(people.ada, "Satzung") == set()


async def test_search_within_documents_and_languages(library: Library, people: People) -> None:
    german = await library.add(people.ada, "Der Server steht im Keller.")
    english = await library.add(people.ada, "The server is in the basement.", language="en")
    assert await found(people.ada, "Server") == {german.document_id, english.document_id}
    assert await found(people.ada, "Server", languages=["en"]) == {english.document_id}
    assert await found(people.ada, "Server", places=Places((german.document_id,))) == {german.document_id}
    assert await found(people.ada, "Server", places=NOWHERE) == set()


async def test_searching_needs_the_permission(people: People) -> None:
    with pytest.raises(ForbiddenError):
        await search_passages(Actor(people.ada.account_id, people.ada.workspace_id, frozenset()), "Server")


async def test_a_correction_never_comes_from_what_others_keep_private(library: Library, people: People) -> None:
    await library.add(people.bob, "Das Projekt Nachtfalke bleibt geheim.")
    own = await library.add(people.eve, "Der Nachtfalter sitzt an der Lampe.")
    (hit,) = await search_passages(people.bob, "Nachtfalkee")
    assert hit.matched_words == ("Nachtfalke",)
    # To Eve the word does not exist: she is offered her own, as if there were no other, however it is written.
    for asked in ("Nachtfalkee", "Nachtfalke", "Nachtfaltr"):
        (hit,) = await search_passages(people.eve, asked)
        assert (hit.document_id, hit.matched_words) == (own.document_id, ("Nachtfalter",))
    assert await search_passages(people.ada, "Nachtfalke") == []


async def test_without_a_workspace_there_is_nothing(
    library: Library, people: People, addresses: DatabaseAddresses
) -> None:
    await library.add(people.ada, "Etwas für alle.", is_shared=True)
    async with await psycopg.AsyncConnection.connect(addresses.app_url) as connection:
        for table in TABLES:
            cursor = await connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            assert await cursor.fetchone() == (0,)


async def test_partitions_are_closed_to_the_app(
    library: Library, people: People, addresses: DatabaseAddresses, database: Database
) -> None:
    await library.add(people.ada, "Etwas für alle.", is_shared=True)
    with psycopg.connect(addresses.owner_url) as owner:
        partitions = owner.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class AS c"
            " JOIN pg_inherits AS i ON i.inhrelid = c.oid WHERE c.relkind = 'r'"
        ).fetchall()
    assert partitions
    assert all(is_forced for _, is_forced in partitions)
    for name, _ in partitions:
        for statement in (
            "SELECT FROM {}",
            "DELETE FROM {}",
            "DROP TABLE {}",
            "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
        ):
            async with await psycopg.AsyncConnection.connect(addresses.app_url) as connection:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    await connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


@pytest.mark.parametrize(
    "call",
    [
        "SELECT add_partition('passage', gen_random_uuid(), '')",
        "SELECT own_passage_partition(gen_random_uuid())",
        "CREATE TABLE passage_mine PARTITION OF passage DEFAULT",
    ],
)
async def test_the_app_makes_no_partitions(addresses: DatabaseAddresses, call: str) -> None:
    async with await psycopg.AsyncConnection.connect(addresses.app_url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(sql.SQL(call))  # pyright: ignore[reportArgumentType]


async def test_ranking_functions_see_their_own_workspace_only(library: Library, people: People) -> None:
    stored = await library.add(people.ada, "Geheime Zahlen")
    async with unit_of_work(people.ada) as uow:
        passage_set = await current_set(uow)
    assert passage_set is not None
    arguments = {"set": passage_set.id, "versions": [stored.version_id], "dimension": make_term("zahl", "de").dimension}
    for actor, rows in ((people.ada, 1), (people.zoe, 0)):
        async with unit_of_work(actor) as uow:
            ranked = await uow.session.execute(
                sql_text(
                    "SELECT * FROM rank_passages(:set, :versions, CAST('''zahl''' AS tsquery), NULL,"
                    " CAST('{1:1}/1000000000' AS sparsevec), 10, 10, NULL)"
                ),
                arguments,
            )
            assert len(ranked.all()) == rows
            within = await uow.session.execute(
                sql_text(
                    "SELECT terms_within(:set, :versions, ARRAY[CAST(:dimension AS int)], ARRAY['de'],"
                    " ARRAY[CAST('''zahl''' AS tsquery)], 10)"
                ),
                arguments,
            )
            assert len(within.all()) == rows
