"""How a page is laid out: one header bar, one main part, perhaps a panel beside it."""

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.ui.brand import wordmark
from convosphere.ui.buttons import Text, icon_button
from convosphere.ui.i18n import t

FRAME_MODULE = "$/public/frame.js"
_PANE_MODULE = "$/public/in_pane.js"
_HEADING_MODULE = "$/public/heading.js"


class _SidePanel(rx.Component):
    library = FRAME_MODULE
    tag = "SidePanel"
    open: rx.Var[bool]
    label: rx.Var[str]
    resize_label: rx.Var[str]
    test_id: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class _PageHeading(rx.Component):
    library = _HEADING_MODULE
    tag = "PageHeading"
    dir: rx.Var[str]


def page_heading(title: Text, **props: Any) -> rx.Component:
    """The h1 of a page, and the title of its tab."""
    return _PageHeading.create(title, **props)


def toggle_sidebar() -> FunctionStringVar:
    """Event that opens the drawer, or folds the sidebar where there is room."""
    return FunctionStringVar.create(
        "toggleSidebar", _var_data=VarData(imports={FRAME_MODULE: [ImportVar(tag="toggleSidebar")]})
    )


def active_path() -> rx.vars.StringVar:
    """The address shown, without a closing slash, for what marks where one is."""
    data = VarData(
        imports={FRAME_MODULE: [ImportVar(tag="useActivePath")]}, hooks={"const activePath = useActivePath();": None}
    )
    return rx.Var(_js_expr="activePath", _var_type=str, _var_data=data).to(str)


def in_pane() -> rx.vars.BooleanVar:
    """Whether this page is one of several in a window, which has the sidebar and what lies over all of them."""
    data = VarData(imports={_PANE_MODULE: [ImportVar(tag="useInPane")]}, hooks={"const inPane = useInPane();": None})
    return rx.Var(_js_expr="inPane", _var_type=bool, _var_data=data).to(bool)


def page(header: rx.Component, *content: rx.Component, panel: rx.Component | None = None, **props: Any) -> rx.Component:
    """A page within the frame: the header bar, what scrolls below it, and a panel beside both."""
    return rx.el.div(
        rx.el.main(
            header,
            rx.el.div(*content, **{"class_name": "page-content", **props}),
            class_name="page-main",
            id="main",
            tab_index=-1,
        ),
        *([panel] if panel else []),
        class_name="page",
    )


def page_header(title: Text | rx.Component, act: rx.Component | None = None) -> rx.Component:
    """The 52 px bar: title or breadcrumb at the start, one act at the end. A text becomes the page's h1."""
    heading = title if isinstance(title, rx.Component) else page_heading(title, class_name="page-title")
    return rx.el.header(
        icon_button("menu", t("Menu"), on_click=toggle_sidebar(), class_name="icon-button drawer-button"),
        heading,
        rx.el.div(*([act] if act else []), class_name="page-acts"),
        class_name="page-header",
    )


def breadcrumb(*steps: tuple[Text, Text], current: Text) -> rx.Component:
    """The way to this page: `(label, address)` of each step above, then where one is. A phone shows an arrow back."""
    parent, address = steps[-1]
    back = rx.link(rx.icon("chevron-left", size=18, aria_hidden="true"), href=address, aria_label=parent)
    links = [rx.el.li(rx.link(label, href=href, color_scheme="gray")) for label, href in steps]
    return rx.el.nav(
        rx.el.ol(
            rx.el.li(back, class_name="breadcrumb-back"),
            *links,
            rx.el.li(page_heading(current, class_name="page-title"), aria_current="page"),
        ),
        aria_label=t("Breadcrumb"),
        class_name="breadcrumb",
    )


def side_panel(
    title: Text,
    *children: rx.Component,
    is_open: rx.Var[bool] | bool,
    on_close: rx.event.EventType[()],
    testid: str = "",
) -> rx.Component:
    """A panel of 440 px beside the content, resizable; the whole screen on a phone. Esc closes it."""
    return _SidePanel.create(
        rx.el.div(
            rx.el.h2(title, class_name="panel-title"),
            icon_button("x", t("Close"), on_click=on_close, data_testid="panel-close"),
            class_name="panel-head",
        ),
        rx.el.div(*children, class_name="panel-body"),
        open=is_open,
        on_close=on_close,
        label=title,
        resize_label=t("Width of the panel"),
        test_id=testid,
    )


def bottom_bar(*children: rx.Component, is_open: rx.Var[bool] | bool, label: Text, **props: Any) -> rx.Component:
    """A bar that rises from the foot, such as for what is selected."""
    return rx.cond(
        is_open, rx.el.div(*children, **{"class_name": "bottom-bar", "role": "region", **props}, aria_label=label)
    )


def auth_card(
    title: Text, *children: rx.Component, choices: rx.Component, foot: rx.Component | None = None
) -> rx.Component:
    """Page of sign-in, sign-up and set-up: the brand, a card, and `choices` of language and look."""
    return rx.el.div(
        rx.el.header(wordmark(28), choices, class_name="auth-head"),
        rx.el.main(
            rx.el.div(page_heading(title, class_name="auth-title"), *children, class_name="auth-card"),
            *([rx.el.div(foot, class_name="auth-foot")] if foot else []),
            class_name="auth-main",
            id="main",
            tab_index=-1,
        ),
        class_name="auth",
    )
