"""Amounts as somebody writes them, and as nobody should."""

import pytest

from convosphere.admin.state.budgets_state import _amount
from convosphere.core.errors import InvalidInputError


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "inf", "1e40", "-1e999999", "-1e1000000"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        _amount(text, 1)


def test_an_amount_is_read_with_a_comma_or_a_point() -> None:
    assert _amount("2,50", 100) == _amount(" 2.5 ", 100) == 250
