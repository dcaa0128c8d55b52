"""What one-time links of an account lead to. Asking is open to everybody, so the answers tell nothing about anybody."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.reading import read_fields
from convosphere.identity.service import recovery, resetting, verification


@way_in(Permission.PUBLIC)
async def ask_recovery(request: Request) -> Response:
    """Have a link for a new password sent; the same answer for every address."""
    fields = await read_fields(request, "email")
    await recovery.ask_recovery(fields["email"])
    told = t(
        "If there is an account with this address, a mail with a link is on its way. The link works for 30 minutes."
    )
    return JSONResponse(told.as_dict())


@way_in(Permission.PUBLIC)
async def set_password(request: Request) -> Response:
    """Set a new password with a link."""
    fields = await read_fields(request, "token", "password")
    await resetting.recover(fields["token"], fields["password"])
    told = t("Your password is set, and all devices are signed out. You can sign in with it now.")
    return JSONResponse(told.as_dict())


@way_in(Permission.PUBLIC)
async def verify(request: Request) -> Response:
    """Confirm an address with a link. It takes a click, since mail servers open links to look at them."""
    fields = await read_fields(request, "token")
    await verification.verify(fields["token"])
    return JSONResponse(t("Your e-mail address is confirmed.").as_dict())


ROUTES = [
    Route("/auth/recover", ask_recovery, methods=["POST"]),
    Route("/auth/recover/password", set_password, methods=["POST"]),
    Route("/auth/verify", verify, methods=["POST"]),
]
