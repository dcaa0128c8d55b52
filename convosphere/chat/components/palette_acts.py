"""What the palette presses: acts on the conversation that is open, and on all of them."""

import reflex as rx

from convosphere.chat.components.module import place
from convosphere.chat.state.filing_state import FilingState
from convosphere.chat.state.import_state import ConversationImportState
from convosphere.chat.state.life_state import LifeState
from convosphere.chat.state.links_state import LinksState
from convosphere.chat.state.list_state import ConversationListState
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.shell.sidebar import person_may
from convosphere.ui.i18n import t

ALL = "all"
Filing = FilingState


def palette_acts() -> rx.Component:
    """Buttons that nobody sees; the palette offers what has one, so only what can be done here."""
    may_export, may_write = person_may(Permission.CONVERSATION_EXPORT), person_may(Permission.CONVERSATION_WRITE)
    return rx.el.div(
        rx.cond((place() != "") & ~TranscriptState.is_missing, _on_this()),
        rx.cond(may_export, _act("export-all", t("Export all conversations"), Filing.ask("export", [ALL]))),
        rx.cond(may_write, _act("import-open", t("Import conversations"), ConversationImportState.open)),
        class_name="visually-hidden",
        aria_hidden="true",
    )


def _on_this() -> rx.Component:
    here, access = place(), SharedState.access
    ids = rx.Var.create([here]).to(list[str])
    everybody = (
        _act("pin-current", t("Pin this conversation"), Filing.pin(ids, True)),
        _act("tag-current", t("Tags of this conversation"), Filing.ask("tag", ids)),
        _act("archive-current", t("Archive this conversation"), Filing.archive(ids, True)),
    )
    move = _act("move-current", t("Move this conversation to a folder"), Filing.ask("move", ids))
    delete = _act("delete-current", t("Delete this conversation"), ConversationListState.delete(here))
    sharing = (
        _act("share-current", t("Share this conversation"), SharingState.open("conversation", here)),
        _act("link-current", t("Share this conversation by a link"), LinksState.open(here)),
    )
    may_export, may_write = person_may(Permission.CONVERSATION_EXPORT), person_may(Permission.CONVERSATION_WRITE)
    kept = rx.fragment(
        rx.cond(may_export, _act("export-current", t("Export this conversation"), Filing.ask("export", ids))),
        rx.cond(may_write, rx.fragment(*everybody, rx.cond(access.is_own, move))),
        rx.cond(access.can_share & person_may(Permission.CONVERSATION_SHARE), rx.fragment(*sharing)),
    )
    return rx.fragment(rx.cond(LifeState.is_temporary, rx.fragment(), kept), rx.cond(may_write & access.is_own, delete))


def _act(testid: str, label: rx.Var[str], on_click: rx.event.EventType[()]) -> rx.Component:
    return rx.el.button(label, type="button", tab_index=-1, on_click=on_click, data_testid=testid)
