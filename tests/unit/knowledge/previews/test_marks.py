"""Passages found again in pages: what was read tells them otherwise than the page does."""

import pytest

from convosphere.knowledge.previews.office.marks import mark_passage

HEAD = "<!doctype html><style>td{}</style><body>"


def marked(page: str, passage: str) -> str:
    return mark_passage(HEAD + page, passage).removeprefix(HEAD)


@pytest.mark.parametrize(
    ("page", "passage", "expected"),
    [
        ("<p>Ja. Die Säule.</p>", "Die  Säule.", '<p>Ja. <mark id="cited">Die Säule</mark>.</p>'),
        ("<p>A &amp; B &lt;b&gt;c</p>", "B <b>", '<p>A &amp; <mark id="cited">B &lt;b</mark>&gt;c</p>'),
        (
            "<p>Thirty-one <b>days</b></p><p>off</p>",
            "Thirty-\none days\n\noff",
            '<p><mark id="cited">Thirty-one</mark> <b><mark>days</mark></b></p><p><mark>off</mark></p>',
        ),
        ('<img src="data:a>b" alt="days off"><p>days off</p>', "days off", '<p><mark id="cited">days off</mark></p>'),
        ("<p>ﬁne</p>", "fine", '<p><mark id="cited">ﬁne</mark></p>'),
        ("<p>else</p>", "fine", "<p>else</p>"),
        ("<p>else</p>", " . ", "<p>else</p>"),
    ],
)
def test_a_passage_is_found_by_its_letters(page: str, passage: str, expected: str) -> None:
    assert marked(page, passage).endswith(expected)


def test_rows_are_found_past_their_numbers_and_the_reader_is_led_to_them_not_to_the_head() -> None:
    def row(number: int, *cells: object) -> str:
        return f"<tr><th>{number}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

    rows = [row(number, f"ship{number}", number * 3) for number in range(2, 60)]
    page = f"<table>{row(1, 'Name of ship', 'Speed')}{''.join(rows)}</table>"
    shown = marked(page, "A50:B51\nName of ship | Speed\nship50 | 150\nship51 | 153")
    assert "<mark>Name of ship</mark>" in shown
    assert '<td><mark id="cited">ship50</mark></td><td><mark>150</mark></td></tr>' in shown
    assert "<td><mark>ship51</mark></td><td><mark>153</mark></td>" in shown
    assert shown.count("<mark") == 6


def test_lines_with_labels_are_found_by_what_they_say() -> None:
    page = "<dl><dt>From</dt><dd>anna@example.org</dd></dl><p>The harbour is closed.</p>"
    shown = marked(page, "From: anna@example.org\n\nThe harbour is closed.\n\nNotes.txt")
    assert "<mark>From</mark></dt><dd><mark>anna@example.org</mark>" in shown.replace(' id="cited"', "")
    assert "<mark>The harbour is closed</mark>" in shown.replace(' id="cited"', "")
