"""An answer from the provider to the painted page, in a new conversation and in one of 2,000, and opening that."""

import asyncio
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from bench.browser import INPUT, SIGN, new_context, wait_until, wait_until_usable
from bench.figures import Figure, middle, spread
from bench.people import add_conversations, add_messages, database_of, owner_of
from bench.product import Product, Provider, founded_product, running_provider
from convosphere.chat.service import follow_ups
from deploy.browser import open_browser

TOKENS = 300
RUNS = 5
HISTORY = 2_000
WINDOW = 60
"""Messages that the page of the long conversation shows at least; 120 are the most it holds."""
OPENINGS = 7
SETTLE_MILLISECONDS = 1000
MESSAGES = "article[data-testid=message]"
ANSWERS = f"{MESSAGES}[data-role=assistant]"

_PARAGRAPH = "The report names {} of the {} points that were open, and *two* more are `said` to follow next week."
_OLD_ANSWER = "\n\n".join(
    ["## What was found", *[_PARAGRAPH] * 8, "- first\n- second\n  - nested", "```python\nprint('done')\n```"]
)
_MARKDOWN = (
    "## Heading {0}\n\nA paragraph with **bold words{1}** and `code{2}` and more words{3} to read{4}.\n\n"
    "- point{5} one\n- point{6} two\n\n| Item{7} | Amount{8} |\n|---|---:|\n| One{9} | 1.50{10} |\n\n"
    "```python\ndef greet(name{11}): return name{12}\n```\n\nInline $a^2$ ends it{13}.\n\n"
)
_OPENING = """({ item, message }) => new Promise((done) => {
  const start = performance.now();
  const look = () => {
    const view = document.querySelector(".transcript-view");
    const isAtEnd = view && view.scrollHeight - view.scrollTop - view.clientHeight < 2;
    if (isAtEnd && document.querySelectorAll(message).length > 1) {
      setTimeout(() => done(performance.now() - start));
    } else requestAnimationFrame(look);
  };
  document.querySelector(item).click();
  requestAnimationFrame(look);
})"""


@dataclass(frozen=True)
class Passage:
    """One answer on its way; times in milliseconds."""

    send_to_request: float
    first_to_paint: float
    delays: list[float]
    last: float
    longest_task: float


def measure() -> Iterator[Figure]:
    """Answers at both rates, without and with a long conversation above them."""
    steady, fast = _question(plain_words(TOKENS), 100), _question(markdown_words(TOKENS), 1000)
    with running_provider() as provider, founded_product(provider) as product:
        long_one = asyncio.run(_long_conversation(product))
        with open_browser() as browser:
            long_page = new_context(browser, product).new_page()
            long_page.goto(f"{product.address}/chat/{long_one}")
            openings = [_open(long_page, product, long_one) for _ in range(OPENINGS + 1)][1:]
            _fill_window(long_page)
            page = new_context(browser, product).new_page()
            pairs = [_in_turn(page, long_page, product, provider, (steady, fast)) for _ in range(RUNS)]
            above = long_page.locator(MESSAGES).count()
    plain, plain_full, quick, quick_full = zip(*pairs, strict=True)
    yield Figure(
        f"open {HISTORY:,} messages at their end", spread(openings), "≤ 500 ms", f"{OPENINGS} times, by a click"
    )
    yield Figure("Send → request at the provider", spread([one.send_to_request for one in plain]), "p50 ≤ 40 ms")
    yield Figure("first token → painted", spread([one.first_to_paint for one in plain]), "p50 ≤ 60 ms")
    yield from _figures("100 tokens/s", plain, 40, 60)
    yield from _figures(f"100/s in {HISTORY:,} messages, {above} shown", plain_full, 40, 60, before=plain)
    yield from _figures("1,000 tokens/s, Markdown", quick, 120, 120)
    yield from _figures(f"1,000/s in {HISTORY:,} messages, {above} shown", quick_full, 120, 120, before=quick)


def plain_words(count: int) -> str:
    """So many numbered words in sentences."""
    return " ".join(f"word{SIGN}{number}{'.' * (number % 12 == 11)}" for number in range(count))


def markdown_words(count: int) -> str:
    """A Markdown text of so many tokens with a heading, list, table, code and mathematics again and again."""
    text, number = "", 0
    while len(text.split()) < count:
        text += _MARKDOWN.format(*(f"{SIGN}{number + place}" for place in range(14)))
        number += 14
    return text.strip()


def _figures(
    name: str, runs: Sequence[Passage], delay: int, last: int, before: Sequence[Passage] = ()
) -> Iterator[Figure]:
    typical = statistics.median(value for run in runs for value in run.delays)
    ratio = ""
    if before:
        ratio = f"ratio {typical / statistics.median(value for run in before for value in run.delays):.2f}"
    yield Figure(f"{name}: token delay", f"{typical:.1f} ms", f"p50 ≤ {delay} ms", ratio and f"{ratio}, wanted ≤ 1.1")
    yield Figure(f"{name}: last painted", middle([run.last for run in runs]), f"≤ {last} ms", f"{len(runs)} runs")
    yield Figure(f"{name}: longest task", f"{max(run.longest_task for run in runs):.0f} ms", "≤ 50 ms", "0: none ≥ 50")


def _question(text: str, rate: int) -> str:
    """Directives come last: what stands before them is what the provider says again."""
    return f"{text}\n[[rate={rate} echo]]"


def _in_turn(
    page: Page, long_page: Page, product: Product, provider: Provider, questions: Sequence[str]
) -> list[Passage]:
    """Each question in a new chat and then in the long one, so that both meet the same machine."""
    passages: list[Passage] = []
    for question in questions:
        page.bring_to_front()
        passages.append(_ask(_new_chat(page, product), provider, question))
        long_page.bring_to_front()
        passages.append(_ask(long_page, provider, question))
    return passages


def _new_chat(page: Page, product: Product) -> Page:
    """A conversation that one short answer has begun, so that nothing is loaded for the first time."""
    page.goto(f"{product.address}/chat")
    wait_until_usable(page)
    _send(page, _question(markdown_words(60), 200))
    return page


def _ask(page: Page, provider: Provider, question: str) -> Passage:
    provider.forget()
    _send(page, question)
    request = next(one for one in provider.requests() if one["sent"] and one["body"].get("stream"))
    return _passage(page.evaluate("window.bench"), request)


def _send(page: Page, question: str) -> None:
    before = page.locator(ANSWERS).count()
    page.fill(INPUT, question)
    page.locator(INPUT).press("Enter")
    wait_until(page, f"document.querySelectorAll('{ANSWERS}:not([data-status=streaming])').length === {before + 1}")
    page.wait_for_timeout(SETTLE_MILLISECONDS)


def _passage(seen: dict[str, Any], request: dict[str, Any]) -> Passage:
    left = [time * 1000 for time in request["sent"]]
    # The provider says again what it is sent, which is more than what was asked.
    asked: str = request["body"]["messages"][-1]["content"]
    numbers = [word.count(SIGN) for word in asked.split("\n[[", maxsplit=1)[0].split()]
    delays: list[float] = []
    painted = iter(seen["painted"])
    moment, number = next(painted)
    expected = -1
    for count, time_left in zip(numbers, left, strict=False):
        expected += count
        if not count:
            continue
        while number < expected:
            moment, number = next(painted)
        delays.append(moment - time_left)
    return Passage(request["arrived"] * 1000 - seen["sent"], delays[0], delays, delays[-1], seen["longest"])


async def _long_conversation(product: Product) -> str:
    async with database_of(product):
        owner = await owner_of(product)
        # They are asked for after an answer, so the provider would be busy with those when the next question comes.
        await follow_ups.want(owner.actor, are_wanted=False)
        conversation = (await add_conversations(owner, 1))[0]
        texts = [_OLD_ANSWER if number % 2 else f"What about point {number}?" for number in range(HISTORY)]
        await add_messages(owner, conversation, texts)
    return str(conversation)


def _open(page: Page, product: Product, conversation: str) -> float:
    """Milliseconds from a click in the sidebar to the painted end of a conversation."""
    page.goto(f"{product.address}/chat")
    wait_until_usable(page)
    item = f"[data-conversation-id='{conversation}'] a"
    wait_until(page, f'document.querySelector("{item}") !== null')
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    return page.evaluate(_OPENING, {"item": item, "message": MESSAGES})


def _fill_window(page: Page) -> None:
    """Read back as far as the page holds without letting go of the end, and return there."""
    view = "document.querySelector('.transcript-view')"
    count = f"document.querySelectorAll('{MESSAGES}').length"
    while (before := page.locator(MESSAGES).count()) < WINDOW:
        page.evaluate(f"{view}.scrollTo(0, 0)")
        wait_until(page, f"{count} > {before}")
    page.evaluate(f"{view}.scrollTo(0, {view}.scrollHeight)")
    _send(page, _question(markdown_words(60), 200))
