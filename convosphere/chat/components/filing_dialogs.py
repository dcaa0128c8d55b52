"""The dialogs about folders and tags of conversations."""

import reflex as rx

from convosphere.chat.components.folders import with_hash
from convosphere.chat.folders import LONGEST_INSTRUCTIONS, LONGEST_NAME
from convosphere.chat.service.filing import LONGEST_TAG
from convosphere.chat.state.filing_state import FilingState, TagItem
from convosphere.chat.state.folder_items import FolderItem
from convosphere.chat.state.folder_state import FolderBriefState, FolderDocument
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import search_field, text_field
from convosphere.ui.i18n import t

Filing = FilingState
Brief = FolderBriefState
SEARCH_DELAY = 250


def filing_dialogs() -> rx.Component:
    """All of them lie beside the list, since lines come and go."""
    return rx.fragment(_name_dialog(), _move_dialog(), _nest_dialog(), _tag_dialog(), _delete_dialog(), _brief_dialog())


def _name_dialog() -> rx.Component:
    asked = Filing.asked
    is_new = asked.what == "new"
    return dialog(
        rx.cond(is_new, t("New folder"), t("Rename folder")),
        rx.el.form(
            text_field(
                t("Name"), name="folder-name", default_value=asked.name, max_length=LONGEST_NAME, auto_focus=True,
                required=True, data_testid="folder-name",
            ),
            rx.el.div(
                button(
                    rx.cond(is_new, t("Create"), t("Save")), weight="primary", type="submit", data_testid="folder-save"
                ),
                class_name="dialog-acts",
            ),
            on_submit=Filing.keep_folder,
        ),
        open=is_new | (asked.what == "rename"),
        on_open_change=Filing.close,
    )  # fmt: skip


def _move_dialog() -> rx.Component:
    ids = Filing.asked.ids.to(list[str])

    def choice(item: rx.vars.ObjectVar[FolderItem]) -> rx.Component:
        return rx.cond(item.can_use, _choice(item.name, "folder", item.id, item.depth, Filing.move(ids, item.id)))

    return dialog(
        t("Move to a folder"),
        rx.el.div(
            _choice(t("No folder"), "inbox", "", 0, Filing.move(ids, "")),
            rx.foreach(Filing.folders, choice),
            class_name="choice-lines",
        ),
        rx.el.div(
            button(t("New folder"), icon="folder-plus", on_click=Filing.ask("new", ids), data_testid="move-new"),
            class_name="dialog-acts",
        ),
        open=Filing.asked.what == "move",
        on_open_change=Filing.close,
    )


def _nest_dialog() -> rx.Component:
    """Where else a folder may lie: not within itself."""
    moved = Filing.asked.folder_id

    def choice(item: rx.vars.ObjectVar[FolderItem]) -> rx.Component:
        is_outside = (item.id != moved) & ~item.above.contains(moved)
        into = Filing.move_folder(moved, item.id)
        # Folders of two owners never lie in one another.
        is_possible = item.can_edit & is_outside & (item.is_own == Filing.asked.is_own)
        return rx.cond(is_possible, _choice(item.name, "folder", item.id, item.depth, into))

    return dialog(
        t("Move the folder “{name}”", name=Filing.asked.name),
        rx.el.div(
            _choice(t("In no other folder"), "inbox", "", 0, Filing.move_folder(moved, "")),
            rx.foreach(Filing.folders, choice),
            class_name="choice-lines",
        ),
        open=Filing.asked.what == "nest",
        on_open_change=Filing.close,
    )


def _choice(
    name: rx.Var[str],
    icon: str,
    folder_id: rx.Var[str] | str,
    depth: rx.Var[int] | int,
    on_click: rx.event.EventType[()],
) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        rx.el.span(name, class_name="choice-name", dir="auto"),
        type="button",
        class_name="choice-line move-choice",
        style={"--depth": depth},
        on_click=on_click,
        data_testid="move-option",
        custom_attrs={"data-folder-id": folder_id},
    )


def _tag_dialog() -> rx.Component:
    return dialog(
        t("Tags"),
        rx.el.form(
            rx.input(
                id="tag-name", name="tag-name", placeholder=t("New tag"), aria_label=t("New tag"), auto_focus=True,
                max_length=LONGEST_TAG, size="3", data_testid="conversation-tag-name",
            ),
            button(t("Add"), type="submit", data_testid="conversation-tag-add"),
            on_submit=Filing.add_tag,
            reset_on_submit=True,
            class_name="tag-form",
        ),
        rx.el.div(rx.foreach(Filing.tags, _tag_choice), class_name="tag-choices", role="group", aria_label=t("Tags")),
        open=Filing.asked.what == "tag",
        on_open_change=Filing.close,
    )  # fmt: skip


def _tag_choice(tag: rx.vars.ObjectVar[TagItem]) -> rx.Component:
    return rx.el.button(
        with_hash(tag.name),
        type="button",
        class_name="tag-choice",
        aria_pressed=rx.cond(tag.is_set, "true", "false"),
        on_click=Filing.tag(tag.name, ~tag.is_set),
        data_testid="conversation-tag",
        custom_attrs={"data-tag": tag.name},
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        t("Delete the folder “{name}”?", name=Filing.asked.name),
        t("Folders within it and all their instructions go too. The conversations stay; they then lie in no folder."),
        confirm_label=t("Delete folder"),
        on_confirm=Filing.delete_folder,
        open=Filing.asked.what == "delete",
        on_open_change=Filing.close,
    )


def _brief_dialog() -> rx.Component:
    """What counts for all conversations of a folder; who may not change it reads it."""
    hint = t("They count for all conversations of this folder and of those within it, for everybody who uses it.")
    fields = rx.el.form(
        rx.el.div(
            rx.el.label(t("Instructions"), html_for="folder-instructions", class_name="field-label"),
            rx.el.textarea(
                id="folder-instructions", name="folder-instructions", default_value=Brief.instructions, rows=6,
                max_length=LONGEST_INSTRUCTIONS, read_only=~Brief.can_edit, class_name="text-area", dir="auto",
                data_testid="folder-instructions",
            ),
            rx.el.p(hint, class_name="field-hint"),
            class_name="field",
        ),
        rx.el.div(
            rx.el.h3(t("Documents"), class_name="field-label field-heading"),
            rx.el.ul(rx.foreach(Brief.documents, _document), class_name="document-choices", aria_label=t("Chosen")),
            rx.cond(Brief.can_edit & person_may(Permission.DOCUMENT_READ), _document_search()),
            rx.el.p(
                t("With documents here, answers are looked up in these alone. Everybody gets only what they may see."),
                class_name="field-hint",
            ),
            class_name="field",
        ),
        rx.cond(
            Brief.can_edit,
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="folder-brief-save"),
                class_name="dialog-acts",
            ),
        ),
        on_submit=Brief.save,
        key=Brief.folder_id,
        class_name="form-column",
    )  # fmt: skip
    return dialog(t("Folder “{name}”", name=Brief.name), fields, open=Brief.folder_id != "", on_open_change=Brief.close)


def _document_search() -> rx.Component:
    return rx.fragment(
        search_field(
            t("Add documents by name"),
            on_change=Brief.look_up.debounce(SEARCH_DELAY),
            data_testid="folder-document-search",
        ),
        rx.el.ul(rx.foreach(Brief.found, _found), class_name="document-choices", aria_label=t("Found")),
    )


def _document(item: rx.vars.ObjectVar[FolderDocument]) -> rx.Component:
    remove = icon_button("x", t("Remove"), size=16, tooltip=False, on_click=Brief.remove(item.id))
    return rx.el.li(
        rx.el.span(item.name, dir="auto"), rx.cond(Brief.can_edit, remove), class_name="document-choice",
        data_testid="folder-document",
    )  # fmt: skip


def _found(item: rx.vars.ObjectVar[FolderDocument]) -> rx.Component:
    add = button(t("Add"), icon="plus", size="1", on_click=Brief.add(item.id), data_testid="folder-document-add")
    return rx.el.li(rx.el.span(item.name, dir="auto"), add, class_name="document-choice", data_name=item.name)
