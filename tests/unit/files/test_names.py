"""Names that people's computers give to files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convosphere.files.names import MOST_BYTES, MOST_PATH_BYTES, clean_folder_path, clean_name


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("Bericht 2026.pdf", "Bericht 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\Urlaub.docx", "Urlaub.docx"),
        ("/absolute.txt", "absolute.txt"),
        ("a\x00b.txt", "ab.txt"),
        ("invoice\u202efdp.exe.txt", "invoicefdp.exe.txt"),
        ("zero\u200bwidth\ufeff.md", "zerowidth.md"),
        ("two\nlines.md", "twolines.md"),
        ("  blanks   inside .md ", "blanks inside .md"),
        ("tag\U000e0041.txt", "tag.txt"),
        (".htaccess", ".htaccess"),
        ("..", ""),
        (".\u202e.", ""),
        ("", ""),
        ("\u202e", ""),
        ("folder/", ""),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_a_name_is_its_last_part_without_what_hides_or_reorders(given_name: str, clean: str) -> None:
    assert clean_name(given_name) == clean


def test_a_long_name_keeps_its_ending() -> None:
    shortened = clean_name("ß" * 300 + ".markdown")
    assert shortened.endswith("ß.markdown")
    assert len(shortened.encode()) <= MOST_BYTES


def test_a_long_name_without_ending_is_cut() -> None:
    assert clean_name("x" * 300) == "x" * MOST_BYTES
    assert clean_name("x." + "y" * 300) == ("x." + "y" * 300)[:MOST_BYTES]


@pytest.mark.parametrize(
    ("given_path", "clean"),
    [
        ("Projects/2026", "Projects/2026"),
        ("../../etc", "etc"),
        ("a//b/./c/", "a/b/c"),
        ("C:\\Users", "C:/Users"),
        ("", ""),
    ],
)
def test_a_folder_path_has_no_way_up(given_path: str, clean: str) -> None:
    assert clean_folder_path(given_path) == clean


@given(st.text())
def test_whatever_is_given_a_name_is_safe_and_stays_as_it_is(text: str) -> None:
    name = clean_name(text)
    assert len(name.encode()) <= MOST_BYTES
    assert not set(name) & set("/\\\0\n\r")
    assert name not in {".", ".."}
    assert clean_name(name) == name


@given(st.text())
def test_whatever_is_given_a_folder_path_is_safe(text: str) -> None:
    path = clean_folder_path(text)
    assert len(path.encode()) <= MOST_PATH_BYTES
    assert not {".", ".."} & set(path.split("/"))
