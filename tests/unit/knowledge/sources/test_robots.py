"""What robots.txt allows, by the rules and examples of RFC 9309."""

import pytest

from convosphere.knowledge.sources.robots import read_rules

RULES = """
User-agent: Other
User-agent: convosphere # us, in small letters
Disallow: /private
Allow: /private/open
Disallow: /*.cgi$
Disallow: /*/draft*/x
Crawl-delay: 2.5

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/a", False),
        ("/private/open/b", True),
        ("/run.cgi", False),
        ("/run.cgi?x", True),
        ("/a/drafts/x", False),
        ("/draft/x", True),
    ],
)
def test_the_longest_rule_decides(path: str, *, allowed: bool) -> None:
    rules = read_rules(RULES, "ConvoSphere")
    assert rules.allows(path) is allowed
    assert rules.delay_seconds == 2.5


def test_whoever_is_not_named_follows_the_rules_for_all() -> None:
    assert not read_rules(RULES, "Somebody").allows("/")
    assert read_rules("User-agent: Other\nDisallow: /", "ConvoSphere").allows("/")
    assert read_rules("\ufeff<html>nothing of the kind", "ConvoSphere").allows("/x")


def test_patterns_of_strangers_cost_no_time() -> None:
    pattern = "/" + "*a" * 400 + "$"
    assert read_rules(f"User-agent: *\nDisallow: {pattern}", "ConvoSphere").allows("/" + "a" * 1_500 + "b")
