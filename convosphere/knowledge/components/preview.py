"""What a document looks like, drawn in the browser by its kind (`assets/preview.js`)."""

from collections.abc import Mapping

import reflex as rx
from reflex_base.components.component import field

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.previews.kinds import PREVIEWS, WITHOUT_FILE, PreviewKind
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.preview_state import PreviewState
from convosphere.ui.buttons import button
from convosphere.ui.feedback import notice
from convosphere.ui.i18n import t
from convosphere.ui.markdown import markdown_labels

_CODE = (DocumentType.CODE, DocumentType.JSON, DocumentType.XML)


class _Preview(rx.Component):
    library = "$/public/preview.js"
    tag = "Preview"
    lib_dependencies: list[str] = field(default_factory=lambda: ["pdfjs-dist@6.5.438"])

    kind: rx.Var[str]
    address: rx.Var[str]
    name: rx.Var[str]
    file: rx.Var[str]
    is_code: rx.Var[bool]
    pages: rx.Var[int]
    page: rx.Var[int]
    passage: rx.Var[str]
    place: rx.Var[str]
    seconds: rx.Var[int]
    labels: rx.Var[dict[str, str]]


def preview_kind() -> rx.Var[str]:
    """How the document of the page is shown; empty: only by its text."""
    return rx.cond(DocumentState.row.can_take, _by_kind(PREVIEWS), _by_kind(WITHOUT_FILE)).to(str)


def preview() -> rx.Component:
    """The document as it looks, at the passage that led here."""
    row = DocumentState.row
    return _Preview.create(
        kind=preview_kind(),
        address=rx.cond(
            PreviewState.version != "",
            f"/api/documents/{row.id}/versions/{PreviewState.version}/preview",
            f"/api/documents/{row.id}/preview",
        ),
        name=row.name,
        file=DocumentState.detail.file_name,
        is_code=rx.Var.create([kind.value for kind in _CODE]).contains(_kind()),
        pages=row.pages,
        page=PreviewState.page,
        passage=PreviewState.passage,
        place=PreviewState.place,
        seconds=PreviewState.seconds,
        labels={**markdown_labels(), **_labels()},
    )


def preview_of(
    kind: rx.Var[str], *, can_take: rx.Var[bool], address: rx.Var[str], name: rx.Var[str], file: rx.Var[str],
    pages: rx.Var[int],
) -> rx.Component:  # fmt: skip
    """Any other document as it looks, by what is fetched from an address."""
    return _Preview.create(
        kind=rx.cond(can_take, _by_kind(PREVIEWS, kind), _by_kind(WITHOUT_FILE, kind)).to(str),
        address=address,
        name=name,
        file=file,
        is_code=rx.Var.create([each.value for each in _CODE]).contains(kind),
        pages=pages,
        page=0,
        passage="",
        place="",
        labels={**markdown_labels(), **_labels()},
    )


def _by_kind(faces: Mapping[DocumentType, PreviewKind], of: rx.Var[str] | None = None) -> rx.Var[str]:
    words = [(kind.value, how.value) for kind, how in faces.items()]
    shown = _kind() if of is None else of
    return rx.match(shown, *words, "").to(str)  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue]


def _kind() -> rx.Var[str]:
    return rx.cond(PreviewState.kind != "", PreviewState.kind, DocumentState.row.kind).to(str)


def outdated() -> rx.Component:
    """That a version is shown which was cited and is not the newest one."""
    return rx.cond(
        PreviewState.version != "",
        notice(
            t("This is the version that was cited. There is a newer one."),
            button(t("Show the newest"), on_click=PreviewState.show_newest, data_testid="preview-newest"),
        ),
    )


def _labels() -> dict[str, rx.Var[str]]:
    return {
        "loading": t("Loading …"),
        "failed": t("This document cannot be shown at the moment."),
        "refused": t("This file cannot be shown here. Download it to open it in its program."),
        "gone": t("This document does not exist, or you have no access to it."),
        "retry": t("Try again"),
        "viewOnly": t("You may look at this document, but not download it. Ask whoever shared it."),
        "cut": t("The text is long: only its beginning is shown here."),
        "unplayable": t("Your browser cannot play this recording. Download it to play it in its program."),
        "transcript": t("What is said"),
        "playFrom": t("Play from {time}"),
        "nothingSaid": t("Nothing has been written down yet."),
        "page": t("Page {page}"),
        "pages": t("Pages"),
        "of": t("of {count}"),
        "goTo": t("Go to page"),
        "before": t("Page before"),
        "after": t("Next page"),
        "smaller": t("Smaller"),
        "larger": t("Larger"),
        "tools": t("Pages and size"),
    }
