"""The gate of every page event: who is it, now, and may they. What declares no permission is refused."""

from collections.abc import Callable

import reflex as rx
import structlog
from reflex.istate.data import RouterData
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, FrontendEventExceptionState, OnLoadInternalState, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from convosphere.core.audit.actions import PERMISSION_REFUSED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require, set_current_actor
from convosphere.core.errors import (
    ForbiddenError,
    InvalidInputError,
    SignInRequiredError,
    TooManyRequestsError,
    UnavailableError,
)
from convosphere.core.i18n import t
from convosphere.core.origin import from_browser, set_origin
from convosphere.core.page_routes import SECURITY, SIGN_IN
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.ways_in import accepts, declared_permission
from convosphere.identity.cookies import session_token
from convosphere.identity.limits import wait_for_event
from convosphere.identity.service import sessions
from convosphere.identity.service.renewal import was_just_renewed
from convosphere.identity.state.session_state import SessionState

log = structlog.get_logger()

# What a page needs of the framework itself before anybody is signed in. Its `setvar`, which every State has and which
# would let a client write any var, is not among them.
FRAMEWORK_HANDLERS: frozenset[str] = frozenset(
    f"{state.get_full_name()}.{name}"
    for state, names in {
        rx.State: ("hydrate", "hydrate_and_load", "set_is_hydrated"),
        OnLoadInternalState: ("on_load_internal", "set_is_hydrated"),
        FrontendEventExceptionState: ("handle_frontend_exception",),
    }.items()
    for name in names
)


JUST_SECONDS = 1.0


class SessionGate(Middleware):
    """Resolves cookie, session and actor anew for every event from outside, and refuses what the actor may not do."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        """Let the event pass, or send whoever is not signed in to sign in.

        Raises:
            ForbiddenError: the handler declares no permission, or the actor lacks it.
            InvalidInputError: the arguments are not what the handler takes.
            TooManyRequestsError: the actor does very much at once.
            UnavailableError: the database is away, and the handler is for more than everybody.
        """
        handler = RegistrationContext.get().event_handlers[event.name].handler
        function: Callable[..., object] = handler.fn
        # What a handler has just started to work beside was asked for a moment ago by whoever was looked up then.
        is_followed = handler.is_background and EventContext.get().parent_txid is not None
        router = state.router  # Put together anew each time that it is asked for.
        token = session_token(router.headers.cookie)
        actor = await _actor_of(state, token, declared_permission(function), JUST_SECONDS if is_followed else 0.0)
        set_current_actor(actor)
        set_origin(from_browser(router.session.client_ip, router.headers.user_agent))
        if event.name not in FRAMEWORK_HANDLERS:
            refusal = await _refusal(router, actor, token, event.name, declared_permission(function))
            if refusal is not None:
                return refusal
        if not accepts(function, event.payload):
            raise InvalidInputError(t("The request could not be read."))
        return None


async def _actor_of(state: BaseState, token: str, permission: Permission | None, seconds: float) -> Actor:
    """Whose tab it is, as of so many seconds ago at most."""
    try:
        actor = await sessions.recall_actor(token, seconds)
        await _forget_on_other_session(state, actor)
    except UnavailableError:
        # The notice that says so must get through, or its own failure would call for the next one.
        if permission is not Permission.PUBLIC:
            raise
        return ANONYMOUS
    return actor


async def _refusal(
    router: RouterData, actor: Actor, token: str, name: str, permission: Permission | None
) -> StateUpdate | None:
    """What an actor is told instead who may not do this, or not now; None for who may."""
    if seconds := await wait_for_event(actor, router.session.client_ip):
        if permission is Permission.PUBLIC:  # The notice that says so is among them.
            return StateUpdate()
        raise TooManyRequestsError(seconds)
    if permission is None:
        log.warning("undeclared_handler", handler=name)
        refused(actor, PERMISSION_REFUSED, label=name, after={"reason": "undeclared_handler"})
        raise ForbiddenError
    try:
        require(actor, permission)
    except SignInRequiredError:
        if await was_just_renewed(token):  # The socket is about to close, and the page to come back with the new one.
            return StateUpdate()
        return StateUpdate(events=Event.from_event_type(rx.redirect(SIGN_IN)))
    except ForbiddenError:
        if not actor.lacks_factor:
            raise
        # Until there is a second factor, there is one page to be on; what else it would load is left out.
        is_there = router.url.path == SECURITY
        return StateUpdate(events=[] if is_there else Event.from_event_type(rx.redirect(SECURITY)))
    return None


async def _forget_on_other_session(state: BaseState, actor: Actor) -> None:
    """Empty a tab's State when its session is another one: whoever guesses a tab's token gets nothing of it."""
    root = state._get_root_state()
    bound = await root.get_state(SessionState)
    session_id = str(actor.session_id or "")
    if bound._bind(session_id):
        root.reset()
        bound._bind(session_id)
