"""A recording in the browser: it waits for a model, is written down by itself, plays where it is clicked and cited."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_knowledge import READY_MS
from tests.fixtures.recordings import make_wav
from tests.provider.fixtures import RunningProvider, start_provider

TALK = make_wav(*((1.5, 1.0), (0.5, 0.0)) * 30)
"""A minute, of which the provider makes a sentence every two seconds: two passages."""


@pytest.fixture(scope="module")
def ears() -> Iterator[RunningProvider]:
    """A server of models, one of which listens."""
    with start_provider(("whisper-1", "test-echo")) as running:
        yield running


def offer_model(page: Page, server: RunningProvider, name: str, purpose: str, paid: str) -> None:
    """Connect a server, set what a unit costs, and choose its model for a purpose, as an administrator does."""
    provider = f"For {purpose}"
    page.goto("/admin/models")
    page.get_by_test_id("provider-new").click()
    page.get_by_test_id("provider-kind").select_option("compatible")
    page.get_by_test_id("provider-url").fill(server.url)
    page.get_by_test_id("provider-name").fill(provider)
    page.get_by_test_id("provider-key").fill("test-key")
    page.get_by_test_id("provider-save").click()
    page.locator(f'[data-testid=discover-row][data-name="{name}"]').get_by_test_id("discover-choose").click()
    page.get_by_test_id("discover-offer").click()
    model = f"for-{purpose}/{name}"
    offered = page.locator(f'[data-testid=model-row][data-model="{model}"]')
    offered.get_by_test_id("model-open").click()
    page.get_by_test_id("price-source").select_option("own")
    page.get_by_test_id("price-unit").fill("0,006")
    page.get_by_test_id("price-save").click()
    expect(offered).to_contain_text(paid)
    chosen = page.locator(f"[data-testid=default-model][data-purpose={purpose}]")
    chosen.select_option(model)
    expect(chosen).to_have_value(model)


def expect_played_from(page: Page, second: int) -> None:
    """The player stands at a second, or plays from there, and the words of that second are marked."""
    is_there = f"() => Math.abs(document.querySelector('[data-testid=recording-player]')?.currentTime - {second}) < 2"
    page.wait_for_function(is_there)
    expect(page.locator(f'[data-testid=spoken-line][data-begins="{second}"]')).to_have_attribute("aria-current", "true")


def test_a_recording_is_written_down_played_and_cited(page: Page, ears: RunningProvider) -> None:
    page.get_by_test_id("nav-knowledge").click()
    file = {"name": "Owls.wav", "mimeType": "audio/wav", "buffer": TALK}
    page.get_by_test_id("upload-input").set_input_files(file)
    row = page.locator('[data-testid=document-row][data-name="Owls.wav"]')
    expect(row).to_have_attribute("data-status", "failed", timeout=READY_MS)
    expect(row).to_contain_text("choose a model for speech")
    offer_model(page, ears, "whisper-1", "speech", "$0.006 for a minute")
    page.get_by_test_id("nav-knowledge").click()
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)

    row.get_by_test_id("document-open").click()
    expect(page.get_by_test_id("spoken-line")).to_have_count(30)
    page.wait_for_function("() => document.querySelector('[data-testid=recording-player]').readyState > 0")
    # Else it might move on before one looks.
    page.evaluate("document.querySelector('[data-testid=recording-player]').playbackRate = 0.0625")
    page.locator('[data-testid=spoken-line][data-begins="40"]').click()
    expect_played_from(page, 40)
    page.get_by_test_id("spoken-time").first.press("Enter")
    expect_played_from(page, 0)
    page.get_by_test_id("document-side-text").click()
    expect(page.get_by_test_id("passage-time").first).to_have_text("0:00")

    page.goto("/chat")
    page.get_by_test_id("chat-input").fill("What is talked about at second 56 of this piece, owls?")
    page.get_by_test_id("chat-send").click()
    answer = page.locator("[data-testid=message][data-role=assistant]").last
    expect(answer).to_have_attribute("data-status", "done")
    answer.get_by_test_id("citation").first.click()
    told = page.get_by_test_id("passage-whereabouts")
    expect(told).to_contain_text(re.compile(r"At \d:\d\d"))
    minutes, seconds = re.findall(r"(\d):(\d\d)", told.inner_text())[0]
    page.get_by_test_id("passage-open").click()
    expect_played_from(page, 60 * int(minutes) + int(seconds))
