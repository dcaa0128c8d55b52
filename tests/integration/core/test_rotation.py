"""A new key for all secrets while they are read and written, and what a missing key or a swapped row shows."""

import asyncio
import secrets
from collections import Counter
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from convosphere import worker
from convosphere.core.audit.schemas import INSTALLATION
from convosphere.core.audit.service import verify
from convosphere.core.errors import ConfigurationError
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.mail.letters import Letter
from convosphere.core.mail.sending import deliver, send_letter
from convosphere.core.model import Table
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.secrets import rotation
from convosphere.core.secrets.checking import check_keys, survey
from convosphere.core.secrets.keyring import key_ring, keys_path
from convosphere.core.secrets.rotation import Rotation, rotate
from convosphere.core.secrets.sealing import SealBrokenError, seal, sealing_key_id, unseal
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import SigningKey, TotpSecret
from convosphere.identity.sealed import SIGNING_KEY, TOTP_SECRET
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.launch.sealed import SEALED_COLUMNS
from tests.fixtures.people import People
from tests.fixtures.waiting import until


async def turn_keys(*, with_new_key: bool = True) -> Rotation:
    return await rotate(SEALED_COLUMNS, with_new_key=with_new_key, settle=0)


def account(person: Actor) -> UUID:
    assert person.account_id is not None
    return person.account_id


async def keep(person: Actor, seed: bytes) -> None:
    account_id = account(person)
    async with unit_of_work(person) as uow:
        uow.session.add(
            TotpSecret(account_id=account_id, sealed_secret=seal(seed, TOTP_SECRET.place(account_id, account_id)))
        )


async def change(person: Actor, seed: bytes) -> None:
    account_id = account(person)
    async with unit_of_work(person) as uow:
        sealed = seal(seed, TOTP_SECRET.place(account_id, account_id))
        mine = update(TotpSecret).where(col(TotpSecret.account_id) == account_id)
        await uow.session.execute(mine.values(sealed_secret=sealed))


async def stored(person: Actor) -> bytes:
    async with unit_of_work(person) as uow:
        found = await uow.session.scalar(
            select(col(TotpSecret.sealed_secret)).where(col(TotpSecret.account_id) == account(person))
        )
    assert found is not None
    return found


async def read(person: Actor) -> bytes:
    return unseal(await stored(person), TOTP_SECRET.place(account(person), account(person)))


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    """`SEALED_COLUMNS` lists what models call `sealed_…`: what is not in it would be lost with its key."""
    assert worker, "Imported for the models of all packages."
    tables = Table.metadata.tables.values()
    sealed = {(table.name, column.name) for table in tables for column in table.c if column.name.startswith("sealed_")}
    assert {("totp_secret", "sealed_secret"), ("signing_key", "sealed_private_key")} <= sealed
    assert {(each.table, each.column) for each in SEALED_COLUMNS} == sealed


def test_every_sealed_table_is_open_to_the_rotation(addresses: DatabaseAddresses) -> None:
    """What `core.schema.open_to_rotation` does: rows that it does not see would be left under a dropped key."""
    with psycopg.connect(addresses.superuser_url) as connection:
        guarded = {name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE relrowsecurity")}
        opened = connection.execute(
            "SELECT tablename FROM pg_policies WHERE qual LIKE '%convosphere.sealing%' GROUP BY 1 HAVING count(*) = 2"
        ).fetchall()
    assert {each.table for each in SEALED_COLUMNS} & guarded == {name for (name,) in opened}


async def test_all_secrets_of_all_workspaces_get_the_new_key(
    people: People, addresses: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 2)
    everybody = (people.ada, people.bob, people.eve, people.zoe)
    for person in everybody:
        await keep(person, person.name.encode())
    with psycopg.connect(addresses.superuser_url) as connection:  # Whoever has left is seen by no workspace.
        connection.execute("DELETE FROM membership WHERE account_id = %s", [people.eve.account_id])
    async with unit_of_work(ANONYMOUS) as uow:
        sealed = seal(b"private", SIGNING_KEY.place("k1"))
        uow.session.add(SigningKey(id="k1", public_key={}, sealed_private_key=sealed))
    oldest = key_ring().newest.id
    done = await turn_keys()
    assert (done.rewrapped, done.dropped, done.broken, done.left.total()) == (5, 1, {}, 0)
    assert oldest not in key_ring().ids
    assert [await read(person) for person in everybody] == [person.name.encode() for person in everybody]
    async with unit_of_work(ANONYMOUS) as uow:
        private = await uow.session.scalar(select(col(SigningKey.sealed_private_key)))
    assert unseal(private or b"", SIGNING_KEY.place("k1")) == b"private"
    report = await verify()
    assert [(each.chain, each.checked) for each in report.chains] == [(INSTALLATION, 1)]


async def test_nothing_is_lost_or_unreadable_while_all_write_and_read(people: People) -> None:
    everybody = (people.ada, people.bob, people.eve, people.zoe)
    for person in everybody:
        await keep(person, b"0")
    is_over, written = asyncio.Event(), Counter[str]()

    async def write(person: Actor) -> None:
        while not is_over.is_set():
            await change(person, str(written[person.name] + 1).encode())
            written[person.name] += 1
            assert await read(person) == str(written[person.name]).encode()

    async with asyncio.TaskGroup() as group:
        for person in everybody:
            group.create_task(write(person))
        for _ in range(5):
            done = await rotate(SEALED_COLUMNS, settle=0.05)
            assert (done.broken, done.left.total()) == ({}, 0)
        await until(lambda: min(written[person.name] for person in everybody) > 1)
        is_over.set()
    assert [await read(person) for person in everybody] == [str(written[person.name]).encode() for person in everybody]
    assert len(key_ring().ids) == 1


async def test_two_at_once_keep_each_others_keys(people: People) -> None:
    await keep(people.ada, b"seed")
    await asyncio.gather(*(turn_keys() for _ in range(3)))
    assert await read(people.ada) == b"seed"
    done = await turn_keys(with_new_key=False)
    assert (done.broken, done.left.total(), len(key_ring().ids)) == ({}, 0, 1)


async def test_what_was_sealed_before_and_is_stored_after_is_found(people: People) -> None:
    """A transaction that was open all the time holds a secret under the key that is to go."""
    key_ring()
    account_id = account(people.ada)
    sealed = seal(b"late", TOTP_SECRET.place(account_id, account_id))
    async with unit_of_work(people.ada) as uow:
        uow.session.add(TotpSecret(account_id=account_id, sealed_secret=sealed))
        await uow.session.flush()
        running = asyncio.create_task(turn_keys())
        await until(lambda: len(key_ring().ids) == 2)
        await asyncio.sleep(0.3)
        assert not running.done()
        assert len(key_ring().ids) == 2
    done = await running
    assert (done.rewrapped, done.dropped) == (1, 1)
    assert await read(people.ada) == b"late"


async def test_a_key_stays_as_long_as_somebody_writes(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_PATIENCE_SECONDS", 0.4)
    key_ring()
    async with unit_of_work(people.ada):
        done = await turn_keys()
    assert (done.is_patience_over, done.dropped, len(key_ring().ids)) == (True, 0, 2)
    assert (await turn_keys(with_new_key=False)).dropped == 1


async def test_keys_of_mails_that_wait_are_kept(people: People, addresses: DatabaseAddresses) -> None:
    async with unit_of_work(people.ada) as uow:
        await send_letter(uow, Letter("bob@example.org", t("Sign in"), (), "en"))
    older = key_ring().newest.id
    done = await turn_keys()
    assert (done.left, done.dropped, key_ring().ids[1:]) == ({older: 1}, 0, [older])
    found = await survey(SEALED_COLUMNS)
    assert (found.count(older), found.waiting.total()) == (1, 1)
    with psycopg.connect(addresses.superuser_url) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
    assert (await turn_keys(with_new_key=False)).dropped == 1
    assert key_ring().ids != [older]
    with psycopg.connect(addresses.superuser_url) as connection:
        args = connection.execute("SELECT args FROM procrastinate_jobs").fetchone()
    assert args is not None
    with pytest.raises(SealBrokenError):
        await deliver(**args[0])


async def test_two_rows_that_were_swapped_open_no_more(people: People, addresses: DatabaseAddresses) -> None:
    await keep(people.ada, b"ada")
    await keep(people.bob, b"bob")
    ours, theirs = await stored(people.ada), await stored(people.bob)
    with psycopg.connect(addresses.superuser_url) as connection:
        for person, value in ((people.ada, theirs), (people.bob, ours)):
            connection.execute(
                "UPDATE totp_secret SET sealed_secret = %s WHERE account_id = %s", [value, person.account_id]
            )
    for person in (people.ada, people.bob):
        with pytest.raises(SealBrokenError):
            await read(person)
    older = key_ring().newest.id
    done = await turn_keys()
    assert (done.rewrapped, len(done.broken), done.left, done.dropped) == (0, 2, {older: 2}, 0)
    assert len((await survey(SEALED_COLUMNS)).broken) == 2


async def test_a_missing_key_stops_the_start_and_the_rotation(people: People) -> None:
    await check_keys(SEALED_COLUMNS)
    path = keys_path(get_settings())
    assert not path.exists(), "to look makes no key"
    await keep(people.ada, b"seed")
    await check_keys(SEALED_COLUMNS)
    kept = path.read_text()
    path.unlink()
    with pytest.raises(ConfigurationError, match=r"1 in totp_secret\.sealed_secret"):
        await check_keys(SEALED_COLUMNS)
    assert not path.exists()
    path.write_text(secrets.token_hex(32))
    with pytest.raises(ConfigurationError, match="not there"):
        await turn_keys()
    path.write_text(kept)
    await check_keys(SEALED_COLUMNS)
    assert await read(people.ada) == b"seed"


async def test_keys_of_the_environment_are_left_to_a_person(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    older, newer = secrets.token_hex(32), secrets.token_hex(32)
    monkeypatch.setenv("SECRET_KEYS", older)
    get_settings.cache_clear()
    await keep(people.ada, b"seed")
    assert (await turn_keys()).rewrapped == 0
    monkeypatch.setenv("SECRET_KEYS", f"{newer}, {older}")
    get_settings.cache_clear()
    done = await turn_keys()
    assert (done.rewrapped, done.dropped, done.left.total()) == (1, 0, 0)
    assert sealing_key_id(await stored(people.ada)) == key_ring().newest.id
    monkeypatch.setenv("SECRET_KEYS", newer)
    get_settings.cache_clear()
    assert await read(people.ada) == b"seed"
    assert not keys_path(get_settings()).exists()


async def test_nobody_sees_others_secrets_without_saying_what_for(people: People) -> None:
    await keep(people.zoe, b"seed")
    for actor in (people.ada, ANONYMOUS, Actor(new_id(), None, frozenset())):
        async with unit_of_work(actor) as uow:
            assert list(await uow.session.scalars(select(TotpSecret))) == []
