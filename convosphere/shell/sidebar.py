"""The sidebar: new chat, the ways to go, conversations, and the person at the foot."""

from typing import Any

import reflex as rx
from reflex.vars import VarData
from reflex_base.utils.imports import ImportVar

from convosphere.core.page_routes import ACCOUNT, GROUPS, HOME
from convosphere.core.permissions import Permission
from convosphere.identity.components.invitations import invite_dialog
from convosphere.identity.state.invite_state import InviteState
from convosphere.shell.slots import FrameSlots, NavigationItem
from convosphere.shell.state import FrameState
from convosphere.ui import locale_of_person, t
from convosphere.ui.avatars import avatar
from convosphere.ui.brand import wordmark
from convosphere.ui.buttons import icon_button
from convosphere.ui.layout import FRAME_MODULE, active_path, toggle_sidebar
from convosphere.ui.menus import menu, menu_item, menu_separator, submenu
from convosphere.ui.preferences import language_options, preferences_of_person, theme_options

SIGN_OUT_FORM = "sign-out-form"


class _Sidebar(rx.Component):
    library = FRAME_MODULE
    tag = "Sidebar"
    label: rx.Var[str]
    close_label: rx.Var[str]


class _PagesAhead(rx.Component):
    library = FRAME_MODULE
    tag = "PagesAhead"
    pages: rx.Var[list[str]]


def sidebar(slots: FrameSlots) -> rx.Component:
    """The whole column; below 900 px a rail of icons that opens as a drawer, below 700 px only the drawer."""
    return _Sidebar.create(
        rx.el.div(
            rx.link(wordmark(26), href=HOME, class_name="sidebar-brand", underline="none", aria_label="ConvoSphere"),
            rx.el.div(
                *([slots.bell] if slots.bell else []),
                icon_button(
                    "panel-left", t("Fold the sidebar"), on_click=toggle_sidebar(), data_testid="sidebar-toggle"
                ),
                class_name="sidebar-acts",
            ),
            class_name="sidebar-head",
        ),
        _new_chat(slots),
        rx.el.nav(*(_line(item) for item in slots.navigation), class_name="sidebar-nav", aria_label=t("Pages")),
        rx.el.div(*([slots.conversations] if slots.conversations else []), class_name="sidebar-list"),
        _person(slots),
        _PagesAhead.create(pages=[item.route for item in slots.navigation]),
        locale_of_person(locale=FrameState.person.locale),
        preferences_of_person(
            is_self=FrameState.person.is_self,
            theme=FrameState.person.theme,
            density=FrameState.person.density,
            time_zone=FrameState.person.time_zone,
        ),
        label=t("Sidebar"),
        close_label=t("Close the menu"),
    )


def _new_chat(slots: FrameSlots) -> rx.Component:
    acts: dict[str, Any] = {"on_click": slots.on_new_chat} if slots.on_new_chat is not None else {}
    link = rx.link(
        rx.icon("square-pen", size=16, aria_hidden="true"),
        rx.el.span(t("New chat"), class_name="rail-hidden"),
        href=slots.new_chat_route,
        aria_label=t("New chat"),
        data_testid="new-chat",
        **acts,
    )
    return rx.button(link, as_child=True, variant="solid", size="2", class_name="new-chat")


def _line(item: NavigationItem) -> rx.Component:
    path = active_path()
    here, within = rx.Var.create(False), rx.Var.create(False)
    for route in (item.route, *item.further, *(route for _, route in item.others)):
        here |= path == route
        within |= path.startswith(f"{route}/") if route != HOME else False
    line = rx.link(
        rx.icon(item.icon, size=18, aria_hidden="true"),
        rx.el.span(item.label, class_name="rail-hidden"),
        _waiting(item),
        href=_way(item),
        underline="none",
        class_name="sidebar-line",
        aria_label=_name(item),
        aria_current=rx.cond(here, "page", rx.cond(within, "true", "false")),
        data_testid=item.testid,
    )
    if not item.permission:
        return line
    is_shown = person_may(item.permission)
    for permission, _ in item.others:
        is_shown |= person_may(permission)
    return rx.cond(is_shown, line)


def _waiting(item: NavigationItem) -> rx.Component:
    if item.waiting is None:
        return rx.fragment()
    count = rx.el.span(item.waiting, class_name="sidebar-count tabular", aria_hidden="true", data_testid="nav-waiting")
    return rx.cond(item.waiting.to(int) > 0, count, rx.fragment())


def _name(item: NavigationItem) -> rx.Var[str]:
    if item.waiting is None:
        return item.label
    said = t("{label}: {count} to review", label=item.label, count=item.waiting)
    return rx.cond(item.waiting.to(int) > 0, said, item.label)  # pyright: ignore[reportReturnType]


def _way(item: NavigationItem) -> rx.Var[str]:
    """Where a line leads: to the first of its pages that is the person's to see."""
    way = rx.Var.create(item.route)
    for permission, route in reversed(item.others):
        way = rx.cond(person_may(permission), route, way)
    return rx.cond(person_may(item.permission), item.route, way) if item.others else way


def person_may(permission: str) -> rx.Var[bool]:
    """Whether the person in the frame holds a permission: for what is shown only, the server asks for itself."""
    permissions: rx.vars.ArrayVar[list[str]] = FrameState.person.permissions  # pyright: ignore[reportAssignmentType]  # On the class it is a var.
    return permissions.contains(permission)


def _person(slots: FrameSlots) -> rx.Component:
    person = FrameState.person
    trigger = rx.el.button(
        avatar(person.initials, person.avatar),
        rx.el.span(
            rx.el.span(person.name, class_name="person-name"),
            rx.el.span(person.workspace, class_name="person-workspace"),
            class_name="rail-hidden person-words",
        ),
        rx.icon("chevrons-up-down", size=16, aria_hidden="true", class_name="rail-hidden"),
        type="button",
        class_name="person",
        aria_label=t("Account of {name}", name=person.name),
        data_testid="user-menu",
    )
    return rx.el.div(
        menu(trigger, *_person_items(slots), side="top", align="start", class_name="person-menu"),
        invite_dialog(),
        rx.el.form(id=SIGN_OUT_FORM, method="post", action=slots.sign_out_address, hidden=True),
        class_name="sidebar-foot",
    )


def _person_items(slots: FrameSlots) -> list[rx.Component]:
    languages = language_options(slots.on_locale_change)
    return [
        rx.el.div(FrameState.person.email, class_name="menu-label"),
        submenu(t("Language"), languages, icon="languages", data_testid="language-menu"),
        submenu(t("Appearance"), theme_options(slots.on_theme_change), icon="sun-moon", data_testid="theme-menu"),
        menu_item(
            t("Keyboard"), icon="keyboard", on_select=_press("[data-shortcut=help]"), data_testid="keyboard-help-open"
        ),
        rx.cond(
            person_may(Permission.PERSON_INVITE),
            menu_item(
                t("Invite people"), icon="user-plus", on_select=InviteState.show(True), data_testid="invite-open"
            ),
        ),
        rx.cond(
            FrameState.person.manages_groups & ~person_may(Permission.PERSON_READ),
            menu_item(t("My groups"), icon="users-round", on_select=rx.redirect(GROUPS), data_testid="groups-open"),
        ),
        menu_item(t("My account"), icon="settings", on_select=rx.redirect(ACCOUNT), data_testid="account-open"),
        menu_separator(),
        menu_item(t("Sign out"), icon="log-out", on_select=_sign_out(), data_testid="logout"),
    ]


def _sign_out() -> rx.vars.FunctionVar:
    code = f'() => signOut("{SIGN_OUT_FORM}")'
    data = VarData(imports={FRAME_MODULE: [ImportVar(tag="signOut")]})
    return rx.Var(code, _var_data=data).to(rx.vars.FunctionVar)


def _press(selector: str) -> rx.vars.FunctionVar:
    # The menu gives the focus back before the dialog takes it.
    code = f"() => setTimeout(() => document.querySelector({selector!r})?.click(), 0)"
    return rx.Var(code).to(rx.vars.FunctionVar)
