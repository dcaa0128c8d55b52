"""From the address to a chat that one can write in, with nothing cached."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request

from bench.browser import new_context, wait_until_usable
from bench.figures import Figure, spread
from bench.product import Product, founded_product, running_provider
from deploy.browser import open_browser

LOADS = 9


@dataclass
class Traffic:
    """What one load asked for; sizes are those on the wire, compressed."""

    sizes: dict[str, int] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    requests: int = 0

    def take(self, request: Request) -> None:
        """Count a request that is done."""
        self.requests += 1
        self.hosts.add(urlsplit(request.url).netloc)
        size = request.sizes()["responseBodySize"]
        self.sizes[request.resource_type] = self.sizes.get(request.resource_type, 0) + size


def measure() -> Iterator[Figure]:
    """Load the chat again and again, each time in a fresh profile."""
    with running_provider() as provider, founded_product(provider) as product, open_browser() as browser:
        loads = [_load(browser, product) for _ in range(LOADS + 1)][1:]
    traffic = loads[-1][1]
    scripts, styles = traffic.sizes.get("script", 0), traffic.sizes.get("stylesheet", 0)
    yield Figure(
        "load → usable chat", spread([usable for usable, _ in loads]), "≤ 700 ms", f"{LOADS} loads, empty cache"
    )
    yield Figure(
        "JavaScript + CSS, compressed",
        f"{(scripts + styles) / 1000:.0f} kB",
        "≤ 600 kB",
        f"{scripts / 1000:.0f} + {styles / 1000:.0f} kB",
    )
    yield Figure("requests", str(traffic.requests), "≤ 40", "")
    foreign = traffic.hosts - {urlsplit(product.address).netloc}
    yield Figure("foreign hosts", ", ".join(sorted(foreign)) or "none", "none")


def _load(browser: Browser, product: Product) -> tuple[float, Traffic]:
    context = new_context(browser, product)
    try:
        page = context.new_page()
        done: list[Request] = []
        page.on("requestfinished", lambda request: done.append(request))  # noqa: PLW0108  # It must be a function.
        page.goto(f"{product.address}/chat")
        usable = wait_until_usable(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)  # What is loaded lazily, right after the page.
        traffic = Traffic()
        for request in done:
            traffic.take(request)
        return usable, traffic
    finally:
        context.close()
