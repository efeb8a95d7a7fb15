"""An admin brings a bundle of another platform, by keyboard and without scripts too, and makes a draft call of it."""

import hashlib

import pytest

from challenge.calls.importing.reports import Fate
from challenge.calls.importing.writing import write_call
from tests.challenge.calls.importing.staging_bundles import ROOMS, filled, read, zip_of
from tests.journeys.conftest import Walker, upload

pytestmark = pytest.mark.browser

RIVERS = ROOMS["CodaLab v1.5"]["full"]
LONG = {**RIVERS, "a" * 200 + ".txt": "x", "competition.yaml": RIVERS["competition.yaml"] + "k" * 120 + ": v\n"}


def bring(walker: Walker, files: dict[str, str]) -> None:
    """Bring a bundle, from the page where calls are imported on."""
    walker.go("/calls/new")
    walker.press("Import its bundle", role="link")
    walker.page.get_by_label("Bundle").set_input_files(upload("rivers.zip", zip_of(files)))  # type: ignore[arg-type]
    walker.press("Read it")


def test_a_bundle_becomes_a_draft(walker: Walker) -> None:
    walker.sign_in("olga")
    bring(walker, LONG)
    assert walker.says("Nothing contradicts itself, and every date names an instant.")
    walker.press("Make the draft call")
    assert walker.says("The file cannot be imported yet")
    draft = read(RIVERS).draft
    assert draft is not None
    walker.write("Call file", filled(write_call(draft, original="0" * 64)))
    walker.press("Make the draft call")
    assert walker.says("The rules are in: version 1, a draft. Add the suites next.")
    walker.press("the bundle rivers.zip", role="link")
    assert walker.says("The bundle of Old Rivers")
    assert walker.says(f"Not carried over: {len(read(LONG).report.rows_of(Fate.LEFT))}")
    with walker.page.expect_download() as given:
        walker.page.get_by_role("link", name="rivers.zip", exact=True).click()
    assert walker.says(hashlib.sha256(given.value.path().read_bytes()).hexdigest())


def test_everything_folded_can_be_unfolded_by_keyboard_and_shuts_nobody_out(walker: Walker) -> None:
    walker.sign_in("olga")
    bring(walker, LONG)
    folded = walker.page.locator("details:not([open]) > summary")
    names = folded.all_inner_texts()
    assert "Carried over: " in " ".join(names)
    for _ in names:
        folded.first.focus()
        walker.page.keyboard.press("Enter")
    assert folded.count() == 0
    walker.look()


def test_a_bundle_with_errors_says_what_to_mend_without_scripts(plain_walker: Walker) -> None:
    plain_walker.sign_in("olga")
    text = RIVERS["competition.yaml"].replace("2026-03-29T00:59:00Z", "2026-03-29")
    bring(plain_walker, {**RIVERS, "competition.yaml": text})
    assert plain_walker.says("'2026-03-29' has no time of day.")
    assert plain_walker.says("No draft can be made yet: 1 thing to mend.")


def test_a_page_with_errors_shuts_nobody_out(walker: Walker) -> None:
    walker.sign_in("olga")
    bring(walker, {**LONG, "competition.yaml": LONG["competition.yaml"].replace("sort: asc", "sort: sideways")})
    assert walker.says("'sideways' is neither asc nor desc.")
    bring(walker, {"note.txt": "nothing"})
    assert walker.says("This is none of the bundles that can be read")
