"""A licence whose text is not in the index is never taken for an open one: tried with every AI licence left out."""

from array import array
from collections import Counter
from dataclasses import replace

import pytest

from evaluation.licences import Match, known_texts
from evaluation.licences.texts.decoding import plain_lines
from evaluation.licences.texts.detection import texts_in
from evaluation.licences.texts.index import Index, known
from evaluation.licences.texts.templates import TemplateKind
from evaluation.licences.texts.words import words_of


@pytest.fixture(scope="module")
def without_models() -> Index:
    """Return the index without the texts of AI licences."""
    index = known()
    left_out = {place for place, one in enumerate(index.templates) if one.kind is TemplateKind.MODEL}
    kept = [place for place, owner in enumerate(index.owners) if owner not in left_out]
    owners = array("H", [index.owners[place] for place in kept])
    counts = Counter(owners)
    return replace(
        index,
        keys={key: owner for key, owner in index.keys.items() if owner not in left_out},
        hashes=array("I", [index.hashes[place] for place in kept]),
        owners=owners,
        places=array("H", [index.places[place] for place in kept]),
        shingle_counts=[counts[place] for place in range(len(index.templates))],
    )


# Apple's sample licence is in the SPDX list under another name, and truly that licence.
ALSO_SPDX = {"LicenseRef-apple-sample"}


@pytest.mark.parametrize("spdx", sorted(name for name in known_texts() if name.startswith("LicenseRef-")))
def test_an_ai_licence_that_is_left_out_is_never_found_unchanged(spdx: str, without_models: Index) -> None:
    lines = plain_lines(known_texts()[spdx])
    found = texts_in(lines, words_of(lines), file="LICENSE", index=without_models)
    unchanged = [one.ids for one in found if one.match in {Match.EXACT, Match.VARIED}]
    assert unchanged == [] or spdx in ALSO_SPDX
