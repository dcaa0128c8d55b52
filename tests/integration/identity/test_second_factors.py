"""Second factors: how they come and go, and that nobody gets past them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from nacl.pwhash import argon2id
from pyotp.totp import TOTP
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import ConflictError, ForbiddenError, NotFoundError
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import (
    CodeWrongError,
    LastFactorError,
    PasswordRefusedError,
    PasswordWrongError,
    ReauthenticationRequiredError,
    SignInExpiredError,
    SignInFailedError,
    TooManyAttemptsError,
)
from convosphere.identity.passwords import hash_password, is_outdated
from convosphere.identity.queries import people as people_queries
from convosphere.identity.roles import Role
from convosphere.identity.schemas import Client, HalfSignedIn, NewAccount, SignedIn
from convosphere.identity.service import (
    confirming,
    factors,
    founding,
    one_time_codes,
    passwords,
    proofs,
    roles,
    sessions,
    signing_in,
)
from convosphere.identity.service.recent import require_recent

CLIENT = Client("192.0.2.7", "test")
EMAIL, PASSWORD = "grace@example.org", "correct horse battery"


@dataclass
class Person:
    """Somebody at a browser, whose session gets another token now and then."""

    token: str

    async def actor(self) -> Actor:
        """Who they are now."""
        return await sessions.resolve_actor(self.token)


@dataclass
class Clock:
    """The time of one-time codes, which stands still in the middle of a step."""

    now: datetime

    def shift(self, seconds: int) -> None:
        """Set it forward or back."""
        self.now += timedelta(seconds=seconds)


CLOCK = Clock(datetime(2026, 11, 20, 12, 0, 15, tzinfo=UTC))


@dataclass
class App:
    """An app that makes one-time codes, by a clock of its own."""

    seed: str

    def code(self, steps: int = 0) -> str:
        """The code of now, or of some steps of 30 seconds away."""
        return TOTP(self.seed).generate_otp(int(CLOCK.now.timestamp()) // 30 + steps)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    before = CLOCK.now
    monkeypatch.setattr(proofs, "utc_now", lambda: CLOCK.now)
    yield CLOCK
    CLOCK.now = before


@pytest.fixture(autouse=True)
def fresh_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "_one_time_codes", Throttle("30/hour"))


@pytest_asyncio.fixture
async def grace(database: Database) -> Person:
    """The owner, signed in by password."""
    token = await founding.issue_set_up_token()
    assert token
    signed_in = await founding.set_up(token, "Navy", NewAccount("Grace", EMAIL, PASSWORD, "en"), CLIENT)
    return Person(signed_in.token)


async def add_app(person: Person) -> tuple[App, list[str]]:
    """Set up an app; its first code, of the step before this one, is used up by that."""
    app = App((await one_time_codes.start_one_time_codes(await person.actor())).seed)
    added = await one_time_codes.confirm_one_time_codes(await person.actor(), app.code(-1))
    person.token = added.session.token
    return app, added.codes


async def add_member(owner: Actor, name: str = "Alan", role: str = Role.MEMBER) -> str:
    assert owner.workspace_id
    async with unit_of_work(system_actor(owner.workspace_id)) as uow:
        account = await people_queries.add_account(
            uow, email=f"{name.lower()}@example.org", name=name, password_hash=await hash_password(PASSWORD),
            locale="en", role=role,
        )  # fmt: skip
    return account.email


async def half_signed_in(email: str = EMAIL) -> HalfSignedIn:
    half = await signing_in.sign_in(email, PASSWORD, CLIENT)
    assert isinstance(half, HalfSignedIn)
    return half


async def sign_in(email: str = EMAIL, password: str = PASSWORD) -> Person:
    opened = await signing_in.sign_in(email, password, CLIENT)
    assert isinstance(opened, SignedIn)
    return Person(opened.token)


async def age(statement: str) -> None:
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.session.execute(text(statement))


async def test_a_password_is_not_enough_once_there_is_a_second_factor(grace: Person) -> None:
    app, _ = await add_app(grace)
    half = await half_signed_in()
    assert half.ways == ("totp", "recovery")
    assert (await sessions.resolve_actor(half.token)).is_anonymous
    opened = await signing_in.finish_by_code(half.token, f" {app.code()[:3]} {app.code()[3:]}", CLIENT)
    assert (await sessions.resolve_actor(opened.token)).method == "password+totp"


async def test_the_session_has_a_new_token_when_a_factor_comes(grace: Person) -> None:
    before = grace.token
    await add_app(grace)
    assert grace.token != before
    assert (await sessions.resolve_actor(before)).is_anonymous
    assert (await grace.actor()).method == "password+totp"


async def test_a_code_of_the_app_proves_once_again_who_one_is(grace: Person) -> None:
    app, recovery = await add_app(grace)
    before = await grace.actor()
    async with unit_of_work(before) as uow:
        await uow.session.execute(text("UPDATE web_session SET authenticated_at = now() - interval '1 hour'"))
    for code in ("000000", app.code(-1), recovery[0]):
        with pytest.raises(CodeWrongError):
            await confirming.confirm_by_code(await grace.actor(), code)
    with pytest.raises(ReauthenticationRequiredError):
        require_recent(await grace.actor())
    code = app.code()
    grace.token = (await confirming.confirm_by_code(await grace.actor(), code)).token
    require_recent(await grace.actor())
    assert (await grace.actor()).session_id == before.session_id
    with pytest.raises(CodeWrongError):
        await confirming.confirm_by_code(await grace.actor(), code)


async def test_codes_that_confirm_are_counted_for_the_account(grace: Person) -> None:
    await add_app(grace)
    for _ in range(30):
        with pytest.raises(CodeWrongError):
            await confirming.confirm_by_code(await grace.actor(), "000000")
    with pytest.raises(TooManyAttemptsError):
        await confirming.confirm_by_code(await grace.actor(), "000000")


async def test_sessions_of_a_password_alone_end_when_a_factor_comes(grace: Person) -> None:
    other = await sign_in()
    await add_app(grace)
    assert (await other.actor()).is_anonymous
    assert not (await grace.actor()).is_anonymous


async def test_a_code_works_once(grace: Person) -> None:
    app, _ = await add_app(grace)
    code = app.code()
    await signing_in.finish_by_code((await half_signed_in()).token, code, CLIENT)
    with pytest.raises(CodeWrongError):
        await signing_in.finish_by_code((await half_signed_in()).token, code, CLIENT)
    with pytest.raises(CodeWrongError):
        await signing_in.finish_by_code((await half_signed_in()).token, app.code(-1), CLIENT)


async def test_a_code_works_once_also_for_two_at_once(grace: Person) -> None:
    app, _ = await add_app(grace)
    code, halves = app.code(), [await half_signed_in() for _ in range(6)]
    tries = (signing_in.finish_by_code(half.token, code, CLIENT) for half in halves)
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1


@pytest.mark.parametrize(("seconds", "works"), [(-30, True), (30, True), (-60, False), (60, False), (3600, False)])
async def test_clocks_may_be_one_step_apart(grace: Person, clock: Clock, seconds: int, works: bool) -> None:
    app = App((await one_time_codes.start_one_time_codes(await grace.actor())).seed)
    code = app.code()
    clock.shift(seconds)
    confirmed = one_time_codes.confirm_one_time_codes(await grace.actor(), code)
    if works:
        assert (await confirmed).codes
    else:
        with pytest.raises(CodeWrongError):
            await confirmed


async def test_a_clock_that_is_set_back_brings_no_code_back(grace: Person, clock: Clock) -> None:
    app, _ = await add_app(grace)
    await signing_in.finish_by_code((await half_signed_in()).token, app.code(1), CLIENT)
    clock.shift(-300)
    with pytest.raises(CodeWrongError):
        await signing_in.finish_by_code((await half_signed_in()).token, app.code(), CLIENT)


async def test_a_seed_counts_only_once_it_is_confirmed(grace: Person) -> None:
    await one_time_codes.start_one_time_codes(await grace.actor())
    assert await sign_in()
    with pytest.raises(CodeWrongError):
        await one_time_codes.confirm_one_time_codes(await grace.actor(), "abcdef")


async def test_a_seed_is_not_replaced_without_removing_it(grace: Person) -> None:
    app, _ = await add_app(grace)
    with pytest.raises(ConflictError):
        await one_time_codes.start_one_time_codes(await grace.actor())
    assert await signing_in.finish_by_code((await half_signed_in()).token, app.code(), CLIENT)


async def test_the_seed_is_sealed(grace: Person) -> None:
    app, codes = await add_app(grace)
    actor = await grace.actor()
    async with unit_of_work(actor) as uow:
        stored = bytes(await uow.session.scalar(text("SELECT sealed_secret FROM totp_secret")))
        hashes = b"".join(
            [bytes(row) for row in await uow.session.scalars(text("SELECT code_hash FROM recovery_code"))]
        )
    assert app.seed.encode() not in stored
    assert not any(code.encode() in hashes for code in codes)


async def test_a_recovery_code_stands_in_once(grace: Person) -> None:
    _, codes = await add_app(grace)
    assert len(set(codes)) == 10
    spoken = codes[3].upper().replace("-", " ")
    opened = await signing_in.finish_by_code((await half_signed_in()).token, spoken, CLIENT)
    assert (await sessions.resolve_actor(opened.token)).method == "password+recovery"
    assert (await factors.list_factors(await grace.actor())).codes_left == 9
    with pytest.raises(CodeWrongError):
        await signing_in.finish_by_code((await half_signed_in()).token, codes[3], CLIENT)


async def test_new_recovery_codes_make_the_old_ones_useless(grace: Person) -> None:
    _, old = await add_app(grace)
    new = await factors.renew_codes(await grace.actor())
    assert not set(old) & set(new)
    with pytest.raises(CodeWrongError):
        await signing_in.finish_by_code((await half_signed_in()).token, old[0], CLIENT)
    assert await signing_in.finish_by_code((await half_signed_in()).token, new[0], CLIENT)


async def test_recovery_codes_need_something_to_stand_in_for(grace: Person) -> None:
    with pytest.raises(ConflictError):
        await factors.renew_codes(await grace.actor())


async def test_codes_of_somebody_else_are_nothing(grace: Person) -> None:
    app, codes = await add_app(grace)
    email = await add_member(await grace.actor())
    alan = await sign_in(email)
    theirs, _ = await add_app(alan)
    half = await half_signed_in(email)
    for code in (app.code(), codes[0]):
        with pytest.raises(CodeWrongError):
            await signing_in.finish_by_code(half.token, code, CLIENT)
    assert await signing_in.finish_by_code(half.token, theirs.code(), CLIENT)


async def test_five_tries_and_no_more(grace: Person) -> None:
    app, _ = await add_app(grace)
    half = await half_signed_in()
    for _ in range(5):
        with pytest.raises(CodeWrongError):
            await signing_in.finish_by_code(half.token, "000000", CLIENT)
    with pytest.raises(SignInExpiredError):
        await signing_in.finish_by_code(half.token, app.code(), CLIENT)
    assert await signing_in.finish_by_code((await half_signed_in()).token, app.code(), CLIENT)


async def test_tries_at_once_are_counted(grace: Person) -> None:
    await add_app(grace)
    half = await half_signed_in()
    tries = (signing_in.finish_by_code(half.token, f"{number:06}", CLIENT) for number in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, CodeWrongError) for outcome in outcomes) == 5


async def test_guessing_with_the_password_ends_for_the_hour_but_not_for_the_owner(grace: Person) -> None:
    _, codes = await add_app(grace)
    halves = [await half_signed_in() for _ in range(7)]
    for number in range(35):
        with pytest.raises(CodeWrongError if number < 30 else TooManyAttemptsError):
            await signing_in.finish_by_code(halves[number // 5].token, "000000", Client(f"192.0.2.{number}", ""))
    assert await signing_in.finish_by_code((await half_signed_in()).token, codes[0], CLIENT)


async def test_the_second_step_is_over_after_five_minutes(grace: Person) -> None:
    app, _ = await add_app(grace)
    half = await half_signed_in()
    await age("UPDATE sign_in_step SET expires_at = expires_at - interval '5 minutes'")
    with pytest.raises(SignInExpiredError):
        await signing_in.finish_by_code(half.token, app.code(), CLIENT)


async def test_the_second_step_opens_one_session(grace: Person) -> None:
    _, codes = await add_app(grace)
    half = await half_signed_in()
    tries = (signing_in.finish_by_code(half.token, code, CLIENT) for code in codes[:4])
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1


async def test_a_blocked_person_gets_no_further(grace: Person) -> None:
    app, _ = await add_app(grace)
    half = await half_signed_in()
    await age("UPDATE account SET is_active = false")
    with pytest.raises(SignInFailedError):
        await signing_in.finish_by_code(half.token, app.code(), CLIENT)


async def test_changes_need_a_recent_proof(grace: Person) -> None:
    await add_app(grace)
    await age("UPDATE web_session SET authenticated_at = now() - interval '11 minutes'")
    actor = await grace.actor()
    for act in (
        one_time_codes.start_one_time_codes(actor),
        one_time_codes.confirm_one_time_codes(actor, "000000"),
        one_time_codes.remove_one_time_codes(actor),
        factors.renew_codes(actor),
        factors.reset_factors(actor, actor.account_id),  # pyright: ignore[reportArgumentType]
    ):
        with pytest.raises(ReauthenticationRequiredError):
            await act


async def test_without_a_factor_the_password_is_enough_again(grace: Person) -> None:
    await add_app(grace)
    await one_time_codes.remove_one_time_codes(await grace.actor())
    assert (await grace.actor()).method == "password"
    assert (await factors.list_factors(await grace.actor())).codes_left == 0
    assert await sign_in()
    with pytest.raises(NotFoundError):
        await one_time_codes.remove_one_time_codes(await grace.actor())


async def test_a_role_may_ask_for_a_second_factor(grace: Person) -> None:
    await roles.require_second_factor(await grace.actor(), Role.OWNER, is_required=True)
    actor = await grace.actor()
    assert actor.lacks_factor
    assert actor.permissions == {Permission.ACCOUNT_USE, Permission.ACCOUNT_WRITE}
    await add_app(grace)
    actor = await grace.actor()
    assert not actor.lacks_factor
    assert actor.may(Permission.PERSON_MANAGE)
    with pytest.raises(LastFactorError):
        await one_time_codes.remove_one_time_codes(actor)
    assert (await factors.list_factors(actor)).totp_since


async def test_what_was_removed_is_lacking_when_a_role_asks_later(grace: Person) -> None:
    await add_app(grace)
    await one_time_codes.remove_one_time_codes(await grace.actor())
    await roles.require_second_factor(await grace.actor(), Role.OWNER, is_required=True)
    assert (await grace.actor()).lacks_factor


async def test_an_administrator_resets_the_factors_of_somebody(grace: Person) -> None:
    owner = await grace.actor()
    email = await add_member(owner)
    alan = await sign_in(email)
    await add_app(alan)
    account_id = (await alan.actor()).account_id
    assert account_id
    half = await half_signed_in(email)
    await factors.reset_factors(owner, account_id)
    assert (await alan.actor()).is_anonymous
    with pytest.raises(SignInExpiredError):
        await signing_in.finish_by_code(half.token, "000000", CLIENT)
    assert (await factors.list_factors(await (await sign_in(email)).actor())).totp_since is None


async def test_nobody_resets_those_above_them_or_elsewhere(grace: Person) -> None:
    owner = await grace.actor()
    admin = await (await sign_in(await add_member(owner, "Ada", Role.ADMIN))).actor()
    member = await (await sign_in(await add_member(owner, "Mary"))).actor()
    assert owner.account_id
    assert admin.account_id
    with pytest.raises(ForbiddenError):
        await factors.reset_factors(admin, owner.account_id)
    with pytest.raises(ForbiddenError):
        await factors.reset_factors(member, admin.account_id)
    with pytest.raises(NotFoundError):
        await factors.reset_factors(owner, owner.workspace_id or owner.account_id)


async def test_a_new_password_ends_all_other_sessions(grace: Person) -> None:
    other, before = await sign_in(), grace.token
    grace.token = (await passwords.change_password(await grace.actor(), PASSWORD, "battery horse correct")).token
    assert (await other.actor()).is_anonymous
    assert (await sessions.resolve_actor(before)).is_anonymous
    assert (await grace.actor()).name == "Grace"
    with pytest.raises(SignInFailedError):
        await sign_in()
    assert await sign_in(password="battery horse correct")


async def test_a_new_password_ends_what_is_half_done(grace: Person) -> None:
    app, _ = await add_app(grace)
    half = await half_signed_in()
    await passwords.change_password(await grace.actor(), PASSWORD, "battery horse correct")
    with pytest.raises(SignInExpiredError):
        await signing_in.finish_by_code(half.token, app.code(), CLIENT)


async def test_a_new_password_needs_the_present_one(grace: Person) -> None:
    for current in ("", "wrong password"):
        with pytest.raises(PasswordWrongError):
            await passwords.change_password(await grace.actor(), current, "battery horse correct")
    for easy in ("grace1906", "Navy2024!", "password2024", "x" * 129, "short"):
        with pytest.raises(PasswordRefusedError):
            await passwords.change_password(await grace.actor(), PASSWORD, easy)
    assert await sign_in()


async def test_a_hash_of_former_times_is_renewed_at_sign_in(grace: Person) -> None:
    weak = argon2id.str(PASSWORD.encode(), opslimit=1, memlimit=8192 * 1024).decode()
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.session.execute(text("UPDATE account SET password_hash = :weak"), {"weak": weak})
    await sign_in()
    async with unit_of_work(ANONYMOUS) as uow:
        stored = str(await uow.session.scalar(text("SELECT password_hash FROM account")))
    assert stored != weak
    assert not is_outdated(stored)
    assert await sign_in()
