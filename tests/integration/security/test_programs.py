"""Keys and tokens of programs: every way in gives the same verdict, whatever somebody comes with."""

import base64
import json
import time
from dataclasses import replace
from itertools import product
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name
from convosphere.identity.errors import ReauthenticationRequiredError
from convosphere.identity.service import keys, signing, tokens
from convosphere.identity.service.recent import require_recent
from tests.integration.security.conftest import EMAIL, PASSWORD, Browser, Program, make_key

ALL = [str(permission) for permission in Permission]


async def give_tokens(program: Program, key: str, scope: str = "") -> dict[str, Any]:
    answer = await program("POST", "/auth/token", json={"grant_type": "api_key", "api_key": key, "scope": scope})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def renew(program: Program, refresh_token: str) -> httpx.Response:
    return await program("POST", "/auth/token", json={"grant_type": "refresh_token", "refresh_token": refresh_token})


async def change(statement: str, actor: Actor, **values: object) -> None:
    assert actor.workspace_id
    async with unit_of_work(system_actor(actor.workspace_id)) as uow:
        await uow.session.execute(text(statement), {"id": actor.account_id, **values})


async def test_a_key_is_shown_once_and_stored_hashed(owner: Actor) -> None:
    made = await make_key(owner)
    assert made.value.startswith(keys.KEY_SIGN)
    assert len(made.value) > 40
    (listed,) = await keys.list_keys(owner)
    assert listed == made.row
    assert made.value.startswith(listed.prefix)
    assert len(listed.prefix) < 10
    async with unit_of_work(owner) as uow:
        stored = (await uow.session.execute(text("SELECT * FROM api_key"))).mappings().one()
    assert made.value not in str(dict(stored))


async def test_a_key_is_made_by_whoever_proved_themselves_and_only_for_what_they_may(owner: Actor) -> None:
    for scopes, error in (([], InvalidInputError), (["no:scope"], ForbiddenError), (["key:manage"], ForbiddenError)):
        with pytest.raises(error):
            await keys.create_key(owner, "Robot", scopes, None)
    guest = replace(owner, permissions=frozenset({Permission.KEY_MANAGE, Permission.DOCUMENT_READ}))
    with pytest.raises(ForbiddenError):
        await keys.create_key(guest, "Robot", ["person:manage"], None)
    for name, days in (("", None), ("x" * 101, None), ("Robot", 0), ("Robot", 100_000)):
        with pytest.raises(InvalidInputError):
            await keys.create_key(owner, name, ["document:read"], days)
    with pytest.raises(ReauthenticationRequiredError):
        await keys.create_key(replace(owner, authenticated_at=None), "Robot", ["document:read"], None)
    with pytest.raises(ForbiddenError):
        await keys.create_key(replace(owner, permissions=frozenset()), "Robot", ["document:read"], None)


async def test_a_program_may_do_what_both_its_scopes_and_its_person_may(owner: Actor, program: Program) -> None:
    key = (await make_key(owner, "document:read", "person:manage")).value
    access = (await give_tokens(program, key))["access_token"]
    for bearer in (key, access):
        answer = (await program("GET", "/api/me", bearer)).json()
        assert answer["permissions"] == ["account:use", "document:read", "person:manage"]
        assert (answer["email"], answer["id"]) == (EMAIL, str(owner.account_id))
    await change("UPDATE membership SET role = 'guest' WHERE account_id = :id", owner)
    for bearer in (key, access):
        answer = (await program("GET", "/api/me", bearer)).json()
        assert answer["permissions"] == ["account:use", "document:read"]


VERDICTS = [("GET", "/api/documents/x/file", 404), ("POST", "/api/files", 403), ("POST", "/auth/reauthenticate", 403)]


async def test_the_verdict_is_the_same_for_a_key_and_a_token(owner: Actor, program: Program) -> None:
    key = (await make_key(owner, "document:read")).value
    access = (await give_tokens(program, key))["access_token"]
    for bearer, (method, path, status) in product((key, access), VERDICTS):
        answer = await program(method, path, bearer, headers={"x-requested-with": "convosphere"})
        assert answer.status_code == status, (path, bearer[:4])


STROKES = [
    "UPDATE account SET is_active = false WHERE id = :id",
    "UPDATE membership SET is_active = false WHERE account_id = :id",
    "DELETE FROM membership WHERE account_id = :id",
]


@pytest.mark.parametrize("stroke", STROKES)
async def test_a_person_who_may_not_any_more_takes_all_credentials_along(
    browser: Browser, owner: Actor, program: Program, stroke: str
) -> None:
    key = (await make_key(owner)).value
    pair = await give_tokens(program, key)
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    await change(stroke, owner)
    for bearer in (key, pair["access_token"]):
        answer = await program("GET", "/api/me", bearer)
        assert (answer.status_code, answer.json()["code"]) == (401, "credential_refused")
    assert (await client.get("/api/me")).status_code == 401
    assert (await renew(program, pair["refresh_token"])).status_code == 401
    again = await program("POST", "/auth/token", json={"grant_type": "api_key", "api_key": key})
    assert again.status_code == 401


async def test_a_role_that_asks_for_a_second_factor_asks_it_of_programs_people(owner: Actor, program: Program) -> None:
    key = (await make_key(owner)).value
    await change(
        "INSERT INTO role (workspace_id, key, is_custom, requires_second_factor)"
        " SELECT workspace_id, 'owner', false, true FROM membership WHERE account_id = :id",
        owner,
    )
    assert (await program("GET", "/api/me", key)).json()["permissions"] == ["account:use"]
    async with unit_of_work(owner) as uow:
        await uow.session.execute(
            text(
                "INSERT INTO passkey (id, account_id, credential_id, public_key, name)"
                " VALUES (:id, :account, 'x', 'x', 'x')"
            ),
            {"id": new_id(), "account": owner.account_id},
        )
    assert "document:read" in (await program("GET", "/api/me", key)).json()["permissions"]


async def test_a_revoked_or_expired_key_ends_with_its_tokens(owner: Actor, program: Program) -> None:
    made, other = await make_key(owner), await make_key(owner)
    pair = await give_tokens(program, made.value)
    await keys.revoke_key(owner, made.row.id)
    for bearer in (made.value, pair["access_token"]):
        assert (await program("GET", "/api/me", bearer)).status_code == 401
    assert (await renew(program, pair["refresh_token"])).status_code == 401
    assert [row.id for row in await keys.list_keys(owner)] == [other.row.id]
    await change("UPDATE api_key SET expires_at = now() WHERE account_id = :id", owner)
    assert (await program("GET", "/api/me", other.value)).status_code == 401


async def test_nobody_revokes_a_key_of_somebody_else(owner: Actor) -> None:
    made = await make_key(owner)
    for stranger in (replace(owner, account_id=new_id()), replace(owner, account_id=new_id(), workspace_id=new_id())):
        with pytest.raises(NotFoundError):
            await keys.revoke_key(stranger, made.row.id)
        assert await keys.list_keys(stranger) == []


async def test_the_last_use_of_a_key_is_noted(owner: Actor, program: Program) -> None:
    made = await make_key(owner)
    assert made.row.last_used_at is None
    await program("GET", "/api/me", made.value)
    (row,) = await keys.list_keys(owner)
    assert row.last_used_at is not None
    assert row.last_used_address == "192.0.2.1"


async def test_no_token_outlives_its_key(owner: Actor, program: Program) -> None:
    made = await make_key(owner, days=1)
    await change("UPDATE api_key SET expires_at = now() + interval '90 seconds' WHERE account_id = :id", owner)
    pair = await give_tokens(program, made.value)
    assert 80 < pair["expires_in"] <= 90
    async with unit_of_work(owner) as uow:
        statement = "SELECT max(expires_at) <= now() + interval '90 seconds' FROM refresh_token"
        assert await uow.session.scalar(text(statement))


async def test_a_program_proves_nothing_and_gets_no_cookie(owner: Actor, program: Program, browser: Browser) -> None:
    key = (await make_key(owner, *(str(scope) for scope in keys.scopes_of(owner)))).value
    answer = await program("POST", "/auth/sign-in", key, json={"email": EMAIL, "password": PASSWORD})
    assert "set-cookie" not in answer.headers
    for forbidden in ("account:write", "key:manage", "person:look_as"):
        assert forbidden not in (await program("GET", "/api/me", key)).json()["permissions"]
    actor = replace(owner, authenticated_at=None)
    with pytest.raises(ReauthenticationRequiredError):
        require_recent(actor)


async def test_a_credential_counts_and_not_the_cookie_beside_it(browser: Browser, owner: Actor) -> None:
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    assert (await client.get("/api/me")).status_code == 200
    for header in ("Bearer nonsense", "Basic eDp5", "Token x", "Bearer", "", "bearer  "):
        answer = await client.get("/api/me", headers={"authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "credential_refused"), header


async def test_a_cookie_needs_a_page_of_ours_and_a_credential_none(
    browser: Browser, owner: Actor, program: Program
) -> None:
    key = (await make_key(owner)).value
    foreign = browser(origin="https://evil.example", authorization=f"Bearer {key}")
    assert (await foreign.post("/api/files")).json()["code"] == "forbidden"  # For want of the permission.
    assert (await foreign.get("/api/documents/x/file")).status_code == 404
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    answer = await client.post("/api/files", headers={"origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["text"]) == (403, "This request did not come from this site.")


CARRIERS: list[dict[str, Any]] = [
    {"headers": {"x-api-key": "KEY"}},
    {"headers": {"api-key": "KEY"}},
    {"headers": {"x-auth-token": "KEY"}},
    {"headers": {"authorization": "KEY"}},
    {"headers": {"authorization": "Basic KEY"}},
    {"headers": {"authorization": "ApiKey KEY"}},
    {"headers": {"authorization": "Bearer KEY, Bearer KEY"}},
    {"headers": {"proxy-authorization": "Bearer KEY"}},
    {"headers": {"cookie": "session=KEY"}},
    {"headers": {"cookie": "NAME=KEY"}},
    {"headers": {"cookie": "Authorization=Bearer KEY"}},
    {"params": {"access_token": "KEY"}},
    {"params": {"api_key": "KEY"}},
    {"params": {"token": "KEY"}},
    {"params": {"key": "KEY"}},
]


async def test_other_carriers_open_nothing(owner: Actor, program: Program) -> None:
    key = (await make_key(owner)).value
    access = (await give_tokens(program, key))["access_token"]
    for carrier, value in product(CARRIERS, (key, access)):
        filled = json.loads(json.dumps(carrier).replace("KEY", value).replace("NAME", cookie_name()))
        answer = await program("GET", "/api/me", **filled)
        assert answer.status_code == 401, carrier
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_session_of_a_browser_is_no_token(browser: Browser, owner: Actor, program: Program) -> None:
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    assert (await program("GET", "/api/me", client.cookies[cookie_name()])).status_code == 401


async def test_a_refresh_token_works_once_and_a_second_use_ends_the_family(owner: Actor, program: Program) -> None:
    first = await give_tokens(program, (await make_key(owner)).value)
    second = (await renew(program, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await program("GET", "/api/me", second["access_token"])).status_code == 200
    assert (await renew(program, first["refresh_token"])).status_code == 401
    assert (await renew(program, second["refresh_token"])).status_code == 401
    for pair in (first, second):
        assert (await program("GET", "/api/me", pair["access_token"])).status_code == 401


async def test_tokens_may_be_for_less_and_never_for_more(owner: Actor, program: Program) -> None:
    key = (await make_key(owner, "document:read", "document:write")).value
    pair = await give_tokens(program, key, "document:read")
    assert (await program("GET", "/api/me", pair["access_token"])).json()["permissions"] == [
        "account:use", "document:read",
    ]  # fmt: skip
    for body in (
        {"grant_type": "api_key", "api_key": key, "scope": "document:read person:manage"},
        {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"], "scope": "document:write"},
    ):
        assert (await program("POST", "/auth/token", json=body)).status_code == 403
    assert (await renew(program, pair["refresh_token"])).json()["scope"] == "document:read"


async def test_revoking_ends_one_token_or_the_family(owner: Actor, program: Program) -> None:
    key = (await make_key(owner)).value
    pair, other = await give_tokens(program, key), await give_tokens(program, key)
    assert (await program("POST", "/auth/revoke", json={"token": pair["access_token"]})).status_code == 200
    assert (await program("GET", "/api/me", pair["access_token"])).status_code == 401
    renewed = (await renew(program, pair["refresh_token"])).json()
    assert (await program("POST", "/auth/revoke", json={"token": renewed["refresh_token"]})).status_code == 200
    assert (await program("GET", "/api/me", renewed["access_token"])).status_code == 401
    assert (await renew(program, renewed["refresh_token"])).status_code == 401
    assert (await program("POST", "/auth/revoke", json={"token": "nonsense"})).status_code == 200
    assert (await program("GET", "/api/me", other["access_token"])).status_code == 200


async def test_the_public_keys_verify_our_tokens_and_hold_nothing_private(owner: Actor, program: Program) -> None:
    access = (await give_tokens(program, (await make_key(owner)).value))["access_token"]
    (public,) = (await program("GET", "/.well-known/jwks.json")).json()["keys"]
    assert "d" not in public
    assert public["kid"]
    claims = jwt.decode(access, ECKey.import_key(public), algorithms=["ES256"]).claims
    assert claims["sub"] == str(owner.account_id)
    assert claims["exp"] - claims["iat"] == 900
    async with unit_of_work(owner) as uow:
        sealed = await uow.session.scalar(text("SELECT sealed_private_key FROM signing_key"))
    assert b'"d"' not in sealed


async def test_an_older_key_verifies_until_its_tokens_end(owner: Actor, program: Program) -> None:
    key = (await make_key(owner)).value
    before = (await give_tokens(program, key))["access_token"]
    await signing.rotate_signing_keys()
    assert len(await signing.public_keys()) == 1, "it is young"
    async with unit_of_work(owner) as uow:
        await uow.session.execute(text("UPDATE signing_key SET created_at = now() - interval '91 days'"))
    await signing.rotate_signing_keys()
    after = (await give_tokens(program, key))["access_token"]
    assert header_of(before)["kid"] != header_of(after)["kid"]
    for access in (before, after):
        assert (await program("GET", "/api/me", access)).status_code == 200
    async with unit_of_work(owner) as uow:
        await uow.session.execute(
            text("UPDATE signing_key SET retired_at = now() - interval '2 hours' WHERE retired_at IS NOT NULL")
        )
    await signing.rotate_signing_keys()
    assert [public["kid"] for public in await signing.public_keys()] == [header_of(after)["kid"]]
    assert (await program("GET", "/api/me", before)).status_code == 401


def header_of(token: str) -> dict[str, Any]:
    return read_part(token.split(".", maxsplit=1)[0])


def read_part(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def write_part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_no_forged_token_opens_anything(owner: Actor, program: Program) -> None:
    """`alg` none and HMAC by the public key, foreign keys, wrong claims and times, and what is no token at all."""
    good = (await give_tokens(program, (await make_key(owner)).value))["access_token"]
    ours, header = await signing.signing_key(), header_of(good)
    claims = read_part(good.split(".")[1])
    (public,) = await signing.public_keys()
    theirs = ECKey.generate_key("P-256", private=True)
    now = int(time.time())

    def signed(key: ECKey = ours, /, *, heading: dict[str, Any] | None = None, **changed: object) -> str:
        body = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        return jwt.encode({**header, **(heading or {})}, body, key, algorithms=["ES256"])

    assert (await program("GET", "/api/me", signed())).status_code == 200, "what follows differs in one thing each"
    body, signature = good.split(".")[1:]
    by_hmac = jwt.encode(
        {"alg": "HS256", "kid": header["kid"], "typ": "at+jwt"}, claims,
        OctKey.import_key(json.dumps(public)), algorithms=["HS256"],
    )  # fmt: skip
    forged = {
        "none": f"{write_part({**header, 'alg': 'none'})}.{body}.",
        "None": f"{write_part({**header, 'alg': 'None'})}.{body}.{signature}",
        "no signature": f"{good.rpartition('.')[0]}.",
        "hmac": by_hmac,
        "foreign key": signed(theirs),
        "foreign key in the header": signed(theirs, heading={"jwk": theirs.as_dict(private=False)}),
        "key unknown": signed(heading={"kid": "other"}),
        "no key named": f"{write_part({'alg': 'ES256', 'typ': 'at+jwt'})}.{body}.{signature}",
        "other type": signed(heading={"typ": "JWT"}),
        "signature longer": good + "x",
        "other body": f"{good.split('.')[0]}.{write_part({**claims, 'sub': str(new_id())})}.{signature}",
        "other installation": signed(iss="https://other.example"),
        "other audience": signed(aud="https://other.example/api"),
        "no audience": signed(aud=None),
        "no issuer": signed(iss=None),
        "expired": signed(exp=now - 60),
        "never expires": signed(exp=None),
        "expires in words": signed(exp="tomorrow"),
        "of the future": signed(iat=now + 600),
        "not yet": signed(nbf=now + 600),
        "no person": signed(sub=None),
        "person unknown": signed(sub=str(new_id())),
        "person no id": signed(sub="ada"),
        "other workspace": signed(wid=str(new_id())),
        "other family": signed(sid=str(new_id())),
        "no scope": signed(scope=None),
        "scope a list": signed(scope=["document:read"]),
        "five parts": f"{good}.x.y",
        "quotes": "' OR 1=1 --",
        "dots": "...",
        "binary": "\x7f\x01.\x02.\x03",
        "long": "a" * 5000,
        "deep": f"{base64.urlsafe_b64encode(b'[' * 1500).decode()}.{body}.{signature}",
    }
    for name, token in forged.items():
        answer = await program("GET", "/api/me", token)
        assert (answer.status_code, answer.json()["code"]) == (401, "credential_refused"), name


async def test_a_token_ends_when_its_time_is_over(
    owner: Actor, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "ACCESS", -tokens.ACCESS)
    access = (await give_tokens(program, (await make_key(owner)).value))["access_token"]
    assert (await program("GET", "/api/me", access)).status_code == 401


BODIES: list[dict[str, Any]] = [
    {}, {"grant_type": "password", "username": EMAIL, "password": PASSWORD}, {"grant_type": "api_key"},
    {"grant_type": "api_key", "api_key": "cs_"}, {"grant_type": "api_key", "api_key": ["cs_x"]},
    {"grant_type": "refresh_token"}, {"grant_type": "refresh_token", "refresh_token": "' OR 1=1 --"},
    {"grant_type": "refresh_token", "refresh_token": {"$ne": None}}, {"grant_type": ["api_key"]},
]  # fmt: skip


async def test_no_body_gets_tokens_for_nothing(owner: Actor, program: Program) -> None:
    for body in BODIES:
        answer = await program("POST", "/auth/token", json=body)
        assert answer.status_code in {401, 422}, body
        assert "access_token" not in answer.text
