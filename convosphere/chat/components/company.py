"""Others in the conversation that is shown: who is here, who writes, and what somebody may who may only read."""

import reflex as rx

from convosphere.chat.state.branch_state import BranchState
from convosphere.chat.state.company_state import CompanionItem, CompanyState
from convosphere.chat.state.links_state import LinksState
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui.avatars import avatar
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.i18n import t, tn
from convosphere.ui.menus import menu, menu_item

MOST_FACES = 4
Person = rx.vars.ObjectVar[CompanionItem]


def company_acts(is_shown: rx.Var[bool]) -> rx.Component:
    """In the bar of the page: who else is here, and the way to share."""
    can_share = SharedState.access.can_share & person_may(Permission.CONVERSATION_SHARE)
    share = menu(
        icon_button("user-plus", t("Share"), tooltip=False, data_testid="share-open"),
        *share_choices(TranscriptState.shown_id),
        align="end",
    )
    has_place = is_shown & (TranscriptState.shown_id != "") & (FrameState.person.real_name == "")
    return rx.fragment(_people(), rx.cond(has_place & can_share, share))


def share_choices(conversation_id: rx.Var[str]) -> tuple[rx.Component, rx.Component]:
    """The two ways to share a conversation, for a menu."""
    return (
        menu_item(
            t("Share with people and groups"), icon="users", data_testid="share-people",
            on_select=SharingState.open("conversation", conversation_id),
        ),
        menu_item(
            t("Share by a link"), icon="link", data_testid="share-by-link", on_select=LinksState.open(conversation_id)
        ),
    )  # fmt: skip


def _people() -> rx.Component:
    count = CompanyState.people.length()
    more = rx.el.span("+", count - MOST_FACES, class_name="quiet tabular")
    return rx.cond(
        count > 0,
        rx.el.ul(
            rx.foreach(CompanyState.people[:MOST_FACES], _person),
            rx.cond(count > MOST_FACES, rx.el.li(more)),
            class_name="company",
            aria_label=tn("{count} other person is here", "{count} other people are here", count),
            data_testid="company",
        ),
    )


def _person(person: Person) -> rx.Component:
    return rx.el.li(
        avatar(person.initials),
        rx.el.span(person.name, class_name="visually-hidden"),
        title=person.name,
        data_testid="companion",
        data_name=person.name,
        data_writing=rx.cond(person.is_writing, "true", "false"),
    )


def who_writes() -> rx.Component:
    """A line above the composer as long as somebody writes."""
    line = rx.foreach(
        CompanyState.people,
        lambda person: rx.cond(person.is_writing, rx.el.span(t("{name} is writing …", name=person.name))),
    )
    return rx.el.div(line, class_name="who-writes quiet", role="status", data_testid="who-writes")


def only_reading() -> rx.Component:
    """In place of the composer."""
    copy = button(
        t("Continue as a copy"),
        icon="git-branch",
        on_click=BranchState.copy,
        data_testid="conversation-copy",
    )
    return rx.el.div(
        rx.el.p(
            t("You can read this conversation. To ask something, go on in a copy of your own."), class_name="quiet"
        ),
        rx.cond(person_may(Permission.CONVERSATION_WRITE), copy),
        class_name="composer-place only-reading",
        data_testid="only-reading",
    )
