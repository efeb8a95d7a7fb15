"""A bundle gives the same bytes every time, and one changed number in it is found and named."""

import contextlib
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn_from
from hypothesis import strategies as st

from leaderboards import (
    BundleError,
    Candidate,
    Criterion,
    CriterionScore,
    Gate,
    HoursSplit,
    Mark,
    MoneySplit,
    Policy,
    Reviews,
    ScoreTable,
    SelectionRules,
    ShortlistRules,
    StabilityPlan,
    TaskPolicy,
    Unranked,
    choose_winners,
    composite_spread,
    rank,
    shortlist,
    stability,
    verify_bundle,
    weights_above,
    write_bundle,
)  # fmt: skip
from leaderboards.canonical import canonical_bytes

NAMES = ("Alder", "Birch", "Cedar")


def decision() -> dict[str, Any]:
    rows = [
        (name, "qa", f"i{n}", 9_000 - 2_000 * k + 100 * n * (k + 1)) for k, name in enumerate(NAMES) for n in range(6)
    ]
    scores = ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))
    scores = scores.with_status((Unranked("Dogwood", "withdrawn"),))
    policy = Policy((TaskPolicy("qa", 0, 1),), draws=300)
    ranking = rank(scores, policy)
    candidates = tuple(
        Candidate(entry.entrant, (Gate("licence", True, "Apache-2.0"),), str(entry.points), entry.rank_low,
                  entry.rank_high, (CriterionScore("impact", 8),), "FI")
        for entry in ranking.entries
    )  # fmt: skip
    rules = SelectionRules((Criterion("impact", 6),), 6, 2, "0.5", ("50", "100"), (6, 10), ("board_group",))
    selection = choose_winners(candidates, rules)
    splits = (
        MoneySplit("prize", 100_000_001, selection.winners),
        HoursSplit("machine", 8_000, selection.winners, dict.fromkeys(selection.winners, 3_000)),
    )
    return {
        "policy": policy, "scores": scores, "ranking": ranking, "rules": rules, "candidates": candidates,
        "selection": selection, "splits": splits, "shares": {split.name: split.shares() for split in splits},
    }  # fmt: skip


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    write_bundle(path, **decision())
    return path


def test_a_bundle_verifies_and_its_bytes_do_not_depend_on_order(bundle: Path, tmp_path: Path) -> None:
    given = decision()
    given["candidates"], given["splits"] = given["candidates"][::-1], given["splits"][::-1]
    sha = write_bundle(tmp_path / "again.json", **given)
    assert sha == sha256(bundle.read_bytes()).hexdigest()
    verdict = verify_bundle(bundle)
    assert (verdict.ok, verdict.sha256, verdict.first_difference) == (True, sha, None)


def test_a_board_before_the_jury_is_a_bundle_too(tmp_path: Path) -> None:
    given = decision()
    write_bundle(tmp_path / "b.json", policy=given["policy"], scores=given["scores"], ranking=given["ranking"])
    assert verify_bundle(tmp_path / "b.json").ok


def first_entry(document: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = document["results"]["ranking"]["entries"][0]
    return entry


@pytest.mark.parametrize(
    ("tamper", "difference"),
    [
        (lambda d: first_entry(d).update(points="95.000000"),
         "results.ranking.entries[0].points: the bundle says '95.000000', recomputed '92.500000'"),
        (lambda d: first_entry(d).update(rank_low=2),
         "results.ranking.entries[0].rank_low: the bundle says 2, recomputed 1"),
        (lambda d: d["inputs"]["scores"]["tasks"][0]["values"]["Alder"].__setitem__(0, 9_600),
         "inputs.candidates[0].points: the bundle says '92.500000', recomputed '93.500000'"),
        (lambda d: d["inputs"]["candidates"][2].update(points="99.0"),
         "inputs.candidates[2].points: the bundle says '99.0', recomputed '57.500000'"),
        (lambda d: d["results"]["selection"]["winners"].reverse(),
         "results.selection.winners[0]: the bundle says 'Birch', recomputed 'Alder'"),
        (lambda d: d["results"]["selection"]["log"].pop(),
         "results.selection.log[4]: the bundle says nothing, recomputed 'Winners, at most 2: Alder, Birch. Reserve "
         "list: Cedar. Undecided: nobody.'"),
        (lambda d: d["results"]["shares"]["prize"].update(Alder=50_000_002),
         "results.shares.prize.Alder: the bundle says 50000002, recomputed 50000001"),
        (lambda d: d["results"]["shares"]["prize"].update(Elm=1),
         "results.shares.prize.Elm: the bundle says 1, recomputed nothing"),
        (lambda d: d["digests"].update(scores="0" * 64), "digests.scores: the bundle says '000"),
        (lambda d: d["inputs"]["policy"].update(seed=1), "results.ranking.policy_digest: the bundle says '"),
        (lambda d: d.update(note="x"), "note: the bundle says 'x', recomputed nothing"),
    ],
)  # fmt: skip
def test_one_changed_field_is_found_and_named(
    bundle: Path, tamper: Callable[[dict[str, Any]], object], difference: str
) -> None:
    document = json.loads(bundle.read_text())
    tamper(document)
    bundle.write_bytes(canonical_bytes(document))
    verdict = verify_bundle(bundle)
    assert not verdict.ok
    assert verdict.first_difference is not None
    assert verdict.first_difference.startswith(difference)


def test_other_library_versions_are_no_difference(bundle: Path) -> None:
    document = json.loads(bundle.read_text())
    document["results"]["ranking"]["versions"]["numpy"] = "1.0.0"
    bundle.write_bytes(canonical_bytes(document))
    assert verify_bundle(bundle).ok


def test_other_spelling_of_the_same_fields_is_a_difference(bundle: Path) -> None:
    bundle.write_text(json.dumps(json.loads(bundle.read_text()), indent=1))
    assert verify_bundle(bundle).first_difference == (
        "the file is not canonical JSON: its fields agree, but its bytes are spelled otherwise"
    )


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "b.json: not JSON at line 1, column 1 (Expecting value); mend it there."),
        (b"[]", "b.json: the document must be an object with named keys, not a list."),
        (b"{}", "b.json: format is missing; add it."),
        (b'{"format":"other/1"}', "b.json: format is 'other/1', this program reads 'leaderboards-bundle/1'."),
        (b'{"a":1,"a":2}', "b.json: the key 'a' occurs twice in one object; keep one of them."),
        (b'{"a":0.1}', "b.json: the number 0.1 is not an integer; write reals as decimal strings."),
        (b'{"a":NaN}', "b.json: NaN is not a number; remove it."),
        (b'{"a":' + b"1" * 5_000 + b"}", "b.json: an integer has 5000 digits; at most 400 are read."),
        (b"[" * 100_000, "b.json: the objects are nested too deeply to be read."),
        (b"\xff\xfe", "b.json: byte 0 is not UTF-8; save the file as UTF-8."),
        (b'{"format":"leaderboards-bundle/1","inputs":{"policy":{}}}', "b.json: tasks is missing; add it."),
    ],
)
def test_what_is_no_bundle_is_refused_in_a_sentence(tmp_path: Path, raw: bytes, sentence: str) -> None:
    (tmp_path / "b.json").write_bytes(raw)
    with pytest.raises(BundleError) as caught:
        verify_bundle(tmp_path / "b.json")
    assert str(caught.value) == sentence


def test_every_missing_part_is_refused_and_never_a_crash(bundle: Path) -> None:
    """Take out, and then replace, every seventeenth value of the bundle; nothing but a verdict or a refusal may come back."""
    whole = json.loads(bundle.read_text())

    def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [path] * bool(path) + [found for key, one in inner for found in paths(one, (*path, key))]

    for path in paths(whole)[::17]:
        if "versions" in path[:-1]:
            continue  # recorded, not compared
        for change in ("remove", None, "x", -1, [], {}):
            document = json.loads(bundle.read_text())
            holder = document
            for key in path[:-1]:
                holder = holder[key]
            if change == "remove":
                del holder[path[-1]]
            elif holder[path[-1]] == change:
                continue
            else:
                holder[path[-1]] = change
            bundle.with_name("t.json").write_bytes(canonical_bytes(document))
            with contextlib.suppress(BundleError):
                assert not verify_bundle(bundle.with_name("t.json")).ok, (path, change)


def test_floats_and_half_a_decision_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"\$\.a\[1\] is 0\.5 of type float"):
        canonical_bytes({"a": [1, 0.5]})
    given = decision()
    with pytest.raises(BundleError, match="rules and selection belong together"):
        write_bundle(tmp_path / "b.json", **(given | {"selection": None}))
    with pytest.raises(BundleError, match="two splits have the same name"):
        write_bundle(tmp_path / "b.json", **(given | {"splits": given["splits"][:1] * 2}))
    assert list(tmp_path.iterdir()) == []


def test_money_by_points_is_checked_against_the_board(tmp_path: Path) -> None:
    given = decision()
    names = given["selection"].winners
    points = {name: str(given["ranking"].entry(name).points) for name in names}
    split = MoneySplit("prize", 100_000_001, names, weights_above(points, "50"), 1_000, above="50")
    hours = HoursSplit(
        "machine", 8_000, names, dict.fromkeys((*names, "Cedar"), 3_000), 2_900, {names[0]: 5}, 2, ("Cedar",)
    )
    given |= {"splits": (split, hours), "shares": {one.name: one.shares() for one in (split, hours)}}
    write_bundle(tmp_path / "b.json", **given)
    assert verify_bundle(tmp_path / "b.json").ok
    better = replace(split, weights=dict(split.weights or {}) | {names[1]: 10**9})
    given |= {"splits": (better, hours), "shares": {one.name: one.shares() for one in (better, hours)}}
    write_bundle(tmp_path / "b.json", **given)
    verdict = verify_bundle(tmp_path / "b.json")
    assert not verdict.ok
    assert verdict.first_difference is not None
    assert verdict.first_difference.startswith(f"inputs.splits[1].weights.{names[1]}: the bundle says 1000000000")


def shared_by(given: dict[str, Any], *splits: MoneySplit | HoursSplit) -> dict[str, Any]:
    """Return a decision whose pots are these, shares and all."""
    return given | {"splits": splits, "shares": {one.name: one.shares() for one in splits}}


@pytest.mark.parametrize(
    ("split", "difference"),
    [
        (MoneySplit("prize", 100, ("Alder", "Cedar")),
         "inputs.splits[0].order[1]: 'Cedar' shares 'prize' but is no winner; recomputed Alder, Birch"),
        (MoneySplit("prize", 100, ("Alder", "Elm")), "inputs.splits[0].order[1]: 'Elm' shares 'prize' but is no winner"),
        (MoneySplit("prize", 101, ("Birch", "Alder")),
         "inputs.splits[0].order[1]: 'Alder' stands out of the order of places; recomputed Alder, Birch"),
        (HoursSplit("machine", 8, ("Cedar",), {"Cedar": 8}),
         "inputs.splits[0].order[0]: 'Cedar' shares 'machine' but is no winner"),
        (HoursSplit("machine", 8, ("Alder",), {"Alder": 1, "Birch": 1}, reserve=("Birch",)),
         "inputs.splits[0].reserve[0]: 'Birch' shares 'machine' but is no entry on the reserve list; recomputed Cedar"),
        (HoursSplit("machine", 8, ("Alder",), {"Alder": 1, "Dogwood": 1}, reserve=("Dogwood",)),
         "inputs.splits[0].reserve[0]: 'Dogwood' shares 'machine' but is no entry on the reserve list"),
    ],
)  # fmt: skip
def test_whoever_shares_a_pot_has_won_it(tmp_path: Path, split: MoneySplit | HoursSplit, difference: str) -> None:
    """The bundle is sound in itself: shares and digests follow from the splits, and only the choice speaks against it."""
    write_bundle(tmp_path / "b.json", **shared_by(decision(), split))
    verdict = verify_bundle(tmp_path / "b.json")
    assert not verdict.ok
    assert verdict.first_difference is not None
    assert verdict.first_difference.startswith(difference)


def test_a_pot_may_be_for_some_of_the_winners(tmp_path: Path) -> None:
    first, second = MoneySplit("first prize", 60, ("Alder",)), MoneySplit("second prize", 40, ("Birch",))
    write_bundle(tmp_path / "b.json", **shared_by(decision(), first, second))
    assert verify_bundle(tmp_path / "b.json").ok


def test_nobody_shares_a_pot_before_anybody_has_won(tmp_path: Path) -> None:
    given = decision()
    split = MoneySplit("prize", 100, ("Alder",))
    board = {key: given[key] for key in ("policy", "scores", "ranking")}
    write_bundle(tmp_path / "b.json", **shared_by(board, split))
    assert verify_bundle(tmp_path / "b.json").first_difference == (
        "inputs.splits[0].order[0]: 'Alder' shares 'prize' but is no winner; recomputed none"
    )


def whole() -> dict[str, Any]:
    """Return a decision with everything that a bundle can hold."""
    given = decision()
    winners = given["selection"].winners
    points = {name: str(given["ranking"].entry(name).points) for name in winners}
    asked = dict.fromkeys((*winners, "Cedar"), 3_000)
    reviews = Reviews.of(
        Mark(name, judge, "impact", halves + lean)
        for name, halves in zip(NAMES, (8, 8, 7), strict=True)
        for lean, judge in enumerate("AB")
    )
    rules = replace(given["rules"], tie="interval", tie_break=("board_group", "panel_vote"))
    given["selection"] = choose_winners(
        given["candidates"], rules, spread=composite_spread(given["scores"], given["policy"], reviews, rules)
    )
    assert given["selection"].winners == winners
    plan = StabilityPlan(draws=20, seed=3)
    listing = ShortlistRules(places=2, most=3, gates=("licence",))
    return shared_by(
        given,
        MoneySplit("prize", 100_000_001, winners, weights_above(points, "50"), 1_000, above="50"),
        HoursSplit("machine", 8_000, winners, asked, cap=2_900, caps={winners[0]: 2_500}, minimum=2, reserve=("Cedar",)),
    ) | {
        "rules": rules, "reviews": reviews, "stability_plan": plan, "shortlist_rules": listing,
        "shortlist": shortlist(given["candidates"], listing),
        "stability": stability(
            given["candidates"], rules, scores=given["scores"], policy=given["policy"], reviews=reviews, plan=plan
        ),
    }  # fmt: skip


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every field of a document; a field is what holds no other."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = False
    for key, one in inner:
        found = True
        yield from leaves(one, (*path, key))
    if not found:
        yield path


PUBLISHED = Path(__file__).parents[1] / "challenge" / "awards" / "published" / "decision-1-bundle.json"


@pytest.fixture(scope="module", params=["with everything", "as the platform published it"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return a bundle as plain data, and see that it verifies."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        if request.param == "with everything":
            write_bundle(path, **whole())
        else:
            path = PUBLISHED
        assert verify_bundle(path).ok
        plain: dict[str, Any] = json.loads(path.read_bytes())
        return plain


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn_from(st.data())
def test_whatever_single_field_is_changed_it_is_found(document: dict[str, Any], data: st.DataObject) -> None:
    # the versions of libraries are recorded, not compared
    path = data.draw(st.sampled_from([one for one in leaves(document) if "versions" not in one[:-1]]))
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    was = holder[path[-1]]
    others: list[Any] = [None, True, 0, "", [], {}, "Cedar"]
    if isinstance(was, int) and not isinstance(was, bool):
        others += [was + 1, was - 1, str(was)]
    elif isinstance(was, str):
        others += [f"{was} ", f"{was}0", was.lower(), was[:-1]]
    others += NAMES
    other = data.draw(st.sampled_from(others).filter(lambda one: one != was or type(one) is not type(was)))
    holder[path[-1]] = other
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_bytes(canonical_bytes(changed))
        try:
            verdict = verify_bundle(file)
        except BundleError:
            return
        assert not verdict.ok, (path, was, other)
        assert verdict.first_difference
