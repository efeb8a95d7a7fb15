"""A start-up signs up, founds a team, hands in, mends what is wrong, and reads its result; once with JavaScript, once without."""

import re

import pytest

from challenge.commands.demo.models import as_csv, train
from challenge.commands.demo.packages import pack
from challenge.commands.demo.story import Stage
from tests.journeys.conftest import Walker, upload

pytestmark = pytest.mark.browser
PASSWORD = "nine calm harbours"


def hand_in(walker: Walker, predictions: bytes, package: bytes) -> None:
    """Fill in the submission form and send it."""
    walker.write("Title", "Linear models")
    walker.write("Abstract", "Linear models with little regularisation, to see how far they carry.")
    walker.page.get_by_label(re.compile("^Predictions")).set_input_files([upload("predictions.csv", predictions)])
    walker.page.get_by_label(re.compile("^Package")).set_input_files([upload("package.zip", package)])
    walker.page.locator("input[name=route][value=weights]").check()
    walker.write("Licence of what you release", "MIT")
    walker.write("Hours on LUMI", "1,000")
    walker.page.locator("input[name=confirmed]").check()
    walker.press("Submit")


def found_team(walker: Walker, person: str, team: str) -> None:
    """Sign up and found a team in the practice call."""
    walker.go("/sign-up")
    walker.write("Name", person)
    walker.write("Address", f"{person.split()[0].lower()}@newcomer.example")
    walker.write("Password", PASSWORD)
    walker.press("Sign up")
    assert walker.says("You are in no team yet.")
    walker.go("/calls/practice")
    walker.go("/calls/practice/enter")
    walker.write("Name of the organisation", team)
    walker.page.get_by_label(re.compile("^Country of establishment")).select_option("SI")
    walker.page.get_by_label(re.compile("^Country of control")).select_option("SI")
    walker.write("Founded in", "2023")
    walker.write("Persons", "12")
    walker.write("Turnover in euros", "800,000")
    walker.write("Balance sheet total in euros", "450,000")
    walker.write("Evidence of experience", "Trained a speech model of 2 billion parameters on 90,000 GPU-hours.")
    walker.page.locator("main form.sheet button[type=submit]").first.click()
    walker.look()
    assert walker.says(team)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_sign_up_to_the_result(walker: Walker, plain_walker: Walker, stage: Stage, scripts: bool) -> None:
    walker = walker if scripts else plain_walker
    person, team = ("Brina Kos", "Soča Speech") if scripts else ("Cene Vidmar", "Drava Dialogue")
    model = train("linear")
    package = pack(name=team, recipe="Linear models", weights=model.weights, declared="MIT", text="MIT")
    found_team(walker, person, team)
    walker.page.locator("form[action$='/honour'] button").click()
    walker.look()

    rows = list(model.rows)
    rows[3] = (rows[3][0], rows[3][1], "eleven")
    walker.go("/calls/practice/submit")
    hand_in(walker, as_csv(rows), package)
    assert "/receipt" in walker.page.url
    stage.work()
    walker.go("/desk")
    assert walker.says("could not be read; see which rows, and hand in again.")
    walker.page.locator("ul.tasks a").filter(has_text="could not be read").click()
    walker.look()
    assert walker.says("Line 5, column prediction: 'eleven' is no label of task digits")

    walker.go("/calls/practice/submit")
    hand_in(walker, as_csv(model.rows), package)
    reference = walker.page.url.split("/submissions/")[1].split("/")[0]
    stage.work()
    walker.go(f"/submissions/{reference}")
    walker.go(f"/compliance/{reference}")
    assert walker.says("compliant")
    walker.go("/desk")
    assert walker.says("49 Hand in")  # the unreadable one was given back
    walker.page.get_by_role("link", name=re.compile(f"Evaluation of {reference}")).click()
    walker.look()
    assert walker.says("scored")
    walker.go("/account")


def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(walker: Walker) -> None:
    walker.sign_in("northlight")
    walker.go("/calls/practice/enter")
    walker.write("Name of the organisation", "Northlight Models")
    walker.page.locator("main form.sheet button[type=submit]").first.click()
    walker.look()
    assert walker.says("This cannot be accepted yet.")
    assert walker.page.get_by_label(re.compile("^Name of the organisation")).input_value() == "Northlight Models"


def test_a_keyboard_alone_signs_somebody_in(walker: Walker) -> None:
    walker.go("/sign-in")
    walker.page.get_by_label(re.compile("^Address")).focus()
    walker.page.keyboard.type("northlight@northlight.example")
    walker.page.keyboard.press("Tab")
    walker.page.keyboard.type("demonstration only")
    walker.page.keyboard.press("Enter")
    walker.page.wait_for_url("**/desk")
    walker.look()
    assert walker.says("Northlight Models")
