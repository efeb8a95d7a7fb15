"""A policy is read strictly, and every refusal names the key."""

from typing import Any

import pytest

from leaderboards import Policy, PolicyError, TaskPolicy

GIVEN: dict[str, Any] = {
    "tasks": [{"name": "qa", "floor": "0.25", "ceiling": 1}, {"name": "mt", "floor": 0, "ceiling": 60.5}]
}


def changed(path: str, value: Any) -> dict[str, Any]:
    policy = {**GIVEN, "tasks": [dict(task) for task in GIVEN["tasks"]]}
    if path.startswith("tasks[1]."):
        policy["tasks"][1][path.removeprefix("tasks[1].")] = value
    else:
        policy[path] = value
    return policy


def test_a_policy_survives_the_round_trip() -> None:
    policy = Policy.from_dict(GIVEN)
    assert policy.tasks[0] == TaskPolicy("qa", 0.25, 1.0)
    assert Policy.from_dict(policy.to_dict()) == policy
    assert policy.to_dict()["tasks"][1]["ceiling"] == "60.5"
    assert policy.to_dict()["confidence"] == "0.95"


def test_numbers_and_decimal_strings_give_the_same_digest() -> None:
    spelled = {"tasks": [{**GIVEN["tasks"][0], "floor": 0.25, "ceiling": "1.0"}, {**GIVEN["tasks"][1], "floor": -0.0}]}
    assert Policy.from_dict(spelled).digest() == Policy.from_dict(GIVEN).digest()


@pytest.mark.parametrize("value", [1e-300, 1e300, 123456.789, 5e-324])
def test_extreme_anchors_survive_the_round_trip(value: float) -> None:
    policy = Policy((TaskPolicy("t", 0, value),))
    assert Policy.from_dict(policy.to_dict()) == policy


def test_a_missing_key_is_named() -> None:
    with pytest.raises(PolicyError, match=r"^tasks\[0\]\.floor is missing; add it\.$"):
        Policy.from_dict({"tasks": [{"name": "qa", "ceiling": 1}]})


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("surprise", 1, "surprise is not a known key; remove it or mend its spelling."),
        ("tasks[1].wieght", 1, "tasks[1].wieght is not a known key; remove it or mend its spelling."),
        ("tasks[1].floor", None, "tasks[1].floor must be a finite number, not null."),
        ("tasks[1].floor", True, "tasks[1].floor must be a finite number, not True."),
        ("tasks[1].floor", float("nan"), "tasks[1].floor must be a finite number, not nan."),
        ("tasks[1].floor", "١", "tasks[1].floor must be a finite number, not '١'."),
        ("tasks[1].floor", 10**400, f"tasks[1].floor must be a finite number, not {str(10**400)[:37]}...."),
        ("tasks[1].ceiling", 0, "tasks[1]: task mt: floor and ceiling are both 0.0; they must differ."),
        (
            "tasks[1].weight",
            0,
            "tasks[1]: task mt: the weight must be above 0, not 0.0; remove the task if it should not count.",
        ),
        ("tasks[1].unit", 0, "tasks[1]: task mt: the unit must be at least 1, not 0."),
        ("tasks[1].name", "qa", "tasks[1].name 'qa' is already taken; task names must differ."),
        ("tasks", [], "tasks must name at least one task."),
        ("confidence", 1, "confidence must be at least 0.5 and below 1, not 1.0."),
        ("draws", 99, "draws must be from 100 to 10000000, not 99."),
        ("draws", 1e4, "draws must be an integer, not 10000.0."),
        ("tasks[1].least", "low", "tasks[1].least must be a finite number, not 'low'."),
        ("seed", -1, "seed must be at least 0, not -1."),
        ("missing", "zero", "missing must be 'unranked' or 'floor', not 'zero'."),
        ("decimals", 7, "decimals must be from 0 to 6, not 7."),
    ],
)
def test_what_is_wrong_is_named(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict(changed(path, value))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(("floor", "ceiling", "upward"), [(0.0, 1.0, False), (1.0, 0.0, True)])
def test_the_direction_must_agree_with_the_anchors(floor: float, ceiling: float, upward: bool) -> None:
    with pytest.raises(PolicyError, match="mend the anchors or the direction"):
        TaskPolicy("t", floor, ceiling, higher_is_better=upward)


def test_bounds_of_a_score_survive_the_round_trip_and_must_leave_room() -> None:
    policy = Policy((TaskPolicy("t", 0.1, 1, least=0, most=1), TaskPolicy("u", 9, 2, higher_is_better=False, least=0)))
    assert Policy.from_dict(policy.to_dict()) == policy
    with pytest.raises(PolicyError, match="least is 1 and most is 1; most must be larger"):
        TaskPolicy("t", 0, 1, least=1, most=1)


def test_lower_is_better_is_said_by_the_anchors() -> None:
    assert TaskPolicy("error", 5.0, 0.0, higher_is_better=False).span == -5


def test_an_official_policy_draws_often_and_names_its_seed() -> None:
    tasks = [{"name": "qa", "floor": 0, "ceiling": 1}]
    policy = Policy.from_dict({"tasks": tasks, "official": True, "draws": 100_000, "seed": 0})
    assert policy.official
    assert Policy.from_dict(policy.to_dict()) == policy
    with pytest.raises(PolicyError, match="draws must be at least 100000 in an official policy, not 10000"):
        Policy.from_dict({"tasks": tasks, "official": True, "seed": 0})
    with pytest.raises(PolicyError, match="seed is missing; an official policy names its seed"):
        Policy.from_dict({"tasks": tasks, "official": True, "draws": 100_000})
    plain = Policy.from_dict({"tasks": tasks})
    assert "official" not in plain.to_dict()
