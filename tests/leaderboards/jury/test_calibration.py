"""Calibration takes out what belongs to the judge, says how sure that is, and says plainly where it cannot."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboards.jury import Group, Mark, Reviews, State, calibrate, groups
from leaderboards.jury.mixed_model import Marks, fit
from leaderboards.refusals import ReviewError


def marked(table: dict[str, dict[str, int | None]]) -> Reviews:
    return Reviews.of(
        Mark(entry, judge, "all", halves) for entry, row in table.items() for judge, halves in row.items()
    )


def simulated(
    seed: Sequence[int], *, entries: int, judges: int, each: int, severity: float, recused: float = 0.0
) -> tuple[np.ndarray, np.ndarray, Reviews]:
    """Draw a field: true quality (sd .6), severity of judges, and marks with noise (sd .5), 0 to 5 in halves."""
    rng = np.random.default_rng(seed)
    quality, bias = rng.normal(0, 0.6, entries), rng.normal(0, severity, judges)
    marks = []
    for i in range(entries):
        panel = (
            rng.choice(judges, each, replace=False) if each < judges else np.flatnonzero(rng.random(judges) >= recused)
        )
        for j in panel:
            points = 3 + quality[i] + bias[j] + rng.normal(0, 0.5)
            marks.append(Mark(f"e{i:03}", f"j{j:02}", "all", int(np.clip(round(2 * points), 0, 10))))
    return quality, bias, Reviews.of(marks)


def test_a_harsh_judge_who_steps_back_is_no_gift() -> None:
    # Every entry is marked alike by Ada and Ben; Cyd is three points lower, and stepped back from E1 alone.
    rows = {f"E{n}": {"Ada": 7 + n % 2, "Ben": 7 + n % 3, "Cyd": 3 + n % 2} for n in range(8)}
    reviews = marked({**rows, "E1": {"Ada": 8, "Ben": 8, "Cyd": None}, "E7": {"Ada": 8, "Ben": 8, "Cyd": 4}})
    calibration = calibrate(reviews)
    assert calibration.state is State.CALIBRATED
    by_name = {one.entry: one for one in calibration.entries}
    gifted, other = by_name["E1"], by_name["E7"]
    assert gifted.raw is not None
    assert other.raw is not None
    assert gifted.calibrated is not None
    assert other.calibrated is not None
    assert gifted.raw - other.raw > 0.6
    assert abs(gifted.calibrated - other.calibrated) < 0.1
    assert (gifted.judges, other.judges) == (2, 3)
    cyd = next(one for one in calibration.judges if one.judge == "Cyd")
    assert cyd.shift is not None
    assert cyd.high is not None
    assert cyd.shift < -1
    assert cyd.high < 0
    assert cyd.sentence().startswith("You score 1.")
    assert "lower than the panel, 95% interval" in cyd.sentence()


def test_variances_are_those_of_the_balanced_analysis_of_variance() -> None:
    # In a complete table REML equals the mean squares: σ² = MS_e, σ_q² = (MS_q − MS_e)/J, σ_b² = (MS_b − MS_e)/I.
    rng = np.random.default_rng(3)
    entries, judges = 9, 6
    table = np.add.outer(rng.normal(0, 1, entries), rng.normal(0, 1, judges)) + rng.normal(0, 0.5, (entries, judges))
    i, j = (codes.ravel() for codes in np.indices(table.shape))
    found = fit(Marks(table.ravel(), np.ones(table.size), np.zeros(table.size, np.int64), i, j, np.arange(table.size)))
    by_entry, by_judge = table.mean(axis=1), table.mean(axis=0)
    rest = table - by_entry[:, None] - by_judge + table.mean()
    noise = (rest**2).sum() / ((entries - 1) * (judges - 1))
    quality = (judges * by_entry.var(ddof=1) - noise) / judges
    severity = (entries * by_judge.var(ddof=1) - noise) / entries
    assert found.residual == pytest.approx(noise, rel=1e-3)
    assert [ratio * found.residual for ratio in found.ratios] == pytest.approx([quality, severity], rel=1e-3)
    # And the BLUP of an entry is its deviation, shrunk by σ_q²/(σ_q² + σ²/J).
    shrunk = (by_entry - by_entry.mean()) * quality / (quality + noise / judges)
    assert found.effects[1 : 1 + entries] == pytest.approx(shrunk, rel=1e-3, abs=1e-6)


def test_the_slope_is_that_of_the_whole_covariance_matrix() -> None:
    # The likelihood by its definition, from the covariance of all marks, has its minimum where the fit says.
    rng = np.random.default_rng(5)
    rows = [(i, j, c) for i in range(7) for j in range(5) for c in range(3) if (i + j) % 4]
    i, j, c = (np.array(codes) for codes in zip(*rows, strict=True))
    review = np.unique(i * 5 + j, return_inverse=True)[1]
    value = (
        rng.normal(0, 0.8, 7)[i]
        + rng.normal(0, 0.6, 5)[j]
        + rng.normal(0, 0.5, 35)[review]
        + rng.normal(0, 0.4, len(i))
    )
    weight = rng.choice([0.5, 1.0, 2.0], len(i))
    found = fit(Marks(value, weight, c, i, j, review))
    designs = [np.eye(int(codes.max()) + 1)[codes] for codes in (i, j, review)]
    fixed = np.eye(3)[c]

    def deviance(ratios: np.ndarray) -> float:
        total = np.diag(1 / weight) + sum(r * z @ z.T for r, z in zip(ratios, designs, strict=True))
        inverse = np.linalg.inv(total)
        inner = fixed.T @ inverse @ fixed
        projected = inverse - inverse @ fixed @ np.linalg.inv(inner) @ fixed.T @ inverse
        logs = np.linalg.slogdet(total)[1] + np.linalg.slogdet(inner)[1]
        return float((len(value) - 3) * np.log(value @ projected @ value) + logs)

    here = deviance(np.array(found.ratios))
    for number in range(3):
        for factor in (0.9, 1.1):
            ratios = np.array(found.ratios)
            ratios[number] *= factor
            assert deviance(ratios) > here


@pytest.mark.parametrize(
    ("table", "state", "words"),
    [
        ({"A": {"Ada": None}, "B": {"Ada": None}}, State.NOTHING, "every judge has stepped back"),
        ({"A": {"Ada": 5}, "B": {"Ada": 7}}, State.ONE_JUDGE, "Only Ada has marked"),
        ({"A": {"Ada": 5, "Ben": 6}}, State.ONE_ENTRY, "Only A has marks"),
        ({"A": {"Ada": 5, "Ben": 5}, "B": {"Ada": 5, "Ben": 5}}, State.NO_SPREAD, "All marks on a criterion are equal"),
        ({"A": {"Ada": 5, "Ben": 6}, "B": {"Ben": 5}}, State.TOO_FEW, "too few reviews"),
        (
            {"A": {"Ada": 5, "Ben": 6}, "B": {"Cyd": 5, "Dan": 5}},
            State.SEPARATE,
            "2 groups without a common judge (Ada, Ben on A; Cyd, Dan on B)",
        ),
    ],
)
def test_what_cannot_be_calibrated_says_why_and_shows_raw_means(
    table: dict[str, dict[str, int | None]], state: State, words: str
) -> None:
    calibration = calibrate(marked(table))
    assert calibration.state is state
    assert words in calibration.sentence
    assert all(one.calibrated is None and one.low is None for one in calibration.entries)
    assert all(one.shift is None for one in calibration.judges)
    assert [one.raw is None for one in calibration.entries] == [
        all(v is None for v in row.values()) for row in table.values()
    ]
    assert calibration.judges[0].sentence() == "Your marks cannot be compared with the panel's."


def test_an_entry_from_which_all_stepped_back_has_no_score() -> None:
    rng = np.random.default_rng(8)
    rows: dict[str, dict[str, int | None]] = {
        f"E{n}": {judge: int(rng.integers(2, 9)) for judge in ("Ada", "Ben", "Cyd")} for n in range(6)
    }
    rows["F"] = {"Ada": None, "Ben": None}
    calibration = calibrate(marked(rows))
    last = calibration.entries[-1]
    assert (last.entry, last.raw, last.calibrated, last.judges) == ("F", None, None, 0)
    assert calibration.state is State.CALIBRATED


def test_no_difference_between_judges_is_said_and_nothing_is_taken_out() -> None:
    # Both judges mark every entry alike on the whole: each is higher on half of the entries.
    reviews = marked({f"E{n}": {"Ada": 4 + n // 4 + n % 2, "Ben": 5 + n // 4 - n % 2} for n in range(12)})
    calibration = calibrate(reviews)
    assert "no difference in severity" in calibration.sentence
    assert [(one.shift, one.low) for one in calibration.judges] == [(0, None), (0, None)]
    assert "neither higher nor lower" in calibration.judges[0].sentence()


def test_one_mark_of_confidence_two_counts_as_two_marks() -> None:
    rng = np.random.default_rng(2)
    i, j = (codes.ravel() for codes in np.indices((6, 4)))
    value = rng.normal(0, 1, 6)[i] + rng.normal(0, 0.5, 4)[j] + rng.normal(0, 0.5, 24)
    one = np.zeros(24, np.int64)
    heavy = fit(Marks(value, np.where(i == 0, 2.0, 1.0), one, i, j, np.arange(24)))
    light = fit(Marks(value, np.ones(24), one, i, j, np.arange(24)))
    # The heavier marks pull their entry's effect nearer to its own mean, away from the middle.
    own = value[i == 0].mean() - value.mean()
    assert abs(heavy.effects[1] - own) < abs(light.effects[1] - own)


def test_order_and_names_leave_no_trace_in_the_numbers() -> None:
    _, _, reviews = simulated([4], entries=12, judges=6, each=4, severity=0.6)
    first = calibrate(reviews)
    shuffled = list(reviews.marks)
    np.random.default_rng(1).shuffle(shuffled)  # type: ignore[arg-type]
    assert calibrate(Reviews.of(shuffled)).digest() == first.digest()
    renamed = Reviews.of(Mark(f"x{999 - int(m.entry[1:])}", m.judge, m.criterion, m.halves) for m in reviews.marks)
    assert [one.calibrated for one in calibrate(renamed).entries][::-1] == [one.calibrated for one in first.entries]


def test_a_confidence_that_is_none_is_refused() -> None:
    with pytest.raises(ReviewError, match=r"the confidence must be at least 0\.5 and below 1"):
        calibrate(marked({"A": {"Ada": 5}}), confidence="95")


def test_groups_are_found_in_any_order() -> None:
    pairs = [("A", "Ada"), ("B", "Ada"), ("B", "Ben"), ("C", "Cyd")]
    expected = (Group(("A", "B"), ("Ada", "Ben")), Group(("C",), ("Cyd",)))
    assert {groups(order) for order in permutations(pairs)} == {expected}


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 1), st.none() | st.integers(0, 10)), max_size=40
    )
)
def test_every_table_has_an_outcome_with_ordered_bounds(rows: list[tuple[int, int, int, int | None]]) -> None:
    table = {(f"E{i}", f"J{j}", f"c{c}"): halves for i, j, c, halves in rows}
    calibration = calibrate(Reviews.of(Mark(*key, halves) for key, halves in table.items()))
    assert calibration.sentence
    for one in (*calibration.entries, *calibration.judges):
        value = one.calibrated if hasattr(one, "calibrated") else one.shift
        if value is not None and one.low is not None and one.high is not None:
            assert one.low <= value <= one.high
    # Calibrated scores are means of marks drawn together, so none leaves the marks' range by more than the shifts.
    shifts = [one.shift for one in calibration.judges if one.shift is not None]
    assert abs(sum(shifts)) <= len(shifts) * 0.00006


def _found(reviews: Reviews, quality: np.ndarray) -> tuple[int, int, int]:
    """Count the true best four among the best four by raw mean, calibrated score, and mean of z-scores per judge."""
    calibration = calibrate(reviews)
    scores: dict[str, list[int]] = {}
    for mark in reviews.given():
        scores.setdefault(mark.judge, []).append(mark.halves or 0)
    standing: dict[str, list[float]] = {}
    for mark in reviews.given():
        own = scores[mark.judge]
        standing.setdefault(mark.entry, []).append(((mark.halves or 0) - np.mean(own)) / (np.std(own) or 1.0))
    orders = (
        [float(one.raw or 0) for one in calibration.entries],
        [float(one.calibrated or 0) for one in calibration.entries],
        [float(np.mean(standing[one.entry])) for one in calibration.entries],
    )
    best = set(np.argsort(-quality)[:4])
    raw, calibrated, z = (len(best & set(np.argsort(-np.array(one), kind="stable")[:4])) for one in orders)
    return raw, calibrated, z


@pytest.mark.slow
@pytest.mark.parametrize("severity", [0.0, 0.6])
def test_calibration_never_finds_fewer_of_the_true_best_and_z_scores_lose_where_judges_agree(severity: float) -> None:
    runs = 60
    found = []
    for seed in range(runs):
        quality, _, reviews = simulated([seed, int(10 * severity)], entries=94, judges=24, each=3, severity=severity)
        found.append(_found(reviews, quality))
    raw, calibrated, z = np.array(found).T
    noise = 3 * (calibrated - raw).std(ddof=1) / np.sqrt(runs)
    assert (calibrated - raw).mean() >= -noise
    if severity == 0.0:
        assert z.mean() < calibrated.mean() - 0.1
    if severity >= 0.6:
        assert (calibrated - raw).mean() > 0.2


@pytest.mark.slow
def test_intervals_hold_about_as_often_as_they_say() -> None:
    entries, judges = [], []
    for seed in range(60):
        quality, bias, reviews = simulated([seed, 7], entries=20, judges=9, each=9, severity=0.6, recused=0.25)
        calibration = calibrate(reviews)
        truth = 3 + quality + bias.mean()
        entries += [
            float(one.low) <= truth[n] <= float(one.high)
            for n, one in enumerate(calibration.entries)
            if one.low is not None and one.high is not None
        ]
        judges += [
            float(one.low) <= bias[n] - bias.mean() <= float(one.high)
            for n, one in enumerate(calibration.judges)
            if one.low is not None and one.high is not None
        ]
    assert len(entries) > 1000
    assert 0.92 <= np.mean(entries) <= 0.98
    assert 0.90 <= np.mean(judges) <= 0.99
