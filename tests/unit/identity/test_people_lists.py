"""Lists as spreadsheets write them, and as they should not be."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convosphere.core.errors import InvalidInputError
from convosphere.identity.people_lists import MOST_BYTES, MOST_LINES, ListedPerson, read_people, write_table

LISTS = {
    "plain": b"Ada,ada@example.org,member,Sales|Berlin\nBob,bob@example.org,,\n",
    "semicolons": b"Ada;ada@example.org;member;Sales|Berlin\r\nBob;bob@example.org\r\n",
    "tabs": b"Ada\tada@example.org\tmember\tSales | Berlin\nBob\tbob@example.org\n",
    "titles in another order": b"Role,E-Mail,Groups,Name\nmember,ada@example.org,Sales|Berlin,Ada\n"
    b",bob@example.org,,Bob\n",
    "German titles, byte order mark": "\ufeffName;E-Mail-Adresse;Rolle;Gruppen\n"
    "Ada;ada@example.org;member;Sales|Berlin\nBob;bob@example.org;;\n".encode(),
    "quotes and empty lines": b'\n"Ada","ada@example.org","member","Sales|Berlin"\n\n  \nBob, bob@example.org\n\n',
    "UTF-16": "Ada,ada@example.org,member,Sales|Berlin\nBob,bob@example.org\n".encode("utf-16"),
    "old Macintosh": b"Ada,ada@example.org,member,Sales|Berlin\rBob,bob@example.org\r",
}


@pytest.mark.parametrize("data", LISTS.values(), ids=LISTS.keys())
def test_the_same_list_in_many_ways(data: bytes) -> None:
    ada, bob = read_people(data)
    assert (ada.name, ada.email, ada.role, ada.groups) == ("Ada", "ada@example.org", "member", ("Sales", "Berlin"))
    assert (bob.name, bob.email, bob.role, bob.groups) == ("Bob", "bob@example.org", "", ())
    assert not any(person.is_garbled for person in (ada, bob))


def test_umlauts_of_old_spreadsheets_are_read() -> None:
    data = "Jürgen;juergen@example.org;Führung;Büro".encode("cp1252")
    assert read_people(data) == [ListedPerson(1, "Jürgen", "juergen@example.org", "Führung", ("Büro",), False)]


def test_an_open_quotation_mark_is_told_where_it_stands() -> None:
    people = read_people(b'Ada,ada@example.org\n"Bob,bob@example.org\nEve,eve@example.org\n')
    assert [(person.number, person.is_garbled) for person in people] == [(1, False), (2, True)]


@pytest.mark.parametrize("data", [b"x" * (MOST_BYTES + 1), b"a,a@b.org\n" * 100_000, b"a,a@b.org\n" * (MOST_LINES + 1)])
def test_long_lists_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="at most 5000 lines"):
        read_people(data)
    assert len(read_people(b"a,a@b.org\n" * MOST_LINES)) == MOST_LINES


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="CSV"):
        read_people(b"PK\x03\x04\0\0\0")


def test_a_field_without_end_is_one_garbled_line() -> None:
    assert [person.is_garbled for person in read_people(b'Ada,a@b.org\n"' + b"x" * 200_000)] == [False, True]


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        people = read_people(data)
    except InvalidInputError:
        return
    assert all("\n" not in person.name + person.email for person in people)
    assert [person.number for person in people] == sorted(person.number for person in people)


@given(st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"])), min_size=1, max_size=4), max_size=5))
def test_what_is_written_holds_no_formula(rows: list[list[str]]) -> None:
    written = csv.reader(io.StringIO(write_table(rows).decode("utf-8-sig"), newline=""))
    for row, found in zip(rows, written, strict=True):
        assert not any(field.startswith(("=", "+", "-", "@", "\t", "\r")) for field in found)
        assert [field.removeprefix("'") for field in found] == [field.removeprefix("'") for field in row] or row == [""]
