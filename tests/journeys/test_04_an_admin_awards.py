"""One admin proposes, another signs; winners are public, hours are reported, a release is proved and accepted."""

import pytest

from challenge.commands.demo import aftermath
from challenge.commands.demo.story import Stage
from tests.journeys.conftest import Walker

pytestmark = pytest.mark.browser


def test_two_admins_decide(walker: Walker, stage: Stage) -> None:
    stage.at(2026, 6, 12, 9)
    walker.sign_in("olga")
    assert walker.says("Every finalist of “Large AI Grand Challenge 2026” has its consensus; propose the decision.")
    walker.go("/calls/lagc-2026/awards")
    walker.press("Propose a decision", role="link")
    walker.press("Compute and propose")
    assert walker.page.get_by_role("button", name="Sign the decision").is_disabled()
    walker.page.context.clear_cookies()
    walker.sign_in("henrik")
    walker.go("/calls/lagc-2026/awards")
    walker.press("Decision 1", role="link")
    walker.press("Sign the decision")
    assert walker.says("The decision is signed and public; every team has been told.")
    walker.page.context.clear_cookies()
    walker.go("/")
    assert walker.says("Northlight Models (FI), EUR 250,000")
    walker.press("See how the winners were found in Large AI Grand Challenge 2026", role="link")
    assert walker.says("How it was found, step by step")


def test_hours_and_the_release(walker: Walker, stage: Stage) -> None:
    aftermath.using(stage)
    walker.sign_in("northlight")
    walker.press("See your award", role="link")
    assert walker.says("30% used.")
    walker.page.context.clear_cookies()
    walker.sign_in("olga")
    walker.press("Northlight Models says its release is done; look at the proof.", role="link")
    walker.press("Accept the proof")
    assert walker.says("The release is accepted and stands on the public page.")
    for path in (
        "/calls/lagc-2026/manage",
        "/calls/lagc-2026/panel",
        "/calls/new",
        "/people",
        "/runs",
        "/runs/rejudge",
    ):
        walker.go(path)
    for path in ("/compliance", "/compliance/lagc-2026-0008", "/calls/lagc-2026/teams", "/calls/lagc-2026/submissions"):
        walker.go(path)


def test_a_decision_on_a_licence_takes_two_officers(walker: Walker) -> None:
    walker.sign_in("olga")
    walker.go("/compliance/lagc-2026-0008")
    walker.page.get_by_label("Non-compliant: it cannot win as it is").check()
    walker.write("Reason", "The text in the package forbids a field of use, as line by line is marked above.")
    walker.press("Propose the decision")
    assert walker.says("It takes effect when another admin confirms it.")
    assert walker.says("You proposed this decision; another admin has to confirm it or turn it down.")
    walker.go("/compliance")
    assert walker.says("another admin; you proposed it")
    walker.page.context.clear_cookies()
    walker.sign_in("henrik")
    walker.press("Decisions on licences that wait for your confirmation: 1.", role="link")
    walker.press("lagc-2026-0008", role="link")
    walker.press("Turn the proposal down")
    assert walker.says("Say why not.")
    walker.write("Why not", "The team has mended the text since; look at the newer scan first.")
    walker.press("Turn the proposal down")
    assert walker.says("The proposal is turned down, on record; what was in force stays so.")
    walker.page.get_by_text("Examine the package again").click()
    walker.write("Why again", "The policy of today is newer than the scan.")
    walker.press("Examine again")
    assert walker.says("waits for its turn; until it ends, the one before counts.")
