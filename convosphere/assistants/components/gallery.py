"""The gallery: what stands there of an assistant, and the dialogs in which that is decided."""

import reflex as rx

from convosphere.assistants.schemas import LONGEST_REASON
from convosphere.assistants.state.gallery_state import AssistantGalleryState
from convosphere.assistants.state.items import AssistantItem
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, t_message
from convosphere.ui.menus import menu_item

Item = rx.vars.ObjectVar[AssistantItem]
Gallery = AssistantGalleryState


def gallery_acts(item: Item) -> rx.Component:
    """What may be done about its place in the gallery, for the menu."""
    is_waiting = item.gallery_state == "requested"
    publish = menu_item(
        t("Publish in the gallery"), icon="store", on_select=Gallery.ask("publish", item.id, item.name),
        data_testid="assistant-publish",
    )  # fmt: skip
    back = menu_item(
        rx.cond(is_waiting, t("Take back the request"), t("Take out of the gallery")), icon="package-minus",
        on_select=Gallery.ask("take_back", item.id, item.name), data_testid="assistant-take-back",
    )  # fmt: skip
    remove = menu_item(
        t("Remove from the gallery"), icon="package-x", on_select=Gallery.ask("remove", item.id, item.name),
        data_testid="assistant-remove",
    )  # fmt: skip
    is_managed = item.can_manage & person_may(Permission.ASSISTANT_SHARE)
    return rx.fragment(
        rx.cond(is_managed & ~is_waiting & (~item.is_published | item.has_newer), publish),
        rx.cond(is_managed & (is_waiting | item.is_published), back),
        rx.cond(item.is_published & ~item.can_manage & person_may(Permission.ASSISTANT_REVIEW), remove),
    )


def gallery_line(item: Item) -> rx.Component:
    """What came of publishing it, for who may change it."""
    newer = t("Everybody else is answered by the version in the gallery, until the newest one is reviewed.")
    said = rx.cond(
        item.gallery_state == "requested",
        rx.cond(item.is_published, t("The newest version waits for a review; the one before stays in the gallery."),
                t("It waits for a review. Until then it is not in the gallery.")),
        rx.cond(
            item.gallery_state == "refused",
            t("Not published: {reason}", reason=item.gallery_reason),
            rx.cond(item.has_newer, newer, rx.cond(item.is_published, t("It stands in the gallery."), "")),
        ),
    )  # fmt: skip
    return rx.cond(
        said != "",
        rx.el.p(
            rx.icon("store", size=16, aria_hidden="true"), rx.el.span(said), class_name="gallery-line",
            data_testid="gallery-line", data_state=item.gallery_state, data_published=item.is_published.to(str),
        ),
    )  # fmt: skip


def gallery_dialogs() -> rx.Component:
    """Opened by `AssistantGalleryState.ask`."""
    return rx.fragment(_publish(), _take_back(), _remove())


def reason_field(name: str = "reason") -> rx.Component:
    """Why something is not published."""
    control = rx.el.textarea(
        id=name, name=name, rows=3, max_length=LONGEST_REASON, class_name="text-area", dir="auto",
        aria_describedby=f"{name}-hint", data_testid="review-reason",
    )  # fmt: skip
    return text_field(t("Why not?"), name=name, control=control, help_text=t("Whoever asked reads this on its page."))


def problem_words(problem: rx.Var) -> rx.Component:
    """What hinders, if anything does."""
    said = t_message(problem)
    return rx.cond(said, rx.el.p(said, role="alert", class_name="form-error", data_testid="gallery-problem"))


def _publish() -> rx.Component:
    return dialog(
        t("Publish “{name}” in the gallery", name=Gallery.asked_name),
        rx.el.p(t("A manager reviews its current version first. Once it is published:"), class_name="dialog-text"),
        rx.el.ul(
            rx.el.li(t("Everybody in the workspace finds it and may use it.")),
            rx.el.li(t("Everybody may read it, duplicate it and save it as a file, with its instructions.")),
            rx.el.li(t("Changes that you make later reach the others after another review.")),
            class_name="dialog-list",
        ),
        problem_words(Gallery.problem),
        rx.el.div(
            rx.dialog.close(button(t("Cancel"))),
            button(t("Ask for a review"), weight="primary", on_click=Gallery.publish, data_testid="publish-ask"),
            class_name="dialog-acts",
        ),
        open=Gallery.dialog == "publish",
        on_open_change=Gallery.close,
    )


def _take_back() -> rx.Component:
    return confirm_dialog(
        t("Take “{name}” back?", name=Gallery.asked_name),
        t("What waits for a review is not reviewed any more. What stands in the gallery goes from there; only those "
          "with whom you share it find it then."),
        confirm_label=t("Take back"),
        on_confirm=Gallery.take_back,
        confirm_testid="take-back-confirm",
        open=Gallery.dialog == "take_back",
        on_open_change=Gallery.close,
    )  # fmt: skip


def _remove() -> rx.Component:
    return dialog(
        t("Remove “{name}” from the gallery", name=Gallery.asked_name),
        rx.el.form(
            rx.el.p(t("Only those with whom it is shared find it after that."), class_name="dialog-text"),
            reason_field("remove-reason"),
            problem_words(Gallery.problem),
            rx.el.div(
                rx.dialog.close(button(t("Cancel"))),
                button(t("Remove"), weight="primary", tone="bad", type="submit", data_testid="remove-confirm"),
                class_name="dialog-acts",
            ),
            on_submit=Gallery.remove,
        ),
        open=Gallery.dialog == "remove",
        on_open_change=Gallery.close,
    )
