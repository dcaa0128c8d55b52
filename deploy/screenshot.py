"""Makes the picture of the README, from a product that runs for this alone.

    .venv/bin/python -m deploy.screenshot

Starts an empty installation, founds it and takes in three documents as a person would, asks, opens a citation.
Needs what the tests need.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap

from playwright.sync_api import Page, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bench.product import PASSWORD, running_product
from deploy.browser import open_browser

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "chat.png"
MOST_BYTES = 200_000
PATIENCE = 30_000  # milliseconds
SIZE = {"width": 1280, "height": 800}
QUESTION = "How much is refunded for a hotel in Munich?"

TRAVEL = [
    (
        "Travel policy",
        [
            "This policy applies to every business trip of Brightwater Instruments since 1 March 2026. It replaces the"
            " policy of 2023. Questions go to the travel desk.",
            "Trips are requested in the travel form before they are booked. The head of department approves them; trips"
            " outside Europe also need the approval of the management.",
            "Train is preferred to plane for journeys of less than five hours. Second class is booked as a rule, first"
            " class where it costs no more than 20 euros extra.",
        ],
    ),
    (
        "Accommodation and meals",
        [
            "Hotels are refunded up to 140 euros a night including breakfast, in Munich, Zurich and London up to 190"
            " euros. Higher rates need the approval of the head of department before the booking.",
            "Without a receipt a flat rate of 30 euros a night is paid for private accommodation with friends or"
            " family.",
            "Meals are covered by a daily allowance of 28 euros for a full day, and of 14 euros for the days of arrival"
            " and departure.",
            "Receipts are handed in within six weeks after the end of the trip. Later ones are not refunded.",
        ],
    ),
]
HOLIDAYS = """# Holidays and absence

Everybody has 30 days of holiday a year. Up to five days can be taken over into the next year; they lapse on 31 March.

Holidays are requested in the calendar at least two weeks ahead. Requests for more than three weeks in a row need the
approval of the head of department.

## Illness

Illness is reported by nine o'clock of the first day. A doctor's note is needed from the third day on.
"""
ONBOARDING = """# First days at Brightwater

On the first day the team lead hands over laptop, badge and keys. Access to the systems is given by the service desk,
extension 4400.

Business trips in the first month are booked by the team lead. Hotels are then paid by the company card, so that nobody
has to advance money.
"""


def main() -> int:
    """Make the picture; gives the exit code."""
    with running_product(None) as product, _page() as page:
        link = next(line for line in product.lines if "/set-up?token=" in line).split()[-1]
        _found(page, link)
        _take_in(page)
        _ask(page)
        _take(page)
    return 0


@contextmanager
def _page() -> Iterator[Page]:
    with open_browser() as browser:
        context = browser.new_context(locale="en-GB", viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        yield context.new_page()


def _found(page: Page, link: str) -> None:
    page.goto(link)
    fields = {"workspace": "Brightwater", "name": "Olivia Brandt", "email": "olivia@example.org", "password": PASSWORD}
    for name, value in fields.items():
        page.get_by_test_id(f"setup-{name}").fill(value)
    page.get_by_test_id("setup-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible(timeout=PATIENCE)


def _take_in(page: Page) -> None:
    page.get_by_test_id("nav-knowledge").click()
    expect(page.get_by_test_id("upload-share")).to_be_checked(timeout=PATIENCE)
    page.get_by_test_id("upload-input").set_input_files(
        [
            {"name": "First days.md", "mimeType": "text/markdown", "buffer": ONBOARDING.encode()},
            {"name": "Holidays and absence.md", "mimeType": "text/markdown", "buffer": HOLIDAYS.encode()},
            {"name": "Travel policy.pdf", "mimeType": "application/pdf", "buffer": _pdf(TRAVEL)},
        ]
    )
    ready = page.locator("[data-testid=document-row][data-status=ready]")
    expect(ready).to_have_count(3, timeout=PATIENCE)


def _ask(page: Page) -> None:
    page.get_by_test_id("nav-chat").click()
    page.get_by_test_id("chat-input").fill(QUESTION)
    page.get_by_test_id("chat-input").press("Enter")
    answer = page.locator("[data-testid=message][data-role=assistant][data-status=done]")
    expect(answer).to_be_visible(timeout=PATIENCE)
    answer.locator("[data-testid=citation][data-n='1']").click()
    expect(page.get_by_test_id("passage-highlight")).to_be_visible(timeout=PATIENCE)


def _take(page: Page) -> None:
    """Write the picture.

    Raises:
        ValueError: it weighs more than a README should.
    """
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # The panel has come to rest.
    picture = page.screenshot(animations="disabled")
    if len(picture) > MOST_BYTES:
        raise ValueError(f"The picture has {len(picture)} bytes, more than {MOST_BYTES}.")
    PICTURE.write_bytes(picture)
    sys.stdout.write(f"{PICTURE} {len(picture)} bytes\n")


def _pdf(pages: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """A page for each heading with its paragraphs."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    for heading, paragraphs in pages:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 760, heading)
        text = canvas.beginText(72, 725)
        text.setFont("Helvetica", 11)
        text.setLeading(15)
        for paragraph in paragraphs:
            text.textLines([*wrap(paragraph, 85), ""])
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(main())
