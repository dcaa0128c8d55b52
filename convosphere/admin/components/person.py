"""One person: what they are, where they are signed in, what they did, and what can be done about them."""

import reflex as rx

from convosphere.admin.components.access import access_section
from convosphere.admin.components.people import choice_option, standing_word
from convosphere.admin.state.deletion_state import DeletionState
from convosphere.admin.state.people_items import Choice
from convosphere.admin.state.person_state import DeviceItem, EntryItem, PersonState
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Permission
from convosphere.identity.components.looking import look_button
from convosphere.shell.sidebar import person_may
from convosphere.ui import exact_time, t, t_message, tn
from convosphere.ui.avatars import avatar
from convosphere.ui.buttons import button, icon_button, link_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import empty_state, skeleton_rows, status_word
from convosphere.ui.fields import form_section, search_field, text_field

Shown = PersonState
Deletion = DeletionState
SEARCH_DELAY = 250


def person_sections() -> rx.Component:
    """All that is shown of the person of the address."""
    return rx.cond(
        Shown.is_missing,
        empty_state(
            t("This does not exist, or you have no access to it."), link_button(t("All people"), PEOPLE), picture="lost"
        ),
        rx.cond(
            Shown.is_loaded,
            rx.el.div(
                _head(), _rights(), _activity(), _devices(), access_section(), _factors(), _trail(), _dangerous(),
                _deletion_dialog(),
                class_name="person-page",
            ),
            skeleton_rows(6),
        ),
    )  # fmt: skip


def _head() -> rx.Component:
    shown = Shown.shown
    return rx.el.header(
        rx.link(rx.icon("chevron-left", size=18, aria_hidden="true"), href=PEOPLE, aria_label=t("All people")),
        avatar(shown.initials, shown.avatar),  # pyright: ignore[reportArgumentType]
        rx.el.div(
            rx.el.h2(shown.name, class_name="person-title", dir="auto", data_testid="person-name"),
            rx.el.span(shown.email, class_name="quiet"),
            class_name="person-words-column",
        ),
        standing_word(shown.standing),
        rx.cond(
            person_may(Permission.PERSON_LOOK) & ~shown.is_self & (shown.standing == "active"), look_button(shown.id)
        ),
        class_name="person-head",
        data_testid="person-head",
        data_standing=shown.standing,
    )


def _rights() -> rx.Component:
    shown = Shown.shown
    role = rx.el.select(
        rx.foreach(Shown.roles, choice_option), id="person-role", value=shown.role, on_change=PersonState.give_role,
        disabled=~person_may(Permission.PERSON_MANAGE), class_name="select", data_testid="person-role",
    )  # fmt: skip
    add = rx.el.select(
        rx.el.option(t("Add to a group"), value=""),
        rx.foreach(Shown.groups, choice_option),
        value="",
        on_change=PersonState.add_group,
        aria_label=t("Add to a group"),
        class_name="select",
        data_testid="person-group-add",
    )
    return form_section(
        t("Role and groups"),
        text_field(t("Role"), name="person-role", control=role),
        rx.el.ul(rx.foreach(shown.groups, _group), class_name="group-chips", aria_label=t("Groups")),
        rx.cond(person_may(Permission.GROUP_MANAGE) & (Shown.groups.length() > 0), add),
    )


def _group(group: rx.vars.ObjectVar[Choice]) -> rx.Component:
    name = t_message(rx.Var.create(group.name))
    remove = icon_button(
        "x", t("Remove from “{name}”", name=name), on_click=PersonState.remove_group(group.key), size=14,
        tooltip=False, data_testid="person-group-remove",
    )  # fmt: skip
    return rx.el.li(
        name, rx.cond(person_may(Permission.GROUP_MANAGE), remove), class_name="group-chip", data_testid="person-group"
    )


def _activity() -> rx.Component:
    shown = Shown.shown
    return form_section(
        t("Activity"),
        rx.el.dl(
            _fact(t("Joined"), exact_time(shown.joined)),
            _fact(t("Last sign-in"), rx.cond(shown.signed_in != "", exact_time(shown.signed_in), t("Never"))),
            _fact(t("Last active"), rx.cond(shown.last_active != "", exact_time(shown.last_active), t("Never"))),
            _fact(t("E-mail address"), rx.cond(shown.is_verified, t("confirmed"), t("not confirmed"))),
            class_name="person-facts",
        ),
    )


def _fact(label: rx.Var[str], value: rx.Component | rx.Var) -> rx.Component:
    return rx.el.div(rx.el.dt(label, class_name="quiet"), rx.el.dd(value))


def _devices() -> rx.Component:
    manages = person_may(Permission.PERSON_MANAGE)
    return form_section(
        t("Signed in"),
        rx.cond(
            Shown.devices.length() > 0,
            rx.el.ul(rx.foreach(Shown.devices, _device), class_name="rights-rows", aria_label=t("Devices")),
            rx.el.p(t("Nowhere."), class_name="quiet"),
        ),
        rx.cond(
            manages & (Shown.devices.length() > 0),
            rx.el.div(
                button(
                    t("Sign out everywhere"), icon="log-out", on_click=PersonState.end_devices,
                    data_testid="person-sessions-end-all",
                )
            ),
        ),
    )  # fmt: skip


def _device(device: rx.vars.ObjectVar[DeviceItem]) -> rx.Component:
    end = button(t("Sign out"), on_click=PersonState.end_device(device.id), data_testid="person-session-end")
    return rx.el.li(
        rx.icon("monitor", size=18, aria_hidden="true"),
        rx.el.div(
            rx.el.span(device.device, class_name="strong"),
            rx.el.span(device.address, " · ", exact_time(device.last_seen), class_name="quiet"),
            class_name="person-words-column",
        ),
        rx.cond(person_may(Permission.PERSON_MANAGE), end),
        class_name="rights-row",
        data_testid="person-session",
    )


def _factors() -> rx.Component:
    shown = Shown.shown
    has_any = shown.has_totp | (shown.passkeys.to(int) > 0)
    reset = confirm_dialog(
        t("Reset the second factor?"),
        t("“{name}” is signed out everywhere, signs in by password alone and can add a new factor.", name=shown.name),
        confirm_label=t("Reset"),
        on_confirm=PersonState.reset_factors,
        trigger=button(t("Reset second factor"), icon="shield-off", data_testid="person-factors-reset"),
        confirm_testid="person-factors-confirm",
    )
    return form_section(
        t("Second factors"),
        rx.el.div(
            rx.cond(shown.has_totp, status_word(t("One-time codes by app"), "good")),
            rx.cond(
                shown.passkeys.to(int) > 0,
                status_word(tn("{count} passkey", "{count} passkeys", shown.passkeys), "good"),
            ),
            rx.cond(has_any, rx.fragment(), rx.el.span(t("None: a password alone."), class_name="quiet")),
            class_name="person-factors",
            data_testid="person-factors",
        ),
        rx.cond(has_any & person_may(Permission.PERSON_MANAGE) & ~shown.is_self, rx.el.div(reset)),
    )


def _trail() -> rx.Component:
    return rx.cond(
        Shown.entries.length() > 0,
        form_section(
            t("Done lately"),
            rx.el.ul(rx.foreach(Shown.entries, _entry), class_name="rights-rows", aria_label=t("Done lately")),
        ),
    )


def _entry(entry: rx.vars.ObjectVar[EntryItem]) -> rx.Component:
    return rx.el.li(
        rx.el.span(t_message(rx.Var.create(entry.what)), class_name="person-entry"),
        rx.el.span(entry.label, class_name="quiet", dir="auto"),
        rx.el.span(exact_time(entry.at), class_name="quiet"),
        class_name="rights-row person-trail",
    )


def _dangerous() -> rx.Component:
    shown = Shown.shown
    deactivate = confirm_dialog(
        t("Deactivate {name}?", name=shown.name),
        t(
            "They are signed out everywhere at once, and their keys end. What they have stays, and they can be let in"
            " again."
        ),
        confirm_label=t("Deactivate"),
        on_confirm=PersonState.deactivate,
        trigger=button(t("Deactivate"), icon="user-x", tone="bad", data_testid="person-deactivate"),
        confirm_testid="person-deactivate-confirm",
    )
    reactivate = button(
        t("Reactivate"), icon="user-check", on_click=PersonState.reactivate, data_testid="person-reactivate"
    )
    delete = button(
        t("Delete account"), icon="trash-2", tone="bad", on_click=Deletion.ask(shown.id), data_testid="person-delete"
    )
    return rx.cond(
        person_may(Permission.PERSON_MANAGE) & ~shown.is_self,
        form_section(
            t("Deactivate or delete"),
            rx.el.div(
                rx.cond(shown.standing == "active", deactivate),
                rx.cond(shown.standing == "inactive", reactivate),
                delete,
                class_name="person-acts",
            ),
            note=t("Who is deactivated cannot come in; their things stay. Deleting cannot be undone."),
        ),
    )


def _deletion_dialog() -> rx.Component:
    return dialog(
        t("Delete {name}?", name=Deletion.name),
        rx.el.div(
            rx.el.p(t("This cannot be undone. The audit trail keeps its entries. Lost for good:")),
            rx.el.ul(
                rx.foreach(Deletion.lost, lambda words: rx.el.li(t_message(words))),
                rx.el.li(t("Profile, sessions and keys")),
                class_name="loss-list",
                data_testid="deletion-losses",
            ),
            rx.cond(Deletion.shared.length() > 0, _heir()),
            class_name="form-column",
        ),
        rx.el.form(
            text_field(
                t("Type “{name}” to confirm", name=Deletion.name), name="deletion-name", auto_complete="off",
                error=t_message(Deletion.error), data_testid="deletion-name",
            ),
            rx.el.div(
                button(
                    t("Delete account"), weight="primary", tone="bad", type="submit", data_testid="deletion-confirm"
                ),
                class_name="dialog-acts",
            ),
            on_submit=Deletion.delete,
            class_name="form-column",
        ),
        open=Deletion.is_open,
        on_open_change=Deletion.close,
    )  # fmt: skip


def _heir() -> rx.Component:
    is_chosen = Deletion.heir.key != ""
    heir = t_message(rx.Var.create(Deletion.heir.name))
    chosen = rx.el.p(
        t("Goes to {name}.", name=heir),
        icon_button("x", t("Choose somebody else"), on_click=Deletion.choose_heir(""), size=14, tooltip=False),
        class_name="strong",
        data_testid="deletion-heir",
    )
    search = rx.fragment(
        rx.el.p(t("It is deleted as well, unless somebody is to have it.")),
        search_field(
            t("Hand over to"), on_change=Deletion.find_heir.debounce(SEARCH_DELAY), data_testid="deletion-heir-search"
        ),
        rx.el.ul(rx.foreach(Deletion.found, _candidate), class_name="rights-rows", aria_label=t("Found")),
    )
    return rx.el.div(
        rx.el.p(t("Others use as well:"), class_name="strong"),
        rx.el.ul(rx.foreach(Deletion.shared, lambda words: rx.el.li(t_message(words))), class_name="loss-list"),
        rx.cond(is_chosen, chosen, search),
        class_name="form-column",
    )


def _candidate(choice: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.li(
        button(
            t_message(rx.Var.create(choice.name)), weight="quiet", on_click=Deletion.choose_heir(choice.key),
            data_testid="deletion-heir-choose",
        ),
        class_name="rights-row",
    )  # fmt: skip
