"""What an answer looks like once it is whole is what it looks like ever after."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask

# Each kind of block, and what means one thing in its block and another in the whole text.
PLAIN = """# Owls

They **see** in the dark, $a^2$ times better.

- one
- two

    with more

1. first

2. second

| Owl | Size |
|---|---:|
| Barn | 33 |

```python
def greet():

    return "hoo"
```

$$
x = 1

y = 2
$$

> Quoted

The end.
"""
REACHING_OUT = """See [the book][1], and a note.[^n]

\\[
x = 1

y = 2
\\]

Then more.

[1]: https://example.org/book

[^n]: The note.
"""
SHOWN = """() => {
  const all = document.querySelectorAll("[data-role=assistant][data-status=done] [data-testid=message-text]");
  const shown = all[all.length - 1].cloneNode(true);
  // Code is coloured once it is seen.
  shown.querySelectorAll("pre code").forEach((code) => code.replaceChildren(code.textContent));
  return shown.innerHTML.replace(/ (id|aria-describedby)="[^"]*"/g, "");
}"""


def grown(page: Page, text: str, number: int) -> str:
    """How an answer looks that has just been written, block by block."""
    ask(page, f"{text}\n[[rate=15 echo]]")
    expect(page.locator("[data-role=assistant][data-status=streaming] .prose").nth(1)).to_be_visible()
    expect(page.locator("[data-role=assistant][data-status=done]")).to_have_count(number)
    page.wait_for_load_state("networkidle")
    return settled(page)


def settled(page: Page) -> str:
    """What is shown of the last answer, once mathematics has come."""
    expect(page.locator("[data-role=assistant][data-status=done] .katex").last).to_be_visible()
    before = ""
    while (shown := str(page.evaluate(SHOWN))) != before:
        before = shown
        page.wait_for_timeout(300)
    return shown


def test_an_answer_looks_the_same_after_a_reload(page: Page) -> None:
    for number, text in enumerate((PLAIN, REACHING_OUT), start=1):
        shown = grown(page, text, number)
        page.reload()
        expect(page.locator("[data-role=assistant][data-status=done]")).to_have_count(number)
        assert settled(page).split("<") == shown.split("<")
