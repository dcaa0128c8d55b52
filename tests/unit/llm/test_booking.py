"""What the ledger and budgets are told of a reply."""

from convosphere.llm.booking import planned_price, record_of
from convosphere.llm.schemas import Completion, Model, Price, Usage

EURO = Price(1_000_000, 2_000_000, currency="EUR", written_nanos=1_250_000)


def told(usage: Usage, price: Price | None) -> tuple[int | None, int | None, str]:
    call = record_of("title", Completion("Hello", Model("m", "M", "p", price=price), usage, "stop"), 5)
    return call.cost_nanos, call.counted_nanos, call.currency


def test_budgets_count_what_nobody_knows_for_sure() -> None:
    assert told(Usage(100, 10, cost_nanos=120, currency="EUR"), EURO) == (120, 120, "EUR")
    assert told(Usage(100, 10, estimated=True), EURO) == (None, 145, "EUR"), "on the safe side"
    assert told(Usage(100, 10, estimated=True), None) == (None, None, "USD")


def test_a_plan_has_room_for_what_is_written_down_to_remember() -> None:
    planned = planned_price(EURO)
    assert planned
    assert (planned.input_nanos, planned.output_nanos) == (1_250_000, 2_000_000)
    assert planned_price(None) is None
