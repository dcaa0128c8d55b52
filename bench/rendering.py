"""Answers that are too much of something, or of what takes long to draw: opened, and as they are written."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from bench.browser import INPUT, new_context, wait_until, wait_until_usable
from bench.figures import Figure
from bench.people import add_conversations, add_messages, database_of, owner_of
from bench.product import Product, founded_product, running_provider
from convosphere.chat.service import follow_ups
from deploy.browser import open_browser

MEGABYTE = 1_000_000
RATE, QUICK = 1_000, 10_000
"""Tokens a second of what is written: what is asked of the product, and far more than any model gives."""
SETTLE_MILLISECONDS = 1_500
PATIENCE_SECONDS = 300
LONG_MILLISECONDS = 50
_ANSWER = "document.querySelector('article[data-role=assistant]')"
_STREAMING = f"{_ANSWER}?.dataset.status === 'streaming'"
# What is on the screen is drawn; of what is not, much still waits for its turn.
_DONE = f"""
{_ANSWER}?.dataset.status === "done"
    && [...document.querySelectorAll(".as-written")].every((piece) => {{
      const {{ top, bottom }} = piece.getBoundingClientRect();
      return bottom < 0 || top > innerHeight;
    }})
"""
_LENGTH = f"{_ANSWER}.querySelector('[data-testid=message-text]').textContent.length"

_SECTION = (
    "## Part {0}\n\nA paragraph with **bold words**, `code`, a [link](https://example.org/{0}) and *more* to read.\n\n"
    "- one\n- two\n  - nested\n\n| Item | Amount |\n|---|---:|\n| One | 1.50 |\n| Two | 2.75 |\n\n"
    "```python\ndef greet(name):\n    return f'Hello, {{name}}'\n```\n\nInline $a^2 + b^2$ ends it.\n\n"
)
_LANGUAGES = ("python", "javascript", "sql", "html", "rust", "")


@dataclass(frozen=True)
class Drawn:
    """How an answer came onto the page: seconds until it was shown, the page's tasks by processor time in ms, and how
    many characters are there."""

    seconds: float
    tasks: list[float]
    length: int

    def figure(self, name: str, conditions: str) -> Figure:
        """As a line of the table."""
        long = sum(task >= LONG_MILLISECONDS for task in self.tasks)
        return Figure(
            f"{name}: longest task",
            f"{max(self.tasks):.0f} ms",
            f"≤ {LONG_MILLISECONDS} ms",
            f"processor time; {long} as long or longer, shown after {self.seconds:.1f} s, {self.length:,} characters,"
            f" {conditions}",
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


def common() -> dict[str, str]:
    """Answers as models give them, of what takes long to draw."""
    code = "".join(f"    value_{number} = compute({number}, 'text')  # a line of code\n" for number in range(600))
    rows = "".join(f"| Row **{number}** | {number}.50 | some `note` on {number} |\n" for number in range(300))
    return {
        "Markdown of 12 kB": _up_to(12_000),
        "code of 25 kB": f"Like this:\n\n```python\n{code}```\n\nThat is all.",
        "a table of 300 rows": f"Like this:\n\n| Name | Amount | Note |\n|---|---:|---|\n{rows}\nThat is all.",
        "a list of 300 points": "".join(f"- point **{number}** with `code` and words\n" for number in range(300)),
        "fences that do not close": texts()["unbalanced fences"][:20_000],
    }


def measure() -> Iterator[Figure]:
    """Open each of them, then have each written."""
    said = {name.replace(" ", "-"): text for name, text in {**common(), **texts()}.items()}
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="convosphere-bench-")))
        (directory / "texts.json").write_text(json.dumps(said))
        provider = stack.enter_context(running_provider("--texts", str(directory / "texts.json")))
        product = stack.enter_context(founded_product(provider))
        planted = asyncio.run(_plant(product))
        page = new_context(stack.enter_context(open_browser()), product).new_page()
        # What is loaded by the first who needs it is there.
        _new_chat(page, product)
        _write(page, f"[[rate={QUICK} said=Markdown-of-12-kB]] All of it")
        for name, conversation in planted.items():
            yield _open(page, product, conversation).figure(name, "opened")
        for names, rate in ((common(), RATE), (texts(), QUICK)):
            for name in names:
                _new_chat(page, product)
                drawn = _write(page, f"[[rate={rate} said={name.replace(' ', '-')}]] All of it")
                yield drawn.figure(name, f"written at {rate:,} tokens/s")


def _block(number: int) -> str:
    language = _LANGUAGES[number % len(_LANGUAGES)]
    return f"Step {number}\n\n```{language}\n" + "".join(f"call_{line}({number})\n" for line in range(12)) + "```"


def _up_to(size: int) -> str:
    sections = size // len(_SECTION.format(0)) + 1
    return "".join(_SECTION.format(number) for number in range(sections))


async def _plant(product: Product) -> dict[str, str]:
    async with database_of(product):
        owner = await owner_of(product)
        await follow_ups.want(owner.actor, are_wanted=False)
        shapes = {**common(), **texts()}
        conversations = await add_conversations(owner, len(shapes))
        for conversation, text in zip(conversations, shapes.values(), strict=True):
            await add_messages(owner, conversation, ["What is it?", text])
    return dict(zip(shapes, map(str, conversations), strict=True))


def _new_chat(page: Page, product: Product) -> None:
    page.goto(f"{product.address}/chat")
    wait_until_usable(page)
    page.wait_for_timeout(SETTLE_MILLISECONDS)


def _open(page: Page, product: Product, conversation: str) -> Drawn:
    _new_chat(page, product)
    item = f"[data-conversation-id='{conversation}'] a"
    wait_until(page, f'document.querySelector("{item}") !== null')
    return _drawn(page, lambda: page.evaluate(f'document.querySelector("{item}").click()'))


def _write(page: Page, question: str) -> Drawn:
    page.fill(INPUT, question)

    def ask() -> None:
        page.locator(INPUT).press("Enter")
        wait_until(page, _STREAMING)

    return _drawn(page, ask)


def _drawn(page: Page, act: Callable[[], None]) -> Drawn:
    """Do something, and wait until an answer is there of which nothing that is looked at is left to be drawn."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    began = time.monotonic()
    act()
    wait_until(page, _DONE, PATIENCE_SECONDS)
    seconds = time.monotonic() - began
    page.wait_for_timeout(SETTLE_MILLISECONDS)  # Much of the rest is drawn meanwhile, in tasks as long as all others.
    tasks = _tasks(json.loads(browser.stop_tracing())["traceEvents"])
    return Drawn(seconds, tasks, wait_until(page, _LENGTH))


def _tasks(events: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of processor time of each task of the page's thread; one that waits for a processor takes none."""
    names = [event for event in events if event.get("name") == "thread_name"]
    mains = {(each["pid"], each["tid"]) for each in names if each["args"]["name"] == "CrRendererMain"}
    tasks = [event for event in events if event.get("name") == "RunTask" and (event["pid"], event["tid"]) in mains]
    return [float(task.get("tdur", 0)) / 1000 for task in tasks]
