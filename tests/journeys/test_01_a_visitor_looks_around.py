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


def test_a_board_is_sorted_by_the_head_of_a_column_without_scripts(plain_walker: Walker) -> None:
    plain_walker.go("/boards/1")
    first = plain_walker.page.locator("table.board tbody th").first.inner_text()
    plain_walker.press("Points", role="link")
    assert plain_walker.says("Sorted by points, downwards; the rank is as it was computed.")
    plain_walker.press("Points", role="link")
    assert plain_walker.says("Sorted by points, upwards")
    assert plain_walker.page.locator("table.board tbody th").first.inner_text() != first
    plain_walker.press("Sort by rank again", role="link")
    assert plain_walker.page.locator("table.board tbody th").first.inner_text() == first


def test_the_heads_of_columns_are_reached_by_keyboard_and_say_their_order(walker: Walker) -> None:
    walker.go("/boards/1")
    walker.page.get_by_role("link", name="Team", exact=True).focus()
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    walker.look()
    assert walker.page.locator("th[aria-sort=ascending]").inner_text().startswith("Team")
    assert walker.says("Sorted by team, upwards")


def test_two_entries_are_compared(walker: Walker) -> None:
    walker.go("/boards/1")
    walker.press("Compare any two entries", role="link")
    walker.page.get_by_label("First entry").select_option(index=1)
    walker.page.get_by_label("Second entry").select_option(index=3)
    walker.press("Compare")
    assert walker.says("Can they be told apart?")
    assert walker.page.locator("td.heat").count() == 8
    assert walker.says("Paired permutation test")


def test_two_entries_are_compared_without_scripts(plain_walker: Walker) -> None:
    plain_walker.go("/boards/2")
    plain_walker.press("Compare any two entries", role="link")
    plain_walker.page.get_by_label("First entry").select_option(index=1)
    plain_walker.page.get_by_label("Second entry").select_option(index=1)
    plain_walker.press("Compare")
    assert plain_walker.says("choose two different ones")


def test_other_choices_shut_nobody_out(walker: Walker) -> None:
    walker.go("/boards/1")
    walker.press("Had the call been written otherwise", role="link")
    assert walker.says("Under other rules")


def test_other_choices_are_read_without_scripts(plain_walker: Walker) -> None:
    plain_walker.go("/boards/1")
    plain_walker.press("Had the call been written otherwise", role="link")
    assert plain_walker.says("None of this decides anything")
    assert plain_walker.says("of 10 rules")
    assert plain_walker.page.locator("svg.progress").count() > 0


def test_how_places_moved_shuts_nobody_out(walker: Walker) -> None:
    walker.go("/boards/1")
    walker.press("How places moved between the public and the private part", role="link")
    assert walker.says("What it means")
    assert walker.page.locator("svg.slope g").count() == walker.page.locator("table.board tbody tr").count()
    walker.press("Largest moves first", role="link")
    assert walker.says("Largest moves first. By private rank")


def test_how_places_moved_is_read_without_scripts(plain_walker: Walker) -> None:
    plain_walker.go("/boards/2")
    plain_walker.press("How places moved between the public and the private part", role="link")
    assert plain_walker.says("Kendall’s τ")


def test_an_entry_tells_how_it_fared(walker: Walker) -> None:
    walker.go("/boards/1")
    walker.page.locator("table.board tbody th a").first.click()
    walker.page.wait_for_load_state()
    walker.look()
    assert walker.says("Task by task")
    assert walker.says("Through the versions")
    assert not walker.says("Other submissions of this team")
