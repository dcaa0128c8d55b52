"""Which blocks of an answer can be looked at, and what they are called."""

import pytest

from convosphere.chat.artifacts import Artifact, find_artifacts

PAGE = "<!doctype html>\n<title>Clock &amp;\u202e time</title>\n<b>12</b>"
LINES = "\n".join(f"line {number}" for number in range(12))


def block(info: str, text: str, fence: str = "```") -> str:
    return f"{fence}{info}\n{text}\n{fence}\n"


@pytest.mark.parametrize(
    ("answer", "kind", "title"),
    [
        (block("html", PAGE), "html", "Clock & time"),
        (block('HTML title="A page"', PAGE), "html", "A page"),
        (block("htm", "<b>x</b>", "~~~~"), "html", ""),
        (block("svg", "<svg><title>Sun</title></svg>"), "svg", "Sun"),
        (block("xml", "\n<svg viewBox='0 0 1 1'/>"), "svg", ""),
        (block("markdown", f"# The plan #\n{LINES}"), "document", "The plan"),
        (block("md", f"## The C# plan ##  \n{LINES}"), "document", "The C# plan"),
        (block("md", f"# In C#\n{LINES}"), "document", "In C#"),
        (block("md", f"# The{' ' * 300_000}plan\n{LINES}"), "document", "The plan"),
        (block("md", LINES), "document", ""),
        (f"- a point:\n\n  {block('svg', '  <svg/>', '  ```').strip()}\n", "svg", ""),
        ("```html\n<b>no end", "html", ""),
        (block("html", "<title>" * 50_000), "html", ""),
    ],
)
def test_pages_drawings_and_documents_are_found(answer: str, kind: str, title: str) -> None:
    (found,) = find_artifacts(f"Before it.\n\n{answer}\nAfter it: `<svg>`.")
    assert (found.kind, found.title) == (kind, title)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        PAGE,
        block("python", PAGE),
        block("xml", "<note/>"),
        block("markdown", "# Short"),
        block("", PAGE),
        "    ```html\n    <b>indented code</b>\n    ```",
    ],
)
def test_other_code_is_none(answer: str) -> None:
    assert find_artifacts(answer) == []


def test_text_and_order_are_those_of_the_answer() -> None:
    answer = block("html", PAGE) + block("css", "b{}") + block("svg", "<svg/>") + block("html", "<i>\n\n</i>")
    assert find_artifacts(answer) == [
        Artifact("html", "Clock & time", PAGE),
        Artifact("svg", "", "<svg/>"),
        Artifact("html", "", "<i>\n\n</i>"),
    ]
