"""What can be done with an assistant, from its card and from its page."""

import reflex as rx

from convosphere.assistants.components.gallery import gallery_acts
from convosphere.assistants.state.items import AssistantItem
from convosphere.assistants.state.list_state import AssistantListState
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import t
from convosphere.ui.menus import menu, menu_item, menu_separator

Item = rx.vars.ObjectVar[AssistantItem]


def assistant_menu(item: Item, *more: rx.Component) -> rx.Component:
    """Duplicate, export, share, publish, delete, for who may; `more` stands above."""
    acts = AssistantListState
    opener = icon_button(
        "ellipsis", t("More about “{title}”", title=item.name), size=18, tooltip=False, data_testid="assistant-menu"
    )
    share = menu_item(
        t("Share with people and groups"),
        icon="user-plus",
        on_select=SharingState.open("assistant", item.id),
        data_testid="assistant-share",
    )
    delete = rx.fragment(
        menu_separator(),
        menu_item(
            t("Delete"), icon="trash-2", tone="bad", on_select=acts.delete(item.id), data_testid="assistant-delete"
        ),
    )
    duplicate = menu_item(
        t("Duplicate"), icon="copy", on_select=acts.duplicate(item.id), data_testid="assistant-duplicate"
    )
    export = rx.dropdown_menu.item(
        rx.el.a(
            rx.icon("file-down", size=16, aria_hidden="true"),
            t("Export as a file"),
            href=f"/api/assistants/{item.id}/export",
            download=True,
            custom_attrs={"reloadDocument": True},  # It is no page of the frontend's router.
        ),
        as_child=True,
        data_testid="assistant-export",
    )
    offered = menu(
        opener,
        *more,
        rx.cond(item.can_copy & person_may(Permission.ASSISTANT_WRITE), duplicate),
        rx.cond(item.can_copy, export),
        rx.cond(item.can_manage & person_may(Permission.ASSISTANT_SHARE), share),
        gallery_acts(item),
        rx.cond(item.can_manage & person_may(Permission.ASSISTANT_WRITE), delete),
    )
    return offered if more else rx.cond(item.can_copy, offered)
