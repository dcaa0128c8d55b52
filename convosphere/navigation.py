"""Composition root of what lies around every page: its ways to go, the list of conversations, the palette."""

from convosphere.admin.components.frame import ADMIN_SECTIONS
from convosphere.assistants.state.requests_state import AssistantRequestsState
from convosphere.chat.components.conversation_list import conversation_list
from convosphere.chat.components.finder import finder
from convosphere.core import page_routes as routes
from convosphere.core.permissions import Permission
from convosphere.identity.state.session_state import SessionState
from convosphere.notifications.components.bell import bell
from convosphere.shell import FrameSlots, NavigationItem
from convosphere.shell.commands import frame_commands
from convosphere.ui import t
from convosphere.ui.palette import Command

NAVIGATION = [
    NavigationItem(t("Home"), "house", routes.HOME, "nav-home"),
    NavigationItem(t("Chat"), "message-circle", routes.CHAT, "nav-chat", further=(routes.SIDE,)),
    NavigationItem(t("Knowledge"), "library", routes.KNOWLEDGE, "nav-knowledge", Permission.DOCUMENT_READ),
    NavigationItem(
        t("Assistants"),
        "bot",
        routes.ASSISTANTS,
        "nav-assistants",
        Permission.ASSISTANT_READ,
        waiting=AssistantRequestsState.waiting,
    ),
    NavigationItem(t("Prompts"), "text-quote", routes.PROMPTS, "nav-prompts", Permission.PROMPT_READ),
    NavigationItem(t("Templates"), "layout-template", routes.TEMPLATES, "nav-templates", Permission.TEMPLATE_READ),
    NavigationItem(
        t("Administration"),
        "shield",
        routes.PEOPLE,
        "nav-admin",
        Permission.PERSON_READ,
        others=[(section.permission, section.route) for section in ADMIN_SECTIONS[1:]],
    ),
]
_ADMIN = [
    Command(each.route, each.label, each.icon, "administration", each.route, needs=(each.permission,))
    for each in ADMIN_SECTIONS
]
SLOTS = FrameSlots(
    navigation=NAVIGATION,
    conversations=conversation_list(),
    bell=bell(),
    palette=finder(frame_commands(NAVIGATION, _ADMIN)),
    on_locale_change=SessionState.keep_locale,
    on_theme_change=SessionState.keep_theme,
)
