"""Files that came with a question."""

import reflex as rx

from convosphere.chat.state.file_state import FileState
from convosphere.chat.state.items import FileItem, MessageItem
from convosphere.core.page_routes import document
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import format_bytes, t


def question_files(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """Images as they are, documents by name with how they are read, places by name."""
    files: rx.vars.ArrayVar[list[FileItem]] = item.files  # pyright: ignore[reportAssignmentType]  # On a var it is one.
    rows = rx.el.ul(rx.foreach(files, _file), class_name="question-files", aria_label=t("Attached files"))
    return rx.cond(files.length() > 0, rows)


def _file(item: rx.vars.ObjectVar[FileItem]) -> rx.Component:
    return rx.el.li(
        rx.match(
            item.kind,
            ("image", _image(item)),
            ("folder", _place(item, "folder", t("Folder"))),
            ("tag", _place(item, "tag", t("Tag"))),
            ("collection", _place(item, "bookmark", t("Collection"))),
            _document(item),
        ),
        data_testid="message-file",
        data_name=item.name,
    )


def _image(item: rx.vars.ObjectVar[FileItem]) -> rx.Component:
    address = f"/api/attachments/{item.id}/image"
    picture = rx.el.img(src=address, alt=item.name, loading="lazy")
    return rx.el.a(picture, href=address, target="_blank", rel="noopener")


def _place(item: rx.vars.ObjectVar[FileItem], icon: str, kind: rx.Var[str]) -> rx.Component:
    words = rx.el.span(
        rx.el.span(item.name, class_name="attachment-name", dir="auto"),
        rx.el.span(kind, " · ", t("Searched"), class_name="quiet attachment-facts"),
        class_name="attachment-words",
    )
    return rx.el.div(rx.icon(icon, size=18, aria_hidden="true"), words, class_name="question-file")


def _document(item: rx.vars.ObjectVar[FileItem]) -> rx.Component:
    save = icon_button(
        "folder-plus",
        t("Save to Knowledge"),
        on_click=FileState.save_document(item.id),
        data_testid="message-file-save",
    )
    return rx.el.div(
        rx.icon("file-text", size=18, aria_hidden="true"),
        rx.el.span(
            rx.link(
                item.name,
                href=document(item.document_id),  # pyright: ignore[reportArgumentType]  # A var's text.
                class_name="attachment-name",
            ),
            rx.el.span(
                rx.cond(item.is_whole, t("Read whole"), t("Searched")), " · ", format_bytes(item.size),
                class_name="quiet attachment-facts",
            ),
            class_name="attachment-words",
        ),
        rx.cond(person_may(Permission.DOCUMENT_WRITE), save),
        class_name="question-file",
    )  # fmt: skip
