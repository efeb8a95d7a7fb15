"""A visitor reads the call, the boards and the rules, and is not shown what is not for visitors."""

import pytest

from tests.journeys.conftest import Walker

pytestmark = pytest.mark.browser


def test_the_front_page_leads_to_the_call_and_its_boards(walker: Walker) -> None:
    walker.go("/")
    assert walker.says("Large AI Grand Challenge")
    assert walker.says("EUR 1,000,000")
    walker.press("Large AI Grand Challenge 2026", role="link")
    assert walker.says("8,000,000") or walker.says("4,000,000")
    walker.go("/calls/lagc-2026/rules")
    walker.go("/calls/lagc-2026/boards")
    assert walker.says("private part")


def test_every_public_board_shows_its_uncertainty(walker: Walker) -> None:
    walker.go("/calls/lagc-2026/boards")
    boards = walker.page.eval_on_selector_all(
        "main a[href^='/boards/']", "links => links.map(l => l.getAttribute('href'))"
    )
    plain = sorted({address for address in boards if address.count("/") == 2 and "." not in address})
    assert len(plain) == 2
    for address in plain:
        walker.go(address)
        assert walker.page.locator("svg.interval").count() > 5
        assert walker.says("Lisbon Language Lab")


def test_what_is_not_for_visitors_asks_them_to_sign_in(walker: Walker) -> None:
    for path in ("/desk", "/audit", "/compliance", "/runs", "/people", "/judging/lagc-2026"):
        walker.go(path)
        assert "/sign-in" in walker.page.url


def test_the_skip_link_is_the_first_thing_a_keyboard_finds(walker: Walker) -> None:
    walker.go("/")
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    walker.page.keyboard.press("Enter")
    assert walker.page.url.endswith("#content")
