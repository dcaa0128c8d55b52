"""Answers that are too much of something: opened, and as they are written, with the longest task of the page."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from bench.browser import INPUT, new_context, wait_until, wait_until_usable
from bench.figures import Figure
from bench.people import add_conversations, add_messages, database_of, owner_of
from bench.product import Product, founded_product, running_provider
from deploy.browser import open_browser

MEGABYTE = 1_000_000
RATE = 10_000
"""Tokens a second of what is written, far more than any model gives."""
LONGEST_QUESTION = 190_000
"""Characters that can be asked, and so echoed."""
SETTLE_MILLISECONDS = 1_500
PATIENCE_SECONDS = 300
LONG_MILLISECONDS = 50
_SHOWN = "document.querySelector('article[data-role=assistant]')?.dataset.messageId"
_DONE = """
document.querySelector("article[data-role=assistant][data-status=done]") !== null
    && document.querySelector(".long-text[aria-busy=true]") === null
"""

_SECTION = (
    "## Part {0}\n\nA paragraph with **bold words**, `code`, a [link](https://example.org/{0}) and *more* to read.\n\n"
    "- one\n- two\n  - nested\n\n| Item | Amount |\n|---|---:|\n| One | 1.50 |\n| Two | 2.75 |\n\n"
    "```python\ndef greet(name):\n    return f'Hello, {{name}}'\n```\n\nInline $a^2 + b^2$ ends it.\n\n"
)
_LANGUAGES = ("python", "javascript", "sql", "html", "rust", "")


@dataclass(frozen=True)
class Drawn:
    """How an answer came onto the page: seconds until all was there, and the page's tasks by processor time, in ms."""

    seconds: float
    tasks: list[float]

    def figure(self, name: str, conditions: str) -> Figure:
        """As a line of the table."""
        long = sum(task >= LONG_MILLISECONDS for task in self.tasks)
        return Figure(
            f"{name}: longest task",
            f"{max(self.tasks):.0f} ms",
            f"≤ {LONG_MILLISECONDS} ms",
            f"processor time; {long} tasks longer, {self.seconds:.1f} s in all, {conditions}",
        )


def texts() -> dict[str, str]:
    """Answers of about a megabyte, or with as much of one thing as no person would write."""
    code = "".join(f"    value_{number} = compute({number}, 'text')  # a line of code\n" for number in range(20_000))
    return {
        "Markdown of 1 MB": _up_to(MEGABYTE),
        "1 MB in one line": ("many words in a row " * (MEGABYTE // 20))[:MEGABYTE],
        "1 MB in one word": "x" * MEGABYTE,
        "1 MB of one block of code": f"```python\n{code}\n```",
        "500 blocks of code": "\n\n".join(_block(number) for number in range(500)),
        "unbalanced fences": "".join(
            f"{'`' * (3 + n % 4)}python\nprint({n})\n~~~\n\ntext *{n}\n\n" for n in range(8_000)
        ),
        "a table of 5,000 rows": "| a | b |\n|---|---|\n" + "".join(f"| row {n} | *{n}* |\n" for n in range(5_000)),
        "brackets, stars and ticks without end": ("[" * 20_000 + "*a **b " * 10_000 + "` `` " * 10_000 + "<a " * 9_000),
        "quotes in quotes": "\n".join(">" * (1 + n % 60) + f" line {n}" for n in range(5_000)),
    }


def measure() -> Iterator[Figure]:
    """Open each of them, then have some written."""
    with running_provider() as provider, founded_product(provider) as product:
        planted = asyncio.run(_plant(product))
        with open_browser() as browser:
            page = new_context(browser, product).new_page()
            page.goto(f"{product.address}/chat")
            wait_until_usable(page)
            for name, conversation in planted.items():
                yield _open(page, conversation).figure(name, "opened")
            for name, question in _written().items():
                page.goto(f"{product.address}/chat")
                wait_until_usable(page)
                yield _write(page, question).figure(name, f"written at {RATE:,} tokens/s")


def _block(number: int) -> str:
    language = _LANGUAGES[number % len(_LANGUAGES)]
    return f"Step {number}\n\n```{language}\n" + "".join(f"call_{line}({number})\n" for line in range(12)) + "```"


def _up_to(size: int) -> str:
    sections = size // len(_SECTION.format(0)) + 1
    return "".join(_SECTION.format(number) for number in range(sections))


def _written() -> dict[str, str]:
    """Questions whose answers are such texts, as long as one can ask for them."""
    shapes = texts()
    echoed = ("1 MB in one line", "500 blocks of code", "unbalanced fences", "1 MB of one block of code")
    said = {
        f"{name.removeprefix('1 MB ')}, 190 kB": f"{shapes[name][:LONGEST_QUESTION]}\n\n[[rate={RATE} echo]]"
        for name in echoed
    }
    return {"Markdown of 1 MB": f"[[tokens=190000 rate={RATE} markdown]] All of it", **said}


async def _plant(product: Product) -> dict[str, str]:
    async with database_of(product):
        owner = await owner_of(product)
        shapes = texts()
        conversations = await add_conversations(owner, len(shapes))
        for conversation, text in zip(conversations, shapes.values(), strict=True):
            await add_messages(owner, conversation, ["What is it?", text])
    return dict(zip(shapes, map(str, conversations), strict=True))


def _open(page: Page, conversation: str) -> Drawn:
    item = f"[data-conversation-id='{conversation}'] a"
    wait_until(page, f'document.querySelector("{item}") !== null')
    page.wait_for_timeout(SETTLE_MILLISECONDS)

    before = json.dumps(page.evaluate(_SHOWN))

    def click() -> None:
        page.evaluate(f'document.querySelector("{item}").click()')
        wait_until(page, f"![null, undefined, {before}].includes({_SHOWN})", PATIENCE_SECONDS)

    return _drawn(page, click)


def _write(page: Page, question: str) -> Drawn:
    def ask() -> None:
        page.fill(INPUT, question)
        page.locator(INPUT).press("Enter")

    return _drawn(page, ask)


def _drawn(page: Page, act: Callable[[], None]) -> Drawn:
    """Do something, and wait until an answer is there of which nothing is left to be drawn."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    began = time.monotonic()
    act()
    wait_until(page, _DONE, PATIENCE_SECONDS)
    seconds = time.monotonic() - began
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    wait_until(page, _DONE, PATIENCE_SECONDS)
    return Drawn(seconds, _tasks(json.loads(browser.stop_tracing())["traceEvents"]))


def _tasks(events: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of processor time of each task of the page's thread; one that waits for a processor takes none."""
    names = [event for event in events if event.get("name") == "thread_name"]
    mains = {(each["pid"], each["tid"]) for each in names if each["args"]["name"] == "CrRendererMain"}
    tasks = [event for event in events if event.get("name") == "RunTask" and (event["pid"], event["tid"]) in mains]
    return [float(task.get("tdur", 0)) / 1000 for task in tasks]
