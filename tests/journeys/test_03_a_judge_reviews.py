"""A judge declares before anything is shown, reviews, and never meets an entry in conflict; then the panel agrees."""

import pytest

from challenge.commands.demo import aftermath
from challenge.commands.demo.story import Stage
from tests.journeys.conftest import Walker

pytestmark = pytest.mark.browser


def _open_all(walker: Walker) -> None:
    """Open everything that is folded away, and look at that too."""
    walker.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    walker.look()


def _declare_none(walker: Walker, team: str) -> None:
    walker.go("/judging/lagc-2026")
    card = walker.page.locator("ul.cards > li").filter(has_text=team)
    card.locator("input[name$=conflict][value=no]").check()
    card.get_by_role("button").first.click()
    walker.look()


def test_a_judge_declares_and_reviews(walker: Walker, stage: Stage) -> None:
    stage.at(2026, 5, 8, 9)
    walker.sign_in("sorcha")
    walker.go("/judging/lagc-2026")
    assert not walker.says("Support vector machines")
    _declare_none(walker, "Northlight Models")
    walker.go("/judging/lagc-2026/lagc-2026-0001")
    assert walker.says("Support vector machines")
    for criterion in ("excellence", "impact", "implementation"):
        walker.page.locator(f"[name=halves_{criterion}]").select_option("8")
    walker.press("Submit the review")
    assert walker.says("This cannot be accepted yet.")
    assert walker.says("What you wrote is kept as a draft")
    walker.write("Strengths of the entry as a whole", "Every step from the data to the score can be followed.")
    walker.write("Weaknesses of the entry as a whole", "The risks of the second half of the year are not named.")
    walker.page.get_by_label("How near the entry is to your own field").select_option("3")
    for criterion in ("excellence", "impact", "implementation"):
        walker.page.locator(f"[name=comments_{criterion}]").fill(
            "Sound, and its limits are stated; the plan is credible."
        )
    walker.press("Submit the review")
    walker.go("/judging/lagc-2026/lagc-2026-0001")
    assert walker.says("Version 1,")


def test_a_draft_is_kept_while_it_is_being_written(walker: Walker, stage: Stage) -> None:
    stage.at(2026, 5, 8, 9, 30)
    walker.sign_in("sorcha")
    _declare_none(walker, "Danube Data")
    walker.go("/judging/lagc-2026/lagc-2026-0003")
    _open_all(walker)
    walker.page.locator("[name=strengths]").fill("Kept without a button.")
    walker.page.locator("#draft-said").get_by_text("Draft kept at").wait_for()
    walker.page.context.clear_cookies()
    walker.page.locator("[name=strengths]").fill("Kept without a button. And this was typed after signing out.")
    walker.page.locator("#draft-said").get_by_text("Not kept just now").wait_for()
    walker.press("Keep as a draft")
    assert walker.says("You were signed out while you wrote")
    assert "after signing out" in walker.page.locator("[name=strengths]").input_value()
    walker.sign_in("sorcha")
    walker.go("/judging/lagc-2026/lagc-2026-0003")
    assert walker.page.locator("[name=strengths]").input_value() == "Kept without a button."


def test_a_review_is_written_without_scripts_and_by_keyboard(plain_walker: Walker, stage: Stage) -> None:
    stage.at(2026, 5, 8, 9, 40)
    plain_walker.sign_in("sorcha")
    plain_walker.go("/judging/lagc-2026/lagc-2026-0003")
    plain_walker.page.locator("[name=weaknesses]").focus()
    plain_walker.page.keyboard.type("Typed without a script.")
    for _ in range(3):  # over the confidence and the first button to the one that keeps a draft
        plain_walker.page.keyboard.press("Tab")
    with plain_walker.page.expect_navigation():
        plain_walker.page.keyboard.press("Enter")
    assert plain_walker.says("Your draft is kept; only you see it.")
    assert plain_walker.page.locator("[name=weaknesses]").input_value() == "Typed without a script."


def test_an_entry_in_conflict_is_not_there(walker: Walker, stage: Stage) -> None:
    stage.at(2026, 5, 8, 10)
    walker.sign_in("ines")
    walker.go("/judging/lagc-2026")
    assert walker.says("The platform found a conflict:")
    answer = walker.page.goto(walker.site + "/judging/lagc-2026/lagc-2026-0002")
    assert answer is not None
    assert answer.status in {403, 404}
    assert not walker.says("Linear models")


def test_the_panel_agrees(walker: Walker, stage: Stage) -> None:
    aftermath.reviewing(stage)
    walker.sign_in("judith")
    walker.go("/judging/lagc-2026/table")
    assert walker.says("Danube Data")
    assert walker.says("Judges beside the panel")
    _open_all(walker)
    walker.go("/judging/lagc-2026/lagc-2026-0001")
    assert walker.says("How the scores are spread")
    assert walker.says("other rules of comparison")
    _open_all(walker)
    walker.go("/judging/lagc-2026/outlook")
    assert walker.says("as the call declares")
    assert walker.says("How stable this is")
    _open_all(walker)
    walker.page.get_by_label("Weight of the board").press("ArrowRight")
    walker.press("Show")
    assert walker.says("the call declares 0.5")
    walker.page.context.clear_cookies()
    walker.sign_in("ines")
    walker.go("/judging/lagc-2026/table")
    assert not walker.says("Lisbon Language Lab")


def test_the_weight_moves_without_scripts(plain_walker: Walker, stage: Stage) -> None:
    aftermath.reviewing(stage)
    plain_walker.sign_in("judith")
    plain_walker.go("/judging/lagc-2026/outlook")
    plain_walker.page.get_by_label("Weight of the board").focus()
    plain_walker.page.keyboard.press("Home")
    plain_walker.press("Show")
    assert plain_walker.says("Shown at 0;")


def test_the_office_has_an_assignment_proposed(walker: Walker, stage: Stage) -> None:
    aftermath.reviewing(stage)
    walker.sign_in("olga")
    walker.go("/calls/lagc-2026/panel")
    walker.press("Propose an assignment", role="link")
    walker.write("Reviews of each entry", "2")
    walker.press("Propose")
    assert walker.says("Proposed assignment")
    _open_all(walker)
