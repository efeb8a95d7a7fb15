"""A judge declares before anything is shown, reviews, and never meets an entry in conflict; then the panel agrees."""

import pytest

from challenge.commands.demo import aftermath
from challenge.commands.demo.story import Stage
from tests.journeys.conftest import Walker

pytestmark = pytest.mark.browser


def test_a_judge_declares_and_reviews(walker: Walker, stage: Stage) -> None:
    stage.at(2026, 5, 8, 9)
    walker.sign_in("sorcha")
    walker.go("/judging/lagc-2026")
    assert not walker.says("Support vector machines")
    card = walker.page.locator("ul.cards > li").filter(has_text="Northlight Models")
    card.locator("input[name$=conflict][value=no]").check()
    card.get_by_role("button").first.click()
    walker.look()
    walker.go("/judging/lagc-2026/lagc-2026-0001")
    assert walker.says("Support vector machines")
    for criterion in ("excellence", "impact", "implementation"):
        walker.page.locator(f"[name=halves_{criterion}]").select_option("8")
    walker.press("Submit the review")
    assert walker.says("This cannot be accepted yet.")
    for criterion in ("excellence", "impact", "implementation"):
        walker.page.locator(f"[name=comments_{criterion}]").fill(
            "Sound, and its limits are stated; the plan is credible."
        )
    walker.press("Submit the review")
    walker.go("/judging/lagc-2026/lagc-2026-0001")
    assert walker.says("Version 1,")


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
    walker.page.context.clear_cookies()
    walker.sign_in("ines")
    walker.go("/judging/lagc-2026/table")
    assert not walker.says("Lisbon Language Lab")
