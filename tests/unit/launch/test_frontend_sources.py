"""What makes a build necessary, and what the lock of the pages' packages must hold."""

from pathlib import Path

import pytest

from convosphere.launch.compiling import unlocked, without_unused
from convosphere.launch.frontend import source_hash


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with one file of each kind."""
    for name in (
        "convosphere/chat/pages.py",
        "convosphere/chat/service.py",
        "convosphere/chat/service/sending.py",
        "convosphere/launch/compiling.py",
        "convosphere/launch/publishing.py",
        "convosphere/launch/supervisor.py",
        "assets/i18n.js",
        "assets/catalogues/de.js",
        "locales/de/LC_MESSAGES/messages.po",
        "rxconfig.py",
        "reflex.lock/package-lock.json",
        "requirements.txt",
        "README.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "convosphere/chat/pages.py",
        "convosphere/launch/compiling.py",
        "assets/i18n.js",
        "locales/de/LC_MESSAGES/messages.po",
        "rxconfig.py",
        "reflex.lock/package-lock.json",
        "requirements.txt",
    ],
)
def test_a_change_that_pages_see_asks_for_a_build(checkout: Path, name: str) -> None:
    before = source_hash(checkout)
    (checkout / name).write_text("changed")
    assert source_hash(checkout) != before


@pytest.mark.parametrize(
    "name",
    [
        "convosphere/chat/service.py",
        "convosphere/chat/service/sending.py",
        "convosphere/launch/supervisor.py",
        "assets/catalogues/de.js",
        "README.md",
    ],
)
def test_a_change_that_pages_do_not_see_asks_for_none(checkout: Path, name: str) -> None:
    before = source_hash(checkout)
    (checkout / name).write_text("changed")
    assert source_hash(checkout) == before


def test_a_file_more_or_renamed_asks_for_a_build(checkout: Path) -> None:
    before = source_hash(checkout)
    (checkout / "assets" / "i18n.js").rename(checkout / "assets" / "words.js")
    renamed = source_hash(checkout)
    (checkout / "convosphere" / "chat" / "components.py").write_text("")
    assert len({before, renamed, source_hash(checkout)}) == 3


def test_packages_that_the_lock_lacks_or_holds_in_another_version() -> None:
    lock = {
        "packages": {"node_modules/@radix-ui/themes": {"version": "3.3.0"}, "node_modules/katex": {"version": "1.0.0"}}
    }
    assert unlocked({"@radix-ui/themes@3.3.0", "katex"}, lock) == []
    assert unlocked({"@radix-ui/themes@4.0.0", "katex@v1.0.0", "mermaid"}, lock) == [
        "@radix-ui/themes@4.0.0",
        "mermaid",
    ]


def test_the_lock_names_no_native_library_that_nobody_needs() -> None:
    packages = {
        "node_modules/pdfjs-dist": {"optionalDependencies": {"@napi-rs/canvas": "^1.0.0"}},
        "node_modules/@napi-rs/canvas": {"version": "1.1.1"},
        "node_modules/@napi-rs/canvas-linux-x64-gnu": {"version": "1.1.1"},
        "node_modules/katex": {"version": "1.0.0"},
    }
    assert without_unused({"name": "reflex", "packages": packages}) == {
        "name": "reflex",
        "packages": {
            "node_modules/pdfjs-dist": {"optionalDependencies": {}},
            "node_modules/katex": {"version": "1.0.0"},
        },
    }
