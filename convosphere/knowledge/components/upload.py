"""Where files are dropped and picked, and what is on its way; both live in the browser, see `assets/upload.js`."""

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex.vars.function import ArgsFunctionOperation
from reflex_base.utils.imports import ImportVar

from convosphere.files.errors import FileTooLargeError
from convosphere.knowledge.errors import FileEmptyError
from convosphere.knowledge.parsing.errors import UnsupportedTypeError, refusal_of
from convosphere.knowledge.parsing.kinds import BETTER, ENDINGS, READABLE
from convosphere.knowledge.state.alike_uploads_state import AlikeUploadItem, AlikeUploadsState
from convosphere.knowledge.state.duplicates_state import DuplicatesState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.ui.i18n import t

MODULE = "$/public/upload.js"


# Keys of texts that the server marks: the browser says the same without asking it.
_REFUSALS = {
    "tooLarge": FileTooLargeError(0).message.text,
    "empty": FileEmptyError().message.text,
    "unsupported": UnsupportedTypeError(found="?").message.text,
}
_ADVICE = {ending: refusal_of(ending, ending.lstrip(".").upper()).as_dict() for ending in BETTER}
"""What is known well enough to say what to do instead."""


class _UploadZone(rx.Component):
    library = MODULE
    tag = "UploadZone"
    share: rx.Var[bool]
    target: rx.Var[str]
    most_bytes: rx.Var[int]
    endings: rx.Var[list[str]]
    labels: rx.Var[dict[str, str]]
    advice: rx.Var[dict[str, Any]]


class _VersionInput(rx.Component):
    library = MODULE
    tag = "VersionInput"
    endings: rx.Var[list[str]]
    labels: rx.Var[dict[str, str]]
    advice: rx.Var[dict[str, Any]]


def _on_choose(pairs: rx.Var[list[list[str]]], choice: rx.Var[str]) -> tuple[rx.Var[list[list[str]]], rx.Var[str]]:
    return (pairs, choice)


def _on_upload(document_ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (document_ids,)


class _UploadList(rx.Component):
    library = MODULE
    tag = "UploadList"
    labels: rx.Var[dict[str, str]]
    alike: rx.Var[list[AlikeUploadItem]]
    on_upload: rx.EventHandler[_on_upload]
    on_choose: rx.EventHandler[_on_choose]


def upload_zone() -> rx.Component:
    """Drop zone, pickers of files and folders, and who will see what comes."""
    shares, folder = DocumentListState.shares_uploads, DocumentListState.folder
    return _UploadZone.create(
        rx.el.label(
            rx.switch(
                checked=shares,
                on_change=DocumentListState.set_sharing,
                size="1",
                data_testid="upload-share",
                aria_describedby="upload-share-note",
            ),
            rx.el.span(t("Share with everyone in the workspace")),
            class_name="upload-share",
        ),
        rx.el.p(
            rx.cond(
                shares,
                t("Everyone in the workspace will find and ask what you upload now."),
                t("Only you will find and ask what you upload now. You can share it later."),
            ),
            id="upload-share-note",
            class_name="quiet upload-note",
        ),
        rx.el.details(
            rx.el.summary(t("Which files can be read?")),
            rx.el.p(t("{readable}, and source code.", readable=READABLE)),
            class_name="quiet upload-note",
            data_testid="upload-kinds",
        ),
        rx.cond(
            folder.can_edit, rx.el.p(t("Files come into “{name}”.", name=folder.name), class_name="quiet upload-note")
        ),
        share=shares,
        target=rx.cond(folder.can_edit, folder.id, ""),
        most_bytes=DocumentListState.most_bytes,
        endings=sorted(ENDINGS),
        advice=rx.Var.create(_ADVICE),
        labels=rx.Var.create(
            {
                "zone": t("Upload"),
                "drop": t("Drop files or folders here, or"),
                "pickFiles": t("choose files"),
                "pickFolder": t("choose a folder"),
                "readable": READABLE,
                **_REFUSALS,
            }
        ),
    )


def version_input() -> rx.Component:
    """What asks for a file when `pick_version` is chosen; a page has it once, outside of its menus."""
    return _VersionInput.create(
        endings=sorted(ENDINGS),
        advice=rx.Var.create(_ADVICE),
        labels=rx.Var.create({"version": t("Upload new version"), "readable": READABLE, **_REFUSALS}),
    )


def pick_version(document_id: rx.Var[str]) -> rx.event.EventType[()]:
    """Asks for the file that is to be the newest version of a document, and uploads it."""
    pick = FunctionStringVar.create("pickVersion", _var_data=VarData(imports={MODULE: [ImportVar(tag="pickVersion")]}))
    return ArgsFunctionOperation.create((), pick.call(document_id))


def upload_list() -> rx.Component:
    """Rows of what is on its way, with progress, speed and cancel, and of what became of it."""
    return _UploadList.create(
        alike=AlikeUploadsState.rows,
        on_upload=AlikeUploadsState.follow,
        on_choose=DuplicatesState.choose,
        labels=rx.Var.create(
            {
                "list": t("Uploads"),
                "summary": t("{done} of {total} uploads finished"),
                "more": t("and {count} more"),
                "waiting": t("Waiting"),
                "sending": t("{sent} of {size}"),
                "done": t("Uploaded"),
                "renewed": t("Uploaded as version {number}"),
                "duplicate": t("Already there, nothing was added"),
                "same": t("Uploaded. The same file is here as “{name}”."),
                "alike": t("Uploaded. Much like “{name}” ({percent} %)."),
                "alikeMany": t("much like others: {count}"),
                "sameMany": t("{count} of these files are here already, under other names or in other folders."),
                "keep": t("Keep both"),
                "replace": t("Replace it"),
                "version": t("Make it a version"),
                "skip": t("Skip"),
                "keepAll": t("Keep all"),
                "replaceAll": t("Replace all"),
                "skipAll": t("Skip all"),
                "skipped": t("Skipped, it is in the trash"),
                "joined": t("Uploaded as a version of “{name}”"),
                "replaced": t("Uploaded, the other one is in the trash"),
                "cancelled": t("Cancelled"),
                "offline": t("The server could not be reached."),
                "cancel": t("Cancel"),
                "cancelNamed": t("Cancel the upload of {name}"),
                "cancelAll": t("Cancel all"),
                "retry": t("Try again"),
                "retryNamed": t("Upload {name} again"),
                "clear": t("Clear"),
                "progress": t("Upload of {name}"),
            }
        ),
    )
