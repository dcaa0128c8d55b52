"""What calls were made for has words for all of it, or people read the names of the ledger."""

from typing import get_args

from convosphere.admin.components.usage import PURPOSES
from convosphere.usage.schemas import CallPurpose


def test_each_purpose_has_a_word() -> None:
    assert set(PURPOSES) == set(get_args(CallPurpose))
