"""The page of one assistant, with its editor."""

import reflex as rx

from convosphere.assistants.components.beginnings import beginnings
from convosphere.assistants.components.cards import favourite
from convosphere.assistants.components.defaults import default_dialog
from convosphere.assistants.components.drawing import drawing_dialog
from convosphere.assistants.components.editor import editor
from convosphere.assistants.components.face import face
from convosphere.assistants.components.gallery import gallery_dialogs, gallery_line
from convosphere.assistants.components.menu import assistant_menu
from convosphere.assistants.components.versions import history_panel
from convosphere.assistants.components.words import state_word
from convosphere.assistants.state.default_state import AssistantDefaultsState
from convosphere.assistants.state.editor_state import NEW, AssistantState
from convosphere.assistants.state.version_state import AssistantVersionsState
from convosphere.core.page_routes import ASSISTANTS, assistant, assistant_quality, chat_with, playground
from convosphere.ui.buttons import button, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t
from convosphere.ui.layout import active_path, breadcrumb, page, page_header
from convosphere.ui.menus import menu_item, menu_separator

Shown = AssistantState


def assistant_page() -> rx.Component:
    """One assistant: who it is, and its editor for who may change it."""
    # The address changes at once; until the server follows, nothing may be written into what is about to go.
    is_here = active_path() == assistant(Shown.place)  # pyright: ignore[reportArgumentType]  # As a link's address.
    is_new = Shown.place == NEW
    shown_name = rx.cond(is_here & (Shown.shown.name != ""), Shown.shown.name, t("Assistant"))
    name = rx.cond(is_here & is_new, t("New assistant"), shown_name)
    missing = empty_state(
        t("This assistant does not exist, or you have no access to it."),
        link_button(t("All assistants"), ASSISTANTS),
        picture="lost",
    )
    content = rx.fragment(
        rx.cond(is_new, beginnings(), _head()),
        rx.cond(is_new | Shown.shown.can_edit, editor(), rx.fragment()),
    )
    return page(
        page_header(
            breadcrumb((t("Assistants"), ASSISTANTS), current=name), rx.cond(is_here & (Shown.shown.id != ""), _acts())
        ),
        rx.el.div(
            rx.cond(is_here & Shown.is_missing, missing, rx.cond(is_here, content, skeleton_rows(6))),
            default_dialog(),
            gallery_dialogs(),
            drawing_dialog(),
            class_name="assistant-page",
        ),
        panel=history_panel(),
    )


def _acts() -> rx.Component:
    shown = Shown.shown
    chat = rx.button(
        rx.link(
            rx.icon("message-circle", size=16, aria_hidden="true"),
            t("Chat"),
            href=chat_with(shown.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
            data_testid="assistant-chat",
        ),
        as_child=True,
        variant="solid",
    )
    versions = menu_item(
        t("Versions"), icon="history", on_select=AssistantVersionsState.open, data_testid="assistant-versions"
    )
    quality = menu_item(
        t("Quality"),
        icon="thumbs-up",
        on_select=rx.redirect(assistant_quality(shown.id)),  # pyright: ignore[reportArgumentType]  # As above.
        data_testid="assistant-quality",
    )
    where = menu_item(
        t("Where it answers first"), icon="pin", on_select=AssistantDefaultsState.open,
        data_testid="assistant-defaults",
    )  # fmt: skip
    try_out = menu_item(
        t("Playground"),
        icon="flask-conical",
        on_select=rx.redirect(playground(shown.id)),  # pyright: ignore[reportArgumentType]  # As above.
        data_testid="assistant-playground",
    )
    return rx.fragment(
        favourite(shown, Shown.set_favourite(~shown.is_favourite)),
        assistant_menu(
            shown,
            rx.cond(shown.can_edit, rx.fragment(versions, quality, try_out)),
            where,
            rx.cond(shown.can_manage, _states()),
        ),
        rx.cond(shown.can_ask, chat),
    )


def _states() -> rx.Component:
    state = Shown.shown.state
    offers = {
        "active": ("power", t("Activate")),
        "inactive": ("power-off", t("Switch off for a while")),
        "retired": ("archive", t("Retire")),
        "draft": ("pencil-ruler", t("Make it a draft again")),
    }
    items = [
        rx.cond(
            state != key,
            menu_item(label, icon=icon, on_select=Shown.set_state(key), data_testid="assistant-state", data_state=key),
        )
        for key, (icon, label) in offers.items()
    ]
    return rx.fragment(menu_separator(), *items, menu_separator())


def _head() -> rx.Component:
    shown = Shown.shown
    activate = button(
        t("Activate"), icon="power", size="1", on_click=Shown.set_state("active"), data_testid="assistant-activate"
    )
    hint = rx.match(
        shown.state,
        ("draft", t("A draft: only those who may change it can ask it. Activate it for the others.")),
        ("active", rx.cond(shown.is_shared, t("Shared."), t("Nobody else uses it yet: share it in the menu above."))),
        ("inactive", t("It answers nobody for now.")),
        t("It answers nobody any more, and stands in no list."),
    )
    return rx.el.div(
        face(shown.icon, shown.color, 56),
        rx.el.div(
            rx.el.p(shown.description, class_name="assistant-description", dir="auto"),
            rx.el.div(
                state_word(shown.state),
                rx.cond(shown.can_manage, rx.el.span(hint, class_name="quiet")),
                rx.cond(
                    shown.is_own, rx.fragment(), rx.el.span(t("from {name}", name=shown.owner), class_name="quiet")
                ),
                rx.el.span(t("Ask it in any chat: @{handle}", handle=shown.handle), class_name="quiet"),
                rx.cond(shown.can_manage & (shown.state != "active"), activate),
                class_name="assistant-facts",
                data_testid="assistant-facts",
                data_state=shown.state,
            ),
            rx.cond(shown.can_edit, gallery_line(shown)),
        ),
        class_name="assistant-head",
    )
