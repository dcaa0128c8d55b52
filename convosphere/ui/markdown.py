"""Text that a model wrote, shown as Markdown without trusting it.

A component of our own around react-markdown (`assets/markdown.js`) instead of `rx.markdown`: HTML stays text, foreign
pictures and frames are never loaded, numbered citations become chips, and KaTeX, Mermaid and the colours of code are
loaded only by the first text that needs them.
"""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import field

from convosphere.ui.i18n import t

_PACKAGES = (
    "@radix-ui/themes@3.3.0",
    "hast-util-to-jsx-runtime@2.3.7",
    "katex@0.16.47",
    "lowlight@3.3.0",
    "mermaid@11.17.2",
    "react-markdown@10.1.0",
    "rehype-katex@7.0.1",
    "remark-gfm@4.0.1",
    "remark-math@6.0.0",
)
Citations = rx.Var[Sequence[dict[str, str | int]]]


def _on_cite(message_id: rx.Var[str], n: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    return (message_id, n)


def _on_artifact(message_id: rx.Var[str], block: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    return (message_id, block)


class _Markdown(rx.Component):
    library = "$/public/markdown.js"
    tag = "Markdown"
    lib_dependencies: list[str] = field(default_factory=lambda: list(_PACKAGES))

    text: rx.Var[str]
    citations: rx.Var[list[dict[str, str | int]]]
    labels: rx.Var[dict[str, str]]
    place: rx.Var[int]
    on_cite: rx.EventHandler[_on_cite]
    on_artifact: rx.EventHandler[_on_artifact]


def markdown(
    text: rx.Var[str] | str,
    *,
    citations: Citations | None = None,
    on_cite: rx.event.EventType[str, int] | None = None,
    on_artifact: rx.event.EventType[str, int] | None = None,
    place: rx.Var[int] | None = None,
    class_name: str = "",
) -> rx.Component:
    """Show Markdown with tables, code, diagrams, mathematics and citations.

    A link to `#cite-MESSAGE-N` becomes a chip with the number N; a click calls `on_cite(message_id, n)`.
    `citations` rows `{n, document_id, label}` give chips their document and what stands there on hover, with the day
    that it is `dated_on` and the one that its review was due on, `review_due_on`, if they have any.
    Blocks of code that can be looked at as what they make call `on_artifact(message_id, block)` with their place among
    the blocks of the message. `place` says which block of an answer that grows the text is: what was drawn of it is
    taken over when the answer is whole.
    """
    optional = {"citations": citations, "on_cite": on_cite, "on_artifact": on_artifact, "place": place}
    return _Markdown.create(
        text=text,
        class_name=class_name,
        labels=markdown_labels(),
        **{name: value for name, value in optional.items() if value is not None},
    )


def markdown_labels() -> dict[str, rx.Var[str]]:
    """The words within a text that is shown as Markdown, as its parts in the browser name them."""
    return {
        "copy": t("Copy"),
        "copied": t("Copied"),
        "source": t("Source {n}"),
        "dated": t("from {day}"),
        "reviewDue": t("Review was due on {day}"),
        "table": t("Table"),
        "copyCsv": t("Copy as CSV"),
        "sortBy": t("Sort by {column}"),
        "wrap": t("Wrap lines"),
        "download": t("Download"),
        "preview": t("Preview"),
        "foreignPicture": t("Picture on {host}, not loaded"),
        "diagram": t("Diagram"),
        "diagramSource": t("Show the source"),
        "brokenDiagram": t("This diagram cannot be drawn. This is its source."),
    }
