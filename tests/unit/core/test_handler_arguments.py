"""What a page's handler takes from outside."""

import pytest

from convosphere.core.ways_in import accepts


async def handler(
    state: object, *, name: str, number: int, ratio: float, form: dict[str, str], is_on: bool = False
) -> None:
    """Stands for any handler."""


GOOD: dict[str, object] = {"name": "a", "number": 1, "ratio": 0.5, "form": {"a": "b"}}


@pytest.mark.parametrize("change", [{}, {"is_on": True}, {"ratio": 2}, {"form": {}}])
def test_what_fits_is_taken(change: dict[str, object]) -> None:
    assert accepts(handler, GOOD | change)


@pytest.mark.parametrize(
    "change",
    [
        {"name": 1}, {"name": None}, {"name": ["a"]}, {"name": {"a": 1}}, {"number": "1"}, {"number": True},
        {"number": 1.5}, {"ratio": "1"}, {"ratio": True}, {"is_on": 1}, {"is_on": "yes"}, {"more": 1}, {"state": 1},
        {"self": 1}, {"form": []}, {"form": "a=b"}, {"form": None},
        {"name": "\ud800"}, {"form": {"a": "\udc00"}}, {"form": {"\ud800": "a"}},
    ],
)  # fmt: skip
def test_anything_else_is_not(change: dict[str, object]) -> None:
    assert not accepts(handler, GOOD | change)


def test_nothing_may_be_missing() -> None:
    assert not accepts(handler, {"name": "a"})
