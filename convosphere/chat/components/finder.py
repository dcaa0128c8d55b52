"""The palette with what chats add to it: the latest conversations, and the search in all of them and by names."""

from collections.abc import Sequence

import reflex as rx

from convosphere.chat.components.composer_words import kinds_of_offers
from convosphere.chat.state.filing_state import FilingState
from convosphere.chat.state.finder_state import FinderState
from convosphere.chat.state.list_state import ConversationListState
from convosphere.identity.state.session_state import SessionState
from convosphere.shell.state import FrameState
from convosphere.ui.i18n import t
from convosphere.ui.palette import Command, Palette

# The filters of `search_terms`, in the language of the page; the other one's count as well.
_FILTERS = (
    (t("tag:"), ()),
    (t("folder:"), ()),
    (t("from:"), (t("me"), t("assistant"))),
    (t("before:"), (t("today"), "7d", "30d")),
    (t("after:"), (t("yesterday"), "7d", "30d")),
    (t("has:"), (t("code"), t("link"), t("table"), t("file"), t("image"), t("source"))),
    (t("is:"), (t("pinned"), t("archived"))),
)


def finder(commands: Sequence[Command]) -> rx.Component:
    """Fills the frame's slot."""
    return Palette.create(
        commands=[command.as_row() for command in commands],
        recent=_recent(),
        found=FinderState.found,
        filters=_filters(),
        permissions=FrameState.person.permissions,
        labels={
            "palette": t("Commands and search"),
            "search": t("Search in all chats"),
            "placeholder": t("What do you want to do, or find?"),
            "commands": t("Commands"),
            "acts": t("Commands"),
            "pages": t("Pages"),
            "administration": t("Administration"),
            "account": t("My account"),
            "look": t("Language and appearance"),
            "recent": t("Latest chats"),
            "found": t("Found in chats"),
            "things": t("Found by name"),
            **kinds_of_offers(),
            "archived": t("Archived"),
            "nothing": t("Nothing was found."),
            "waiting": t("Searching …"),
            "hint": t("↑ ↓ to choose, Enter to open, Esc to close"),
            "unknown": t("This filter means nothing:"),
        },
        on_look_up=FinderState.look_up,
        on_locale=SessionState.keep_locale,
        on_theme=SessionState.keep_theme,
    )


def _recent() -> rx.Var[list[dict[str, str]]]:
    items = ConversationListState.items
    code = f"{items!s}.map((each) => ({{ id: each.id, label: each.title, route: `/chat/${{each.id}}` }}))"
    return rx.Var(code, _var_type=list[dict[str, str]], _var_data=rx.Var.create(items)._get_all_var_data())  # noqa: SLF001  # Its only way.


def _filters() -> list[dict[str, object]]:
    """Values of tags and folders are the person's own."""
    own = {0: FilingState.tags, 1: FilingState.folders}
    rows: list[dict[str, object]] = []
    for place, (name, values) in enumerate(_FILTERS):
        rows.append({"name": name, "values": _names(own[place]) if place in own else list(values)})
    return rows


def _names(rows: rx.Var) -> rx.Var[list[str]]:
    code = f"""{rows!s}.map(({{ name }}) => (name.includes(" ") ? `"${{name.toLowerCase()}}"` : name.toLowerCase()))"""
    return rx.Var(code, _var_type=list[str], _var_data=rows._get_all_var_data())  # noqa: SLF001
