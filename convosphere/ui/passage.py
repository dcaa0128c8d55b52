"""A passage of a document with the cited stretch of it marked.

Markdown is drawn as what it means, by the same rules as answers (`ui.markdown`); every other text is shown as it was
read. See `assets/passage.js`.
"""

import reflex as rx

from convosphere.ui.markdown import markdown_labels


class _Passage(rx.Component):
    library = "$/public/passage.js"
    tag = "Passage"

    before: rx.Var[str]
    marked: rx.Var[str]
    after: rx.Var[str]
    markdown: rx.Var[bool]
    labels: rx.Var[dict[str, str]]


def passage(
    text: rx.Var[str],
    *,
    marked: rx.Var[str] | str = "",
    after: rx.Var[str] | str = "",
    is_markdown: rx.Var[bool] | bool,
    class_name: str = "",
) -> rx.Component:
    """Show `text`, then `marked` marked, then `after`: together one stretch of a document as it is stored."""
    return _Passage.create(
        before=text,
        marked=marked,
        after=after,
        markdown=is_markdown,
        class_name=class_name,
        labels=markdown_labels(),
    )
