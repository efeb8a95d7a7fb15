"""The table of other platforms' defects names tests that exist, for every defect."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "defects.md"
ROW = re.compile(r"^\| (?P<number>[0-9]+) \| (?P<defect>[^|]+) \| (?P<instead>[^|]+) \| (?P<tests>[^|]+) \|$")
NAMED = re.compile(r"`(?P<path>tests/[a-z_0-9/]+\.py)::(?P<name>test_[a-z_0-9]+)`")


def rows() -> list[re.Match[str]]:
    """Return the rows of the table."""
    return [row for line in TABLE.read_text(encoding="utf-8").splitlines() if (row := ROW.match(line))]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests of a file, without running it."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_defect_has_its_row_in_order() -> None:
    assert [int(row["number"]) for row in rows()] == list(range(1, 21))


@pytest.mark.parametrize("number", range(1, 21))
def test_the_tests_that_a_row_names_exist(number: int) -> None:
    row = rows()[number - 1]
    named = NAMED.findall(row["tests"])
    assert named, "a defect without a test"
    assert ", ".join(f"`{path}::{name}`" for path, name in named) == row["tests"].strip(), "something else stands here"
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert name in names_in(path), f"{path} has no {name}"
