"""The link that ends mails with news: whoever has the mail may use it, without signing in."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.routes.reading import count_try, read_form
from convosphere.identity.ways import for_programs
from convosphere.notifications.service import digests


@for_programs
@way_in(Permission.PUBLIC)
async def unsubscribe(request: Request) -> Response:
    """End them by the token of a mail: of the page's form, or in the address, as mail programs post it (RFC 8058).

    It takes a POST, since mail servers open links to look at them.
    """
    await count_try(request)
    token = request.query_params.get("token") or (await read_form(request, "token"))["token"]
    await digests.unsubscribe(token)
    return JSONResponse(t("You get no more of these mails. Under Notifications you can choose them again.").as_dict())


ROUTES = [Route("/auth/unsubscribe", unsubscribe, methods=["POST"])]
