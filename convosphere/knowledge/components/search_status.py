"""By what passages are found, in a sentence."""

import reflex as rx

from convosphere.knowledge.state.search_state import SearchState
from convosphere.ui.feedback import progress_bar
from convosphere.ui.i18n import t


def search_status() -> rx.Component:
    """What search does now; while vectors are made, how far they are."""
    status = SearchState.status
    return rx.cond(
        SearchState.is_loaded,
        rx.el.div(
            rx.el.p(_sentence(), class_name="quiet"),
            rx.cond(_is_working(), progress_bar(status.done, t("Vectors"), total=status.total)),
            class_name="search-status",
            role="status",
            data_testid="search-status",
            data_way=status.way,
        ),
    )


def _is_working() -> rx.Var[bool]:
    way = SearchState.status.way
    return (way == "first") | (way == "filling") | (way == "replaced") | (way == "replaced_by_words")


def _sentence() -> rx.Var[str] | rx.Component:
    status = SearchState.status
    counts = {"model": status.model, "done": status.done, "total": status.total}
    return rx.match(
        status.way,
        ("meaning", t("Search goes by words and by meaning, with {model}.", model=status.model)),
        (
            "filling",
            t("Search goes by words and by meaning, with {model}. Vectors: {done} of {total} passages.", **counts),
        ),
        (
            "first",
            t("Search goes by words until {model} has made its vectors: {done} of {total} passages.", **counts),
        ),
        (
            "replaced",
            t(
                "Search goes by words and by meaning, with {old}, until {model} has made its vectors: "
                "{done} of {total} passages.",
                old=status.old,
                **counts,
            ),
        ),
        (
            "replaced_by_words",
            t(
                "Search goes by words until {model} has made its vectors, since {old} is of no use now: "
                "{done} of {total} passages.",
                old=status.old,
                **counts,
            ),
        ),
        ("away", t("Search goes by words now: {model} does not answer.", model=status.model)),
        ("useless", t("Search goes by words: {model} tells nothing about these documents.", model=status.model)),
        t("Search goes by words. No embedding model is connected."),
    )
