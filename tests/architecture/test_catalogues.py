"""Every text on screen is marked, every marked text is translated, and the catalogues are what the source says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from convosphere.launch import messages
from tests.fixtures.sources import parsed

ROOT = Path(messages.ROOT)
PAGE_ROOMS = ("pages", "components")
PAGE_PACKAGES = ("ui", "shell")
# Props that a person reads or hears.
SPOKEN_PROPS = {"alt", "aria_label", "content", "description", "label", "placeholder", "title"}
COMPONENTS = {"rx", "el"}
# Functions of rx whose strings are names, not words.
NOT_SHOWN = {"Var", "console_log", "cond", "create", "event", "field", "foreach", "icon", "match", "meta", "redirect"}
# Components of ours that take words by position, beside names of icons and addresses.
WORDED = {
    "auth_card", "button", "choice", "confirm_dialog", "dialog", "empty_state", "error_face", "form_section",
    "icon_button", "link_button", "menu_item", "notice", "page_header", "progress_bar", "search_field", "side_panel",
    "spinner", "status_word", "submenu", "text_field",
}  # fmt: skip
# The product's name is the same in every language.
NAMES = {"ConvoSphere"}
_PLACE = re.compile(r"\{(\w+)\}")


def page_sources() -> list[Path]:
    """Modules that make components: rooms of pages in every package, and all of ui and shell."""
    package = ROOT / "convosphere"
    found = {path for name in PAGE_PACKAGES for path in (package / name).rglob("*.py")}
    for room in PAGE_ROOMS:
        found |= set(package.glob(f"*/{room}.py")) | set(package.glob(f"*/{room}/**/*.py"))
    return sorted(found)


def unmarked_texts(source: str) -> list[str]:
    """Literal words that are a child or a spoken prop of a component, without `t` around them."""
    return [
        f"line {literal.lineno}: {literal.value!r}"
        for call in ast.walk(parsed(source))
        if isinstance(call, ast.Call)
        for literal in _literals(call)
        if re.search(r"[^\W\d_]{2}", literal.value) and literal.value not in NAMES
    ]


def _literals(call: ast.Call) -> Iterator[ast.Constant]:
    root, name = _called(call.func)
    if name in NOT_SHOWN:
        return
    spoken = [keyword.value for keyword in call.keywords if keyword.arg in SPOKEN_PROPS]
    for value in spoken:
        yield from _strings(value)
    for value in call.args:
        # Among the arguments of ours, names of icons and addresses are lower-case words without a space.
        yield from (part for part in _strings(value) if root in COMPONENTS or _reads_as_words(name, part.value))


def _strings(value: ast.expr) -> Iterator[ast.Constant]:
    for part in value.values if isinstance(value, ast.JoinedStr) else [value]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part


def _reads_as_words(component: str, text: str) -> bool:
    return component in WORDED and bool(re.match(r"[A-Z]|\S+ ", text))


def _called(function: ast.expr) -> tuple[str, str]:
    """The first and the last name of `rx.el.div`."""
    name = function.attr if isinstance(function, ast.Attribute) else ""
    while isinstance(function, ast.Attribute):
        function = function.value
    root = function.id if isinstance(function, ast.Name) else ""
    return root, name or root


@pytest.mark.parametrize("path", page_sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_on_pages_are_marked(path: Path) -> None:
    assert unmarked_texts(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        'rx.el.p("Hello there")',
        'rx.text(f"Hello {name}")',
        'rx.input(placeholder="Search documents")',
        'icon_button("x", aria_label="Close")',
        'rx.dropdown_menu.item("Delete")',
        'button("Delete", icon="trash-2")',
        'page_header("All documents")',
    ],
)
def test_unmarked_texts_are_found(source: str) -> None:
    assert unmarked_texts(source)


@pytest.mark.parametrize(
    "source",
    [
        'rx.el.p(t("Hello"))',
        'rx.icon("search")',
        'rx.el.span("·")',
        'rx.el.div(class_name="quiet")',
        'icon_button("x", t("Close"))',
    ],
)
def test_marked_texts_and_marks_pass(source: str) -> None:
    assert not unmarked_texts(source)


@pytest.fixture(scope="module")
def template() -> Catalog:
    return messages.collect()


def test_template_is_what_the_source_says(template: Catalog) -> None:
    assert messages.TEMPLATE.read_bytes() == messages.serialise(template), "run `make messages`"


@pytest.mark.parametrize("locale", messages.translated_locales())
def test_catalogue_has_not_drifted(locale: str, template: Catalog) -> None:
    assert messages.catalogue_path(locale).read_bytes() == messages.serialise(messages.merge(locale, template))


@pytest.mark.parametrize("locale", messages.translated_locales())
def test_everything_is_translated(locale: str) -> None:
    assert messages.missing(messages.read_catalogue(locale)) == []


@pytest.mark.parametrize("locale", messages.translated_locales())
def test_translations_name_the_same_parameters(locale: str) -> None:
    wrong = []
    for message in messages.read_catalogue(locale):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = {name for text in originals for name in _PLACE.findall(text)}
        # A plural form may leave out the number, as "one file" does.
        optional = {"count"} if len(originals) > 1 else set()
        for text in translations if message.id else ():
            named = set(_PLACE.findall(text))
            if named - wanted or wanted - named - optional:
                wrong.append((originals[0], text))
    assert wrong == []
