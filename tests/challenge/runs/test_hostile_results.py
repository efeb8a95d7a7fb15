"""What an engine leaves is data and nothing else: nothing in it is ever carried out."""

import io
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import yaml
from sqlalchemy import func, select

from challenge.runs.executors_local import Bounds, LocalExecutor
from challenge.runs.records import Result
from challenge.runs.states import Outcome
from challenge.worker.evaluating import Evaluator
from tests.challenge.runs.scene import Scene, predictions


class Trap:
    """An object that makes a file when it is unpickled, in whatever process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, (f"open({str(self.path)!r}, 'w')",))


def pickled(trap: Path) -> bytes:
    """Return a pickle that makes the file `trap` when it is loaded."""
    return pickle.dumps(Trap(trap))


def tagged(trap: Path) -> bytes:
    """Return YAML whose tags make a careless reader make the file `trap`."""
    return f"!!python/object/apply:builtins.exec [\"open({str(trap)!r}, 'w')\"]\n".encode()


def extended(trap: Path) -> bytes:
    """Return a Parquet file whose extension type is a pickle, as readers before pyarrow 14.0.1 loaded it."""
    field = pa.field(
        "value", pa.int64(), metadata={
            b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": pickled(trap),
        },
    )  # fmt: skip
    columns = [pa.field(name, pa.string()) for name in ("task", "item", "cluster", "part")]
    rows = [pa.array(["topic"] * 22)] * 4
    sheet = io.BytesIO()
    parquet.write_table(pa.table([*rows, pa.array([1] * 22)], schema=pa.schema([*columns, field])), sheet)
    return sheet.getvalue()


def _read_carelessly(text: bytes) -> object:
    return yaml.load(text, yaml.Loader)  # noqa: S506  # the mistake of others, made on purpose


@pytest.mark.parametrize(("bait", "reader"), [(pickled, pickle.loads), (tagged, _read_carelessly)])
def test_the_traps_do_spring_where_somebody_is_careless(
    tmp_path: Path, bait: Callable[[Path], bytes], reader: Callable[[bytes], object]
) -> None:
    reader(bait(tmp_path / "trap"))
    assert (tmp_path / "trap").exists()


@pytest.mark.parametrize("bait", [pickled, tagged, extended])
@pytest.mark.parametrize(
    ("code", "name"), [(0, "meta.json"), (0, "items.parquet"), (3, "problems.json"), (2, "meta.json")]
)
def test_a_hostile_result_is_data_only(
    scene: Scene, tmp_path: Path, bait: Callable[[Path], bytes], code: int, name: str
) -> None:
    run, _ = scene.waiting()
    trap, engine = tmp_path / "trap", tmp_path / "engine.py"
    (tmp_path / "bait").write_bytes(bait(trap))
    engine.write_text(
        "import shutil, subprocess, sys\n"
        "subprocess.run([sys.executable, '-P', '-m', 'evaluation', *sys.argv[1:]], check=True)\n"
        f"shutil.copy({str(tmp_path / 'bait')!r}, {('out/' + name)!r})\n"
        f"print(open({str(tmp_path / 'bait')!r}, 'rb').read(), file=sys.stderr)\n"
        f"sys.exit({code})\n"
    )
    executor = LocalExecutor(tmp_path / "work", Bounds(seconds=20, megabytes=1024), (sys.executable, str(engine)))
    assert Evaluator(scene.cast.house, "w1", executor).evaluate_next()
    assert not trap.exists(), "a file that an engine left was carried out"
    assert scene.run(run.id).outcome is (Outcome.SUITE_BROKEN if code == 2 else Outcome.ENGINE_FAILED)
    with scene.cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Result)) == 0


@pytest.mark.parametrize("bait", [pickled, tagged, extended])
def test_hostile_predictions_are_data_only(scene: Scene, tmp_path: Path, bait: Callable[[Path], bytes]) -> None:
    trap = tmp_path / "trap"
    run, _ = scene.waiting(content=bait(trap))
    executor = LocalExecutor(tmp_path / "work", Bounds(seconds=60, megabytes=2048))
    assert Evaluator(scene.cast.house, "w1", executor).evaluate_next()
    assert not trap.exists()
    assert scene.run(run.id).outcome is Outcome.UNREADABLE


def test_the_same_engine_with_an_honest_result_is_believed(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting(content=predictions())
    executor = LocalExecutor(tmp_path / "work", Bounds(seconds=60, megabytes=2048))
    assert Evaluator(scene.cast.house, "w1", executor).evaluate_next()
    assert scene.run(run.id).outcome is Outcome.SCORED
