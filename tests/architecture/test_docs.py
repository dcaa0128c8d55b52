"""The pages about the product say what the product is: links, commands, settings, routes and words on screen."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.__main__ import BENCHES
from convosphere import convosphere
from convosphere.__main__ import COMMANDS
from convosphere.core.permissions import Permission
from convosphere.core.settings import Settings
from convosphere.core.ways_in import declared_permission
from convosphere.knowledge.parsing.kinds import KINDS, DocumentType
from convosphere.launch import messages
from convosphere.launch.processes import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
# Pages that name words on screen in bold, and the one that does so in German.
ENGLISH_PAGES = (
    "README.md", "docs/account.md", "docs/assistants.md", "docs/chat.md", "docs/export.md", "docs/first-steps.md",
    "docs/home.md", "docs/knowledge.md", "docs/models.md", "docs/people.md", "docs/prompts.md",
    "docs/search-and-citations.md", "docs/usage.md",
)  # fmt: skip
GERMAN_PAGE = "docs/handbuch.md"
# Tables whose first column is what a person reads on screen.
SCREEN_TABLES = {"docs/chat.md": ("What you read",), "docs/knowledge.md": ("Status", "Message")}
# Names in capitals that are no settings of ours.
OTHER_VARIABLES = {
    "APP_PASSWORD", "GROQ_API_KEY", "NPM_CONFIG_REGISTRY", "OWNER_PASSWORD", "PIP_INDEX_URL",
}  # fmt: skip
MOST_BYTES_OF_A_PICTURE = 200_000

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^(?:```.*?^```|    .*?)$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b")
_MAKE = re.compile(r"\bmake ([a-z-]+)\b")
_MODULE = re.compile(r"python -m ([\w.]+)((?: [a-z]+)*)")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    assert [link for link in _own_links(page) if not _leads_somewhere(page, link)] == []


@each_page
def test_commands_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(match.group() for match in _CODE.finditer(page.read_text()))
    assert set(_MAKE.findall(code)) <= targets
    for module, words in _MODULE.findall(page.read_text()):
        assert find_spec(module), module
        known = {"convosphere": COMMANDS, "bench": BENCHES}.get(module)
        named = words.split()[:1] if module == "convosphere" else words.split()
        assert known is None or set(named) <= {*known, "COMMAND"}, (module, words)


@pytest.mark.parametrize("page", [PAGES[0], *DOCS.glob("*.md")], ids=lambda page: page.name)
def test_settings_exist(page: Path) -> None:
    known = {field.alias for field in Settings.model_fields.values()}
    code = "\n".join(match.group() for match in _CODE.finditer(page.read_text()))
    assert set(_VARIABLE.findall(code)) - known - OTHER_VARIABLES == set()


@each_page
def test_no_page_names_somebodys_machine(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"(?<!\w)/(home|root|Users)/", text)
    assert str(ROOT) not in text


def test_every_route_is_listed_with_what_it_needs() -> None:
    rows = re.findall(r"^\| `(/\S+)` \| (\w+) \| ([^|]+) \|", (DOCS / "security.md").read_text(), re.MULTILINE)
    listed = {(path, method): needs for path, method, needs in rows}
    routes = {
        (route.path, method): declared_permission(route.endpoint)
        for route in convosphere.ROUTES
        for method in sorted((route.methods or set()) - {"HEAD"})
    }
    assert listed.keys() == routes.keys()
    for key, permission in routes.items():
        assert (listed[key].strip() == f"`{permission}`") == (permission is not Permission.PUBLIC), key


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [PAGES[0]]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        linked = {(page.parent / link.partition("#")[0]).resolve() for link in _own_links(page) if link[0] != "#"}
        waiting += [target for target in linked if target.suffix == ".md" and target not in reached]
    assert set(PAGES) - reached == set()


def test_every_picture_is_light_and_shown() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in _own_links(page)}
    for picture in (DOCS / "images").iterdir():
        assert picture in shown, picture.name
        assert picture.stat().st_size <= MOST_BYTES_OF_A_PICTURE


@pytest.mark.parametrize("name", ENGLISH_PAGES)
def test_words_in_bold_are_words_on_screen(name: str) -> None:
    assert _bold(name) - _texts_on_screen(german=False) == set()


def test_german_words_in_bold_are_words_on_screen() -> None:
    assert _bold(GERMAN_PAGE) - _texts_on_screen(german=True) == set()


@pytest.mark.parametrize("name", SCREEN_TABLES)
def test_messages_that_are_explained_exist(name: str) -> None:
    texts = _texts_on_screen(german=False)
    explained = [
        part.strip().rstrip(".")
        for heading in SCREEN_TABLES[name]
        for cell in _first_column(ROOT / name, heading)
        for part in cell.split("…")
    ]
    assert len(explained) > 5
    assert [part for part in explained if not any(part in text for text in texts)] == []


def _own_links(page: Path) -> list[str]:
    return [link for link in _LINK.findall(_without_code(page)) if "://" not in link]


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not heading or heading in set(_anchors(target)))


def _anchors(page: Path) -> Iterator[str]:
    """The names of a page's headings as code hosts make them."""
    for title in re.findall(r"^#+ (.+)$", _without_code(page), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _without_code(page: Path) -> str:
    return _CODE.sub("", page.read_text())


def _bold(name: str) -> set[str]:
    """Words in bold, but for questions and sentences that only stand out."""
    return {words for words in _BOLD.findall((ROOT / name).read_text()) if words[-1] not in "?."}


def _first_column(page: Path, heading: str) -> list[str]:
    rows = page.read_text().partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [row.split("|")[1].strip() for row in rows]


def _texts_on_screen(*, german: bool) -> set[str]:
    shown: set[str] = set()
    for message in messages.read_catalogue("de"):
        text = message.string if german else message.id
        shown |= set(text if isinstance(text, tuple | list) else [text])
    return shown - {""}


def test_every_kind_of_file_is_listed() -> None:
    page = (DOCS / "knowledge.md").read_text()
    listed = {ending for kind in KINDS if kind.type is not DocumentType.CODE for ending in kind.endings}
    assert {ending for ending in listed if f"`{ending}`" not in page} == set()
