"""What a document in a list looks like: a sign of its kind, and its small picture over it (`assets/thumbnail.js`)."""

import reflex as rx

from convosphere.knowledge.components.status import Item
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.previews.kinds import WITH_THUMBNAIL

_SIGNS = {
    "table": (DocumentType.XLSX, DocumentType.ODS, DocumentType.CSV),
    "presentation": (DocumentType.PPTX, DocumentType.ODP),
    "image": (DocumentType.IMAGE,),
    "audio-lines": (DocumentType.AUDIO,),
    "film": (DocumentType.VIDEO,),
    "mail": (DocumentType.EML, DocumentType.MSG),
    "archive": (DocumentType.ZIP,),
    "code": (DocumentType.CODE, DocumentType.JSON, DocumentType.XML, DocumentType.HTML),
}


class _Thumbnail(rx.Component):
    library = "$/public/thumbnail.js"
    tag = "Thumbnail"

    address: rx.Var[str]


def thumbnail(item: Item) -> rx.Component:
    """The sign, and the picture where there is one; the row tells the kind in words."""
    return thumbnail_of(item.kind, f"/api/documents/{item.id}/thumbnail")


def thumbnail_of(kind: rx.Var[str], address: rx.Var[str] | str) -> rx.Component:
    """The same of any document of a kind, whose picture is fetched from an address."""
    has_picture = rx.Var.create([kind.value for kind in WITH_THUMBNAIL]).contains(kind)
    return rx.el.span(
        _sign(kind),
        rx.cond(has_picture, _Thumbnail.create(address=address, key=address)),
        class_name="document-face",
        aria_hidden="true",
    )


def _sign(of: rx.Var[str]) -> rx.Component:
    signs = [(kind.value, rx.icon(icon, size=18)) for icon, kinds in _SIGNS.items() for kind in kinds]
    return rx.match(of, *signs, rx.icon("file-text", size=18))  # pyright: ignore[reportReturnType]  # Of components.
