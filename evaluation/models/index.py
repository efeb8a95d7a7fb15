"""The index of weights in several files must name files and tensors that are there."""

from collections.abc import Mapping
from typing import Any

from evaluation.models.refusals import IndexBroken, PointsElsewhere, WeightsMissing

INDEX = "model.safetensors.index.json"
WHOLE = "model.safetensors"


def files_of_index(data: Any, *, names: Mapping[str, int], file: str = INDEX) -> frozenset[str]:
    """Give the files that an index names; `names` maps the package's files to their sizes.

    Raises IndexBroken for an index that is none or names a missing file, PointsElsewhere for a file outside.
    """
    found = data.get("weight_map") if isinstance(data, dict) else None
    if not isinstance(found, dict) or not found or not all(isinstance(value, str) for value in found.values()):
        raise IndexBroken(file, "it has no weight_map from tensors to files. Save the model again.")
    named = frozenset(found.values())
    for name in sorted(named):
        if "/" in name or "\\" in name or name in {"", ".", ".."} or ":" in name:
            raise PointsElsewhere(file, f"it names {name[:80]!r}, which is not beside it. Save the model again.")
        if not name.endswith(".safetensors"):
            raise IndexBroken(file, f"it names {name[:80]!r}, which is no safetensors file. Save the model again.")
        if name not in names:
            raise IndexBroken(file, f"it names {name[:80]!r}, which is missing. Add the file, or save the model again.")
    return named


def check_index(data: Any, *, tensors: Mapping[str, frozenset[str]], file: str = INDEX) -> None:
    """See that each tensor of the index is in the file it names and no file holds one it does not name.

    `tensors` maps each file of the index to the names of its tensors; raises IndexBroken.
    """
    listed: dict[str, set[str]] = {}
    for tensor, name in data["weight_map"].items():
        listed.setdefault(name, set()).add(tensor)
    for name, wanted in sorted(listed.items()):
        for sentence, missing in (
            ("is not in", wanted - tensors[name]),
            ("is in the index not named for", tensors[name] - wanted),
        ):
            if missing:
                raise IndexBroken(file, f"the tensor {min(missing)[:80]!r} {sentence} {name}. Save the model again.")


def weights_of(names: Mapping[str, int], index: Any | None) -> frozenset[str]:
    """Give the files of weights that would be loaded; raises WeightsMissing where that is none."""
    if index is not None:
        return files_of_index(index, names=names)
    if WHOLE in names:
        return frozenset({WHOLE})
    raise WeightsMissing("", f"there is neither {WHOLE} nor {INDEX} beside config.json. Save the model as safetensors.")
