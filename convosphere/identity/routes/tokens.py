"""Tokens for programs: given for a key, renewed, revoked (RFC 6749, 7009), and the keys that verify them (RFC 7517)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.reading import read_form
from convosphere.identity.schemas import TokenPair
from convosphere.identity.service import signing, tokens
from convosphere.identity.ways import client_of, for_programs


@for_programs
@way_in(Permission.PUBLIC)
async def give_tokens(request: Request) -> Response:
    """For `grant_type` `api_key` with `api_key`, or `refresh_token` with `refresh_token`; `scope` may ask for less."""
    fields = await read_form(request, "grant_type", "api_key", "refresh_token", "scope")
    match fields["grant_type"]:
        case "api_key":
            pair = await tokens.issue_for_key(fields["api_key"], fields["scope"], client_of(request).address)
        case "refresh_token":
            pair = await tokens.refresh(fields["refresh_token"], fields["scope"])
        case _:
            raise InvalidInputError(t("The request could not be read."))
    return _pair(pair)


@for_programs
@way_in(Permission.PUBLIC)
async def revoke(request: Request) -> Response:
    """End a refresh token with all that came of it, or one access token; whoever has it may."""
    fields = await read_form(request, "token")
    await tokens.revoke(fields["token"])
    return JSONResponse({})


@for_programs
@way_in(Permission.PUBLIC)
async def public_keys(request: Request) -> Response:  # noqa: ARG001
    """The keys that verify our access tokens."""
    return JSONResponse({"keys": await signing.public_keys()}, headers={"cache-control": "public, max-age=300"})


ROUTES = [
    Route("/auth/token", give_tokens, methods=["POST"]),
    Route("/auth/revoke", revoke, methods=["POST"]),
    Route("/.well-known/jwks.json", public_keys, methods=["GET"]),
]


def _pair(pair: TokenPair) -> Response:
    return JSONResponse(
        {
            "access_token": pair.access,
            "token_type": "Bearer",
            "expires_in": pair.seconds,
            "refresh_token": pair.refresh,
            "scope": " ".join(pair.scopes),
        }
    )
