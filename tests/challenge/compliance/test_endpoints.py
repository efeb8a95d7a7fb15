"""Of a model behind an endpoint nothing can be seen, and the licence check never passes it by silence."""

import pytest

from challenge.calls.states import EntryKind
from challenge.compliance.states import LicenceVerdict
from challenge.submissions.states import Route
from tests.challenge.compliance.packages import Bureau, codes, package, sentences
from tests.evaluation.publications.serving import serving

ENDPOINT = {"url": "https://models.example/v1", "model": "alder-7b", "route": "chat"}
AN_ENDPOINT: dict[str, object] = {
    "entry": EntryKind.ENDPOINT, "endpoint": ENDPOINT, "predictions_sha256": None, "predictions_name": "",
    "predictions_size": 0,
}  # fmt: skip


def test_without_a_package_it_needs_review_and_says_what_it_cannot_check(bureau: Bureau) -> None:
    found = bureau.examined(None, **AN_ENDPOINT)
    assert found.verdict is LicenceVerdict.NEEDS_REVIEW
    assert codes(found) == ["ENDPOINT_UNSEEN"]
    assert "the model behind https://models.example/v1 has no package here" in sentences(found)
    assert found.ai_act_exempt is None


def test_a_sound_package_does_not_vouch_for_the_endpoint(bureau: Bureau) -> None:
    found = bureau.examined(package(), **AN_ENDPOINT)
    assert found.verdict is LicenceVerdict.NEEDS_REVIEW
    assert codes(found)[0] == "ENDPOINT_UNSEEN"
    assert "nothing shows that https://models.example/v1 serves what is in it" in sentences(found)
    assert found.ai_act_exempt is None


def test_what_is_wrong_in_its_package_stays_wrong(bureau: Bureau) -> None:
    found = bureau.examined(b"PK\x03\x04 no zip", **AN_ENDPOINT)
    assert found.verdict is LicenceVerdict.NON_COMPLIANT


@pytest.mark.parametrize(
    ("doi", "verdict"),
    [("10.5281/zenodo.1234567", LicenceVerdict.BY_PUBLICATION), ("", LicenceVerdict.NEEDS_REVIEW)],
)
def test_a_publication_does_not_hang_on_weights(bureau: Bureau, doi: str, verdict: LicenceVerdict) -> None:
    article = {"title": "A", "author": [{"literal": "Alder Models"}], "issued": {"date-parts": [[2026, 5, 2]]}}
    with serving({"10.5281/zenodo.1234567": article}) as served:
        submission = bureau.submission(None, route=Route.PUBLICATION, doi=doi, **AN_ENDPOINT)
        bureau.asked(submission)
        assert bureau.examine_next(served.registry)
    found = bureau.examination(submission)
    assert found.verdict is verdict
    assert codes(found)[0] == "ENDPOINT_UNSEEN"
