"""Ways of cutting: the form with its preview, and the passages that are being made."""

import reflex as rx

from convosphere.knowledge.chunking.schemas import LARGEST, SMALLEST
from convosphere.knowledge.components.choosing import one_of_found
from convosphere.knowledge.components.chunk_rules import TYPING, chunk_rules
from convosphere.knowledge.components.chunk_vectors import vector_choice, vector_cost
from convosphere.knowledge.state.chunking_state import ChunkingState
from convosphere.knowledge.state.cut_form_state import CutFormState, CutPassageItem, FiguresItem
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog
from convosphere.ui.feedback import empty_state, notice, progress_bar, spinner
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import format_number, t, t_message, tn
from convosphere.ui.passage import passage

Chunking = ChunkingState
Form = CutFormState
SEARCH_DELAY = 250


def shadow_card() -> rx.Component:
    """The passages that may take the place of those that are searched: how far they are, and the two ways on."""
    made = Chunking.shadow
    facts = rx.el.p(
        t("Size {size}, overlap {overlap}", size=made.chunking.size, overlap=made.chunking.overlap),
        rx.cond(made.chunking.is_by_section, rx.fragment(" · ", t("Sections stay apart"))),
        rx.cond(
            made.chunking.rules.to(int) > 0,
            rx.fragment(" · ", tn("{count} collection differs", "{count} collections differ", made.chunking.rules)),
        ),
        " · ",
        tn("{count} passage", "{count} passages", made.passages),
        rx.cond(made.model != "", rx.fragment(" · ", t("vectors by {model}", model=made.model))),
        class_name="quiet",
    )
    return rx.el.section(
        rx.el.h2(t("New passages"), class_name="section-title"),
        facts,
        rx.match(
            made.state,
            ("ready", rx.el.p(t("They are complete. Compare them on your test questions, then decide."))),
            ("failed", notice(t_message(made.error), tone="bad", role="alert", data_testid="shadow-error")),
            _progress(),
        ),
        rx.cond(
            made.kept.to(int) > 0,
            notice(
                tn(
                    "{count} document keeps its passages: its file says nothing of how its text is laid out.",
                    "{count} documents keep their passages: their files say nothing of how their texts are laid out.",
                    made.kept,
                ),
                tone="neutral", icon="info",
            ),
        ),
        rx.cond(made.is_useless, notice(
            t("On your documents these vectors find no more than chance does: search would go by words alone."))),
        rx.el.div(
            rx.cond(made.state == "ready", _switch()),
            rx.cond(made.state == "failed", button(
                t("Try again"), icon="rotate-cw", on_click=Chunking.retry(made.id), data_testid="shadow-retry")),
            _drop(),
            class_name="scan-acts",
        ),
        class_name="usage-section shadow-card",
        data_testid="shadow",
        data_state=made.state,
    )  # fmt: skip


def chunk_form() -> rx.Component:
    """The settings."""
    return rx.el.form(
        rx.el.p(
            t("Answers quote passages. Smaller ones hit a single fact, larger ones keep what belongs together."),
            class_name="quiet chunk-note",
        ),
        _number_field("chunk-size", t("Size in tokens"), Form.size, Form.set_size.debounce(TYPING), t(
            "From {least} to {most}. A token is about four letters; no passage has more than half as many again.",
            least=SMALLEST, most=LARGEST)),
        _number_field("chunk-overlap", t("Overlap in tokens"), Form.overlap, Form.set_overlap.debounce(TYPING), t(
            "So much of its end each passage shares with the next, in whole sentences. 0 for none, at most half of the"
            " size.")),
        rx.el.label(
            rx.checkbox(
                checked=Form.is_by_section, on_change=Form.set_by_section, data_testid="chunk-by-section"),
            t("Keep sections apart, however short they are"),
            class_name="bulk-only",
        ),
        chunk_rules(),
        vector_choice(),
        rx.cond(
            Form.error.contains("text"),
            notice(t_message(Form.error), tone="bad", role="alert", data_testid="chunk-error"),
        ),
        _start(),
        class_name="form-column chunk-form",
    )  # fmt: skip


def chunk_preview() -> rx.Component:
    """What the settings of the form would make of a document of one's choice."""
    shown = Form.preview
    now: rx.vars.ObjectVar[FiguresItem] = shown.now  # pyright: ignore[reportAssignmentType]
    then: rx.vars.ObjectVar[FiguresItem] = shown.then  # pyright: ignore[reportAssignmentType]
    choice = one_of_found(
        "chunk", t("Find a document by name"), Form.chosen, Form.found, look_up=Form.look_up, choose=Form.choose
    )  # fmt: skip
    return rx.el.section(
        rx.el.h2(t("Preview"), class_name="section-title"),
        choice,
        rx.cond(
            shown.then.count.to(int) > 0,
            rx.fragment(
                rx.el.table(
                    rx.el.thead(rx.el.tr(
                        rx.el.th(rx.el.span(t("Passages"), class_name="visually-hidden")), rx.el.th(t("Count")),
                        rx.el.th(t("Smallest")), rx.el.th(t("Middle")), rx.el.th(t("Largest")))),
                    rx.el.tbody(_figures(t("Now"), now, "now"), _figures(t("Then"), then, "then")),
                    class_name="chunk-figures",
                ),
                rx.cond(shown.rule != "", rx.el.p(
                    t("Cut as the collection “{name}” says", name=shown.rule), class_name="quiet", dir="auto",
                    data_testid="chunk-rule-used")),
                rx.cond(shown.is_beginning, notice(
                    t("The document is long: only its beginning is shown."), tone="neutral", icon="info")),
                rx.el.ol(rx.foreach(shown.passages, _passage), class_name="passages chunk-passages", tab_index=0,
                         aria_label=t("Passages as they would be")),
                rx.cond(shown.more.to(int) > 0, rx.el.p(
                    tn("{count} more passage", "{count} more passages", shown.more), class_name="quiet")),
            ),
            rx.cond(Form.chosen.id == "", empty_state(t("Choose a document to see how it would be cut."))),
        ),
        class_name="usage-section chunk-preview",
        data_testid="chunk-preview",
    )  # fmt: skip


def _progress() -> rx.Component:
    made = Chunking.shadow
    cut = t("{done} of {total} documents cut", done=format_number(made.documents, 0),
            total=format_number(Chunking.documents, 0))  # fmt: skip
    vectors = t("{done} vectors made", done=format_number(made.vectors, 0))
    return rx.fragment(
        rx.el.p(spinner(), " ", cut, rx.cond(made.model != "", rx.fragment(" · ", vectors))),
        progress_bar(made.done, t("New passages are being made"), total=made.total),
        rx.cond(made.error.contains("text"), notice(
            rx.fragment(t_message(made.error), " ", t("It is tried again by itself.")))),  # pyright: ignore[reportArgumentType]  # Words side by side.
    )  # fmt: skip


def _switch() -> rx.Component:
    made = Chunking.shadow
    passages = t(
        "All answers go by the new passages from now on; those of now are deleted. Citations of earlier answers open"
        " as before."
    )
    model = rx.cond(
        made.model != "",
        t("All vectors are made by {model} then: it becomes the workspace's model for that.", model=made.model),
        t("Search goes by words alone then: no model makes vectors any more."),
    )
    both: list[rx.Var[str]] = [passages, model]
    return confirm_dialog(
        t("Search by the new passages?"),
        rx.cond(made.is_other, rx.Var.create(both).to(list[str]).join(" "), passages),
        confirm_label=t("Switch"),
        on_confirm=Chunking.switch(made.id),
        trigger=button(t("Switch to them"), icon="arrow-right-left", weight="primary", data_testid="shadow-switch"),
        confirm_testid="shadow-switch-confirm",
    )


def _drop() -> rx.Component:
    made = Chunking.shadow
    is_made = made.state == "making"
    return confirm_dialog(
        t("Drop the new passages?"),
        t("Everything goes on as it is. To have them again, they are made anew, vectors too."),
        confirm_label=t("Drop"),
        on_confirm=Chunking.drop(made.id),
        trigger=button(rx.cond(is_made, t("Cancel"), t("Drop")), icon="x", data_testid="shadow-drop"),
        confirm_testid="shadow-drop-confirm",
    )  # fmt: skip


def _start() -> rx.Component:
    cut = tn(
        "{count} document is cut anew. Until you switch to the new passages, answers go by those of now.",
        "{count} documents are cut anew. Until you switch to the new passages, answers go by those of now.",
        Chunking.documents,
    )
    return rx.fragment(
        button(
            t("Make new passages"), icon="scissors", weight="primary", data_testid="chunk-start", on_click=Form.start,
            disabled=(Chunking.shadow.state != "") | Form.error.contains("text"),
        ),
        rx.el.p(cut, class_name="field-hint"),
        vector_cost(),
    )  # fmt: skip


def _number_field(
    name: str, label: rx.Var[str], value: rx.Var[str], on_change: rx.event.EventType[str], help_text: rx.Var[str]
) -> rx.Component:
    return text_field(
        label, name=name, help_text=help_text, type="number", default_value=value, on_change=on_change, min=0,
        max=LARGEST, step=10, data_testid=name,
    )  # fmt: skip


def _figures(label: rx.Var[str], figures: rx.vars.ObjectVar[FiguresItem], when: str) -> rx.Component:
    cells = (figures.count, figures.least, figures.middle, figures.most)
    return rx.el.tr(
        rx.el.th(label, scope="row"),
        *(rx.el.td(format_number(cell, 0), class_name="tabular") for cell in cells),
        data_testid=f"chunk-{when}",
        data_count=figures.count,
    )


def _passage(item: rx.vars.ObjectVar[CutPassageItem]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(item.number, class_name="tabular"),
            rx.el.span(tn("{count} token", "{count} tokens", item.tokens), class_name="tabular"),
            rx.cond(item.page.to(int) > 0, rx.el.span(t("Page {page}", page=item.page))),
            rx.cond(item.heading != "", rx.el.span(item.heading, dir="auto")),
            class_name="passage-head quiet",
        ),
        rx.cond(
            item.repeated != "",
            rx.el.p(
                rx.el.span(t("Shared with the one before:"), class_name="visually-hidden"), item.repeated,
                class_name="chunk-repeated", dir="auto",
            ),
        ),
        passage(item.fresh, is_markdown=False, class_name="passage-words"),
        class_name="passage",
        data_testid="chunk-passage",
    )  # fmt: skip
