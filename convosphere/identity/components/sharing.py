"""The dialog in which a thing is shared: with whom, and who sees it and why. It lies over all pages."""

from typing import cast

import reflex as rx

from convosphere.identity.state.sharing_state import DENIED, AccessItem, GrantItem, ReasonItem, SharingState
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t, tn
from convosphere.ui.tabs import tab, tab_list

Grant = rx.vars.ObjectVar[GrantItem]
Access = rx.vars.ObjectVar[AccessItem]
ReasonVar = rx.vars.ObjectVar[ReasonItem]
Sharing = SharingState
SEARCH_DELAY = 250


def sharing_dialog() -> rx.Component:
    """Once in the frame, since what is shared stands everywhere; opened by `SharingState.open(type, id)`."""
    return dialog(
        t("Share “{name}”", name=Sharing.name),
        tab_list(_tab("given", t("Shared with")), _tab("access", t("Who can see this, and why"))),
        rx.cond(Sharing.tab == "access", _access_list(), _given_list()),
        open=Sharing.is_open,
        on_open_change=Sharing.close,
    )  # fmt: skip


def _tab(name: str, label: rx.Var[str]) -> rx.Component:
    return tab(label, is_selected=Sharing.tab == name, on_click=Sharing.show_tab(name), testid=f"sharing-tab-{name}")


def _given_list() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.icon("users", size=16, aria_hidden="true"), t("Everyone in the workspace"), class_name="rights-who"
            ),
            _level_choice("everyone", rx.Var.create(""), Sharing.everyone, "sharing-everyone", can_deny=False),
            class_name="rights-row",
        ),
        rx.el.ul(rx.foreach(Sharing.given, _given), class_name="rights-rows", aria_label=t("Shared with")),
        rx.el.div(
            search_field(
                t("Add a person or group"),
                on_change=Sharing.look_up.debounce(SEARCH_DELAY),
                data_testid="sharing-search",
            ),
            rx.el.ul(rx.foreach(Sharing.found, _found), class_name="rights-rows", aria_label=t("Found")),
            class_name="rights-adding",
        ),
        rx.el.p(t("“No access” wins over whatever somebody has by a group or with everyone."), class_name="quiet"),
        class_name="rights-panel",
    )  # fmt: skip


def _given(grant: Grant) -> rx.Component:
    take = icon_button("x", t("Remove"), on_click=Sharing.give(grant.type, grant.id, ""), data_testid="sharing-remove")
    return rx.el.li(
        _who(grant),
        _level_choice(grant.type, grant.id, grant.level, "sharing-level", can_deny=True),
        take,
        class_name="rights-row",
        data_testid="sharing-row",
        data_name=grant.name,
        data_level=grant.level,
    )  # fmt: skip


def _found(grant: Grant) -> rx.Component:
    first = rx.cond(Sharing.viewing == "least", "view", "use")
    give = button(t("Add"), icon="plus", on_click=Sharing.give(grant.type, grant.id, first), data_testid="sharing-add")
    return rx.el.li(
        _who(grant), give, class_name="rights-row", data_testid="sharing-candidate", data_name=grant.name
    )  # fmt: skip


def _who(grant: Grant) -> rx.Component:
    return rx.el.div(
        rx.cond(
            grant.type == "group",
            rx.icon("users-round", size=16, aria_label=t("Group")),
            rx.icon("user-round", size=16, aria_label=t("Person")),
        ),
        rx.el.span(grant.name, dir="auto"),
        rx.el.span(
            rx.cond(grant.people.to(int) > 0, tn("{count} person", "{count} people", grant.people), grant.email),
            class_name="quiet",
        ),
        class_name="rights-who",
    )


def _level_choice(
    subject_type: rx.Var[str] | str, subject_id: rx.Var[str], level: rx.Var[str], testid: str, *, can_deny: bool
) -> rx.Component:
    denied = [rx.el.option(t("No access"), value=DENIED)] if can_deny else [rx.el.option(t("Not shared"), value="")]
    view = rx.el.option(level_word(rx.Var.create("view")), value="view")
    return rx.el.select(
        rx.cond((level == "view") | (Sharing.viewing != ""), view),
        *(rx.el.option(level_word(rx.Var.create(name)), value=name) for name in ("use", "edit", "manage")),
        *denied,
        value=level,
        on_change=lambda chosen: Sharing.give(subject_type, subject_id, chosen),
        aria_label=t("What they may do"),
        class_name="select rights-level",
        data_testid=testid,
    )


def level_word(level: rx.Var[str]) -> rx.Var[str]:
    """What a level allows; nothing for an empty one."""
    words = (
        ("view", rx.cond(Sharing.viewing == "no_file", t("See and ask, no download"), t("See"))),
        ("use", t("See and ask")),
        ("edit", t("Change")),
        ("manage", t("Manage")),
        t("No access"),
    )
    return cast("rx.Var[str]", rx.match(level, *words))


def _access_list() -> rx.Component:
    more = button(t("Show more"), on_click=Sharing.show_more_access, data_testid="access-more")
    return rx.el.div(
        search_field(
            t("Search people"), on_change=Sharing.find_access.debounce(SEARCH_DELAY), data_testid="access-search"
        ),
        rx.el.p(tn("{count} person", "{count} people", Sharing.people), class_name="quiet tabular", role="status"),
        rx.el.ul(rx.foreach(Sharing.access, _access), class_name="rights-rows", aria_label=t("Who can see this")),
        rx.cond(Sharing.people.to(int) > Sharing.access.length(), more),
        class_name="rights-panel",
    )


def _access(access: Access) -> rx.Component:
    reasons: rx.vars.ArrayVar[list[ReasonItem]] = access.reasons  # pyright: ignore[reportAssignmentType]
    return rx.el.li(
        rx.el.div(
            rx.el.span(access.name, class_name="strong", dir="auto"),
            rx.cond(access.email != "", rx.el.span(" ", access.email, class_name="quiet")),
            rx.el.ul(rx.foreach(reasons, _reason), class_name="rights-reasons"),
            class_name="rights-person",
        ),
        rx.el.span(level_word(access.level)),
        class_name="rights-row",
        data_testid="access-row",
        data_name=access.name,
        data_level=access.level,
    )


def _reason(reason: ReasonVar) -> rx.Component:
    way = rx.match(
        reason.way,
        ("owner", t("Owner")),
        ("person", t("Given to this person")),
        ("group", t("Through {groups}", groups=reason.groups)),
        ("everyone", t("Shared with everyone")),
        t("Their role sees no such things"),
    )
    denied = rx.match(
        reason.way,
        ("person", t("Denied to this person")),
        ("group", t("Denied through {groups}", groups=reason.groups)),
        t("Their role sees no such things"),
    )
    is_plain = reason.is_deny | (reason.way == "owner")
    return rx.el.li(
        rx.cond(reason.is_deny, denied, way),
        rx.cond(is_plain, "", rx.fragment(": ", level_word(reason.level))),
        data_way=reason.way,
        data_deny=rx.cond(reason.is_deny, "true", "false"),
    )
