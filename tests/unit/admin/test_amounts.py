"""Amounts as somebody writes them, and as nobody should."""

import pytest

from convosphere.admin.state.budgets_state import _amount
from convosphere.core.errors import InvalidInputError


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "inf", "1e40", "-1e999999", "-1e1000000"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        _amount(text, 1)


@pytest.mark.parametrize("text", ["1.000", "1,000", "25.000.000", "1,000.50", "1.000,50"])
def test_what_is_a_thousand_to_one_and_one_to_another_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="between thousands"):
        _amount(text, 1)


def test_an_amount_is_read_with_a_comma_or_a_point() -> None:
    assert _amount("2,50", 100) == _amount(" 2.5 ", 100) == 250
    assert _amount("1 000", 1) == _amount("1000", 1) == _amount("1000.000", 1) == 1000
    assert _amount("0,125", 1000) == 125
