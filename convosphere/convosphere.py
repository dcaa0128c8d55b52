"""Composition root of the web app: pages, routes and what runs beside them."""

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

import reflex as rx
import structlog
from reflex.event import EventSpec, EventType
from starlette.applications import Starlette

from convosphere.account import pages as account
from convosphere.account.state.devices_state import DevicesState
from convosphere.account.state.factor_state import FactorState
from convosphere.account.state.keys_state import KeysState
from convosphere.account.state.mails_state import MailsState
from convosphere.account.state.own_usage_state import OwnUsageState
from convosphere.account.state.profile_state import ProfileState
from convosphere.account.state.told_state import ToldState
from convosphere.admin import pages as admin
from convosphere.admin.routes import ROUTES as ADMIN_ROUTES
from convosphere.admin.state.access_state import AccessState
from convosphere.admin.state.audit_state import AuditState
from convosphere.admin.state.budgets_state import BudgetsState
from convosphere.admin.state.chat_rules_state import ChatRulesState
from convosphere.admin.state.groups_state import GroupsState
from convosphere.admin.state.model_state import ModelPanelState
from convosphere.admin.state.models_state import ModelsState
from convosphere.admin.state.people_state import PeopleState
from convosphere.admin.state.person_state import PersonState
from convosphere.admin.state.quality_state import QualityState
from convosphere.admin.state.roles_state import RolesState
from convosphere.admin.state.usage_state import UsageState
from convosphere.admin.state.verification_state import VerificationState
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.pages import assistant_page, assistant_quality_page, assistants_page
from convosphere.assistants.routes import ROUTES as ASSISTANT_ROUTES
from convosphere.assistants.service.naming import name_assistants
from convosphere.assistants.state.drawing_state import AssistantDrawingState
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.assistants.state.list_state import AssistantListState
from convosphere.assistants.state.quality_state import AssistantQualityState
from convosphere.assistants.state.requests_state import AssistantRequestsState
from convosphere.chat.broadcasts import Broadcaster
from convosphere.chat.company import Company
from convosphere.chat.components.linked import linked_page
from convosphere.chat.generations import GenerationHost
from convosphere.chat.pages import chat_page, side_page
from convosphere.chat.routes import ROUTES as CHAT_ROUTES
from convosphere.chat.service.folders import FOLDER_GRANTS
from convosphere.chat.service.quality import RatingsOfAnswers
from convosphere.chat.service.sharing import CONVERSATION_GRANTS
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.company_state import CompanyState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.filing_state import FilingState
from convosphere.chat.state.filing_watch_state import FilingWatchState
from convosphere.chat.state.life_state import LifeState
from convosphere.chat.state.linked_state import LinkedState
from convosphere.chat.state.list_state import ConversationListState
from convosphere.chat.state.panes_state import PanesState
from convosphere.chat.state.start_state import StartState
from convosphere.core import page_routes as routes
from convosphere.core.audit.keys import audit_keys
from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.database import open_database
from convosphere.core.errors import ExpectedError, SignInRequiredError
from convosphere.core.events import EventHub
from convosphere.core.health import ROUTES as HEALTH_ROUTES
from convosphere.core.i18n import Message
from convosphere.core.i18n import t as message
from convosphere.core.identifiers import new_id
from convosphere.core.live import LiveHub
from convosphere.core.logs import configure_logs
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.secrets.checking import check_keys
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.home.pages import home_page
from convosphere.home.state.home_state import HomeState
from convosphere.identity import pages as entry
from convosphere.identity.errors import ReauthenticationRequiredError
from convosphere.identity.routes import ROUTES as IDENTITY_ROUTES
from convosphere.identity.service.founding import issue_set_up_token
from convosphere.identity.service.grants import GrantKinds
from convosphere.identity.state.entry_state import EntryState
from convosphere.identity.state.gate import SessionGate
from convosphere.identity.state.reauthentication_state import ReauthenticationState
from convosphere.identity.state.watch_state import WatchState
from convosphere.identity.ways import guard_routes
from convosphere.knowledge.grants import KNOWLEDGE_GRANTS
from convosphere.knowledge.pages import PAGES as KNOWLEDGE_PAGES
from convosphere.knowledge.pages.linked import linked_documents_page
from convosphere.knowledge.routes import ROUTES as KNOWLEDGE_ROUTES
from convosphere.knowledge.search.embedding import embedding_with
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.linked_state import LinkedDocumentsState
from convosphere.launch.ports import fill_ports
from convosphere.launch.sealed import SEALED_COLUMNS
from convosphere.llm.gateway import Gateway
from convosphere.llm.service.sharing import MODEL_GRANTS
from convosphere.navigation import SLOTS
from convosphere.notifications.pages import unsubscribe_page
from convosphere.notifications.routes import ROUTES as NOTIFICATION_ROUTES
from convosphere.notifications.state.notification_state import NotificationState
from convosphere.playground.pages import playground_page
from convosphere.playground.state.cases_state import CasesState
from convosphere.playground.state.playground_state import PlaygroundAnswerState, PlaygroundState
from convosphere.playground.state.runs_state import RunsState
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.pages import prompt_page, prompts_page
from convosphere.prompts.state.editor_state import PromptState
from convosphere.prompts.state.list_state import PromptListState
from convosphere.questions.pages import questions_page
from convosphere.questions.state.questions_state import QuestionsState
from convosphere.shell import (
    MISSING,
    FrameState,
    ToastState,
    UndoActions,
    app_wraps,
    head_components,
    missing_page,
)
from convosphere.shell.tabs import provide_probe
from convosphere.templates.kind import TEMPLATES
from convosphere.templates.pages import template_page, templates_page
from convosphere.templates.state.editor_state import TemplateState
from convosphere.templates.state.list_state import TemplateListState
from convosphere.ui.theme import STYLESHEETS
from convosphere.usage.routes import ROUTES as USAGE_ROUTES
from convosphere.usage.service.names import AssistantNames
from convosphere.usage.service.ratings import Ratings

log = structlog.get_logger()

ROUTES = [
    *IDENTITY_ROUTES, *KNOWLEDGE_ROUTES, *CHAT_ROUTES, *ASSISTANT_ROUTES, *ADMIN_ROUTES, *HEALTH_ROUTES,
    *NOTIFICATION_ROUTES, *USAGE_ROUTES,
]  # fmt: skip
_UNLISTED = [{"name": "robots", "content": "noindex, nofollow, noarchive"}]
# A connection that comes back after a gap loads its page again, so what the frame shows is loaded with every page.
FRAME_LOADS = [
    FrameState.load,
    WatchState.look,
    ConversationListState.follow,
    FilingState.load,
    FilingWatchState.follow,
    LifeState.load,
    AssistantRequestsState.load,
    NotificationState.follow,
]


@asynccontextmanager
async def running() -> AsyncGenerator[None, None]:
    """What the process needs as long as it serves."""
    settings = get_settings()
    configure_logs(settings.log_level)
    host = GenerationHost(settings.drain_seconds)
    audit_keys()  # Whatever is wrong with it stops the start.
    async with (
        open_database(settings.database_url, pool_size=settings.database_pool),
        RefusalWriter().running(),
        EventHub(settings.database_url).running(),
        Company().running(),
        Gateway(settings) as gateway,
        LiveHub(settings.redis_url).running() as live,
        Broadcaster(host, live).running(),
        host.running(),
    ):
        await check_keys(SEALED_COLUMNS)
        await _print_set_up_link()
        with embedding_with(gateway):
            yield


async def _print_set_up_link() -> None:
    # One process after the other, so that of several links the last one in the log is the one that works.
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.take_turns("set-up link")
        if token := await issue_set_up_token():
            link = f"{get_settings().address}{routes.SET_UP}?token={token}"
            sys.stdout.write(f"Create the owner account (works once, for 30 minutes): {link}\n")
            sys.stdout.flush()


def tell_error(exception: Exception) -> EventSpec:
    """What a tab is told when a handler failed."""
    if isinstance(exception, SignInRequiredError):
        return rx.redirect(routes.SIGN_IN)
    if isinstance(exception, ReauthenticationRequiredError):
        return ReauthenticationState.ask()  # pyright: ignore[reportReturnType]  # Called, it is one.
    if isinstance(exception, ExpectedError):
        return _report(exception.message)
    incident = str(new_id())
    log.error("handler_failed", incident=incident, exc_info=exception)
    return _report(
        message("Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident)
    )


def _report(told: Message) -> EventSpec:
    return ToastState.report(told.text, told.values)  # pyright: ignore[reportReturnType]  # Called, it is one.


def _is_connected(client_token: str) -> bool:
    # Its public `token_to_sid` copies all tabs each time, and this is asked many times a second for each.
    spaces = app.event_namespace
    return spaces is not None and client_token in spaces._token_manager.token_to_socket  # noqa: SLF001


def _add_page(page: Callable[[], rx.Component], route: str, *loads: EventType[()], is_chat: bool = False) -> None:
    """A page within the frame, with what it loads beside the frame's own; one without a chat leaves that of before."""
    own = loads if is_chat else (AnswerState.leave, *loads)
    app.add_page(page, route=route, title="ConvoSphere", on_load=[*own, *FRAME_LOADS])  # pyright: ignore[reportArgumentType]  # One event each.


app = rx.App(
    app_wraps=app_wraps(SLOTS),
    head_components=head_components(),
    stylesheets=STYLESHEETS,
    toaster=None,
    api_transformer=Starlette(routes=guard_routes(ROUTES)),
    backend_exception_handler=tell_error,
)
app.add_middleware(SessionGate())
app.register_lifespan_task(running)
provide_probe(_is_connected)
UndoActions.register("conversation", ConversationListState.restore)
UndoActions.register("conversations", FilingState.restore)
UndoActions.register("archive", FilingState.unarchive)
UndoActions.register("document", ActState.restore)
UndoActions.register("assistant", AssistantListState.restore)
UndoActions.register("prompt", PromptListState.restore)
UndoActions.register("template", TemplateListState.restore)
AssistantNames.register(name_assistants)
Ratings.register(RatingsOfAnswers())
_GRANTS = (
    *KNOWLEDGE_GRANTS, MODEL_GRANTS, FOLDER_GRANTS, CONVERSATION_GRANTS,
    grants_of(ASSISTANTS), grants_of(PROMPTS), grants_of(TEMPLATES),
)  # fmt: skip
for grants in _GRANTS:
    GrantKinds.register(grants)
fill_ports()

app.add_page(entry.set_up_page, route=routes.SET_UP, title="ConvoSphere")
app.add_page(entry.sign_in_page, route=routes.SIGN_IN, title="ConvoSphere", on_load=EntryState.load)
app.add_page(entry.second_step_page, route=routes.SECOND_STEP, title="ConvoSphere", on_load=EntryState.load)
app.add_page(entry.sign_up_page, route=routes.SIGN_UP, title="ConvoSphere")
app.add_page(entry.forgot_page, route=routes.FORGOT, title="ConvoSphere")
app.add_page(entry.recover_page, route=routes.RECOVER, title="ConvoSphere")
_LINKED = (
    (linked_page, routes.SHARED, LinkedState.follow),
    (linked_documents_page, routes.SHARED_DOCUMENTS, LinkedDocumentsState.follow),
)
for shown_page, route, load in _LINKED:
    app.add_page(shown_page, route=route, title="ConvoSphere", on_load=load, meta=_UNLISTED)
app.add_page(entry.verify_page, route=routes.VERIFY, title="ConvoSphere")
app.add_page(unsubscribe_page, route=routes.UNSUBSCRIBE, title="ConvoSphere")
_add_page(home_page, routes.HOME, HomeState.follow)
_add_page(
    chat_page, routes.CHAT_PAGE, ConversationState.open, FilingState.show_wanted, CompanyState.follow, is_chat=True
)
_add_page(side_page, routes.SIDE, PanesState.open, is_chat=True)
for shown_page, route, loads in KNOWLEDGE_PAGES:
    _add_page(shown_page, route, *loads)
_add_page(questions_page, routes.KNOWLEDGE_QUESTIONS, QuestionsState.follow)
_add_page(assistants_page, routes.ASSISTANTS, AssistantListState.load)
_add_page(assistant_page, routes.ASSISTANT, AssistantState.load, AssistantDrawingState.load)
_add_page(assistant_quality_page, routes.ASSISTANT_QUALITY, AssistantQualityState.load)
_add_page(
    playground_page, routes.PLAYGROUND, PlaygroundState.load, PlaygroundAnswerState.clear, CasesState.load,
    RunsState.follow,
)  # fmt: skip
_add_page(prompts_page, routes.PROMPTS, PromptListState.load)
_add_page(prompt_page, routes.PROMPT, PromptState.load)
_add_page(partial(templates_page, StartState.start), routes.TEMPLATES, TemplateListState.load)
_add_page(partial(template_page, StartState.start), routes.TEMPLATE, TemplateState.load)
_add_page(account.profile_page, routes.ACCOUNT, ProfileState.load)
_add_page(account.security_page, routes.SECURITY, FactorState.load, DevicesState.load, KeysState.load)
_add_page(account.notifications_page, routes.NOTIFICATIONS, MailsState.load, ToldState.load)
_add_page(admin.people_page, routes.PEOPLE, PeopleState.follow)
_add_page(admin.person_page, routes.PERSON, PersonState.load, AccessState.forget)
_add_page(admin.groups_page, routes.GROUPS, GroupsState.load)
_add_page(admin.roles_page, routes.ROLES, RolesState.load)
_add_page(admin.models_page, routes.MODELS, ModelsState.follow, ModelPanelState.close)
_add_page(admin.audit_page, routes.AUDIT, AuditState.load, VerificationState.load)
_add_page(admin.usage_page, routes.USAGE, UsageState.load, BudgetsState.load)
_add_page(admin.chat_rules_page, routes.CHAT_RULES, ChatRulesState.load)
_add_page(admin.quality_page, routes.QUALITY, QualityState.load)
_add_page(account.own_usage_page, routes.OWN_USAGE, OwnUsageState.load)
_add_page(missing_page, MISSING)
