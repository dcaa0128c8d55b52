"""Lists to choose from with a search above them."""

import reflex as rx


class ChoiceList(rx.Component):
    """The arrow keys lead from the search through its `.choice-line`s and back, see `assets/choices.js`."""

    library = "$/public/choices.js"
    tag = "ChoiceList"
    label: rx.Var[str]
