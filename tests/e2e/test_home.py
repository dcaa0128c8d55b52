"""Home and the bell: one comes in, asks, goes elsewhere, and is told that the answer is there."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Product, ask


def test_an_answer_is_told_to_who_went_elsewhere(page: Page, product: Product) -> None:
    page.get_by_test_id("nav-home").click()
    expect(page.get_by_test_id("home-usage")).to_be_visible()
    ask(page, "[[tokens=40 hold_every=20]] Which owls are there tonight?")
    page.wait_for_url(re.compile(r"/chat/.+"))
    expect(page.locator("[data-testid=message][data-role=user]")).to_contain_text("Which owls are there tonight?")
    address = "/chat/" + page.url.rpartition("/")[2]
    way = f"a[href='{address}']"
    page.get_by_test_id("nav-home").click()
    expect(page.get_by_test_id("home-recent").locator(way)).to_be_visible()
    product.provider.go_on()
    expect(page.get_by_test_id("notifications-count")).to_be_visible()
    page.get_by_test_id("notifications-open").click()
    told = page.locator("[data-testid=notification-row][data-kind=answer_ready]", has=page.locator(way))
    expect(told).to_have_attribute("data-read", "false")
    told.get_by_test_id("notification-open").click()
    page.wait_for_url(f"**{address}")
    expect(page.get_by_test_id("notification-row")).to_have_count(0)
    page.get_by_test_id("notifications-open").click()
    expect(told).to_have_attribute("data-read", "true")
