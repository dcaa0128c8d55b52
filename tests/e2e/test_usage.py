"""A budget is reached, a cheaper model answers instead, and the pages and the file of usage say what it was."""

import csv
import io
import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from convosphere.core.identifiers import new_id
from convosphere.launch.postgres import addresses_of
from tests.e2e.conftest import Product, ask

DEAR, CHEAP = "test-answer", "test-fast"


@pytest.fixture
def prices(product: Product) -> Iterator[None]:
    """A million tokens of the one model cost a thousand dollars, of the other one a dollar, until the test ends."""
    _set_prices(product)
    yield
    with psycopg.connect(addresses_of(product.data).superuser_url) as connection:
        connection.execute("DELETE FROM model_price")
        connection.execute("DELETE FROM budget")
        connection.execute("SELECT pg_notify('convosphere_events', 'models:' || id) FROM workspace")


def _set_prices(product: Product) -> None:
    prices = {DEAR: 1_000_000_000_000, CHEAP: 1_000_000_000}
    with psycopg.connect(addresses_of(product.data).superuser_url) as connection:
        (workspace_id,) = connection.execute("SELECT id FROM workspace").fetchone() or (None,)
        for model, nanos in prices.items():
            connection.execute(
                "INSERT INTO model_price (id, workspace_id, model_id, valid_from, source, input_nanos, output_nanos)"
                " VALUES (%s, %s, %s, now(), 'own', %s, %s)",
                [new_id(), workspace_id, model, nanos, nanos],
            )
        connection.execute("SELECT pg_notify('convosphere_events', %s)", [f"models:{workspace_id}"])


def add_budget(page: Page, name: str, amount: str) -> None:
    page.get_by_test_id("budget-new").click()
    page.get_by_test_id("budget-name").fill(name)
    page.get_by_test_id("budget-amount").fill(amount)
    page.get_by_test_id("budget-save").click()


def test_a_budget_ends_in_a_cheaper_model(page: Page, product: Product, prices: None) -> None:
    page.goto(f"{product.url}/admin/usage")
    add_budget(page, "Tight", "nothing")
    expect(page.get_by_test_id("budget-error")).to_be_visible()
    page.get_by_test_id("budget-amount").fill("0,5")
    page.get_by_test_id("budget-save").click()
    budget = page.locator("[data-testid=budget-row][data-name=Tight]")
    expect(budget).to_be_visible()

    page.goto(f"{product.url}/chat")
    ask(page, "[[tokens=20]] What does this cost?")
    expect(page.get_by_test_id("budget-line")).to_have_attribute("data-kind", "refused")
    expect(page.get_by_test_id("chat-input")).to_have_value("[[tokens=20]] What does this cost?")
    expect(page.get_by_test_id("message")).to_have_count(0)
    page.locator(f"[data-testid=budget-instead][data-model={CHEAP}]").click()
    expect(page.locator("[data-role=assistant][data-status=done]")).to_be_visible()
    expect(page.get_by_test_id("chat-input")).to_have_value("")
    expect(page.get_by_test_id("budget-line")).to_have_count(0)

    page.goto(f"{product.url}/account/usage")
    mine = page.locator(f"[data-testid=usage-row][data-key={CHEAP}]")
    expect(mine).to_be_visible()
    expect(page.get_by_test_id("usage-chart")).to_be_visible()
    expect(page.locator("[data-testid=budget-row][data-name=Tight]")).to_be_visible()

    page.goto(f"{product.url}/admin/usage")
    expect(page.locator("[data-testid=stat][data-metric=calls]")).to_have_attribute("data-value", re.compile(r"[1-9]"))
    page.get_by_test_id("usage-view").select_option("model")
    expect(page.locator(f"[data-testid=usage-row][data-key={CHEAP}]")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_test_id("usage-export").click()
    table = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert "Ada Lovelace" in {row["person"] for row in rows if row["model"] == CHEAP}
    assert any(row["model"] == CHEAP and float(row["cost"]) > 0 and row["currency"] == "USD" for row in rows)

    budget.get_by_test_id("budget-delete").click()
    page.get_by_test_id("budget-delete-confirm").click()
    expect(budget).to_have_count(0)
