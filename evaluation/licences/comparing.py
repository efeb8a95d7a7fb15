"""A release is held against the package that was evaluated: the same weights, the same licence, no new gate."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from evaluation.archives import ArchiveLimits
from evaluation.licences.declared import Declarations, Named, read_declarations
from evaluation.licences.findings import Reason
from evaluation.licences.inventory import PACKAGE_LIMITS, FileKind, inventory
from evaluation.licences.licence_changes import GivenText, TextChange, given_texts, reason_of, text_changes
from evaluation.licences.weights_bytes import Tensor, WeightsFile, tensors_in, weights_in
from evaluation.trees import Tree, open_tree

_SHOWN = 6  # tensors that a sentence names
_SAME_BYTES = (
    "Release the weights that were evaluated; their files may have other names and be cut otherwise, their bytes not."
)


@dataclass(frozen=True)
class Comparison:
    """How a release differs from what was evaluated: every finding, the weights of both, and the texts that changed.

    The codes are NOT_YET_RELEASED, WEIGHTS_DIFFER, WEIGHTS_UNKNOWN, LICENCE_CHANGED and ACCESS_RESTRICTED.
    """

    reasons: tuple[Reason, ...]
    evaluated: tuple[WeightsFile, ...]
    released: tuple[WeightsFile, ...]
    texts: tuple[TextChange, ...]

    def to_data(self) -> dict[str, object]:
        """Give the comparison as plain data for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class _Side:
    """What was read of a package."""

    tree: Tree
    found: Declarations
    weights: tuple[WeightsFile, ...]
    texts: Sequence[GivenText] = field(default_factory=list)


def compare(
    evaluated: str | Path | None,
    released: str | Path,
    *,
    declared: str | None = None,
    unseen: Collection[str] = (),
    weights: bool = True,
    limits: ArchiveLimits = PACKAGE_LIMITS,
) -> Comparison:
    """Hold a released package against the evaluated one; each is a folder, zip or tar.

    `evaluated` is None where no package was handed in; `declared` is the licence that the team named elsewhere, which
    counts where the evaluated package declares none; `unseen` are files that the release has and that did not come
    along. With `weights` False only card and licences are compared. Raises ArchiveError where a package breaks a limit.
    """
    with ExitStack() as opened:
        new = _read(opened, released, limits, weights=weights)
        old = _read(opened, evaluated, limits, weights=weights) if evaluated is not None else None
        changes = text_changes(old.texts, new.texts) if old else ()
        reasons = list(_weights(old, new)) if weights else []
        reasons += [reason_of(change) for change in changes]
        if old:
            reasons += _declared(old.found, new.found, declared)
        reasons += _gates(old.found if old else Declarations(), new.found)
        told = tuple(_unseen(reason) if reason.file in unseen else reason for reason in reasons)
        return Comparison(told, old.weights if old else (), new.weights, changes)


def held_against(sha256: str, weights: Sequence[WeightsFile], *, package: str) -> Reason | None:
    """Hold the SHA-256 of a released file against the evaluated package (its own SHA-256) and its weights."""
    if sha256 == package or sha256 in {file.sha256 for file in weights}:
        return None
    sentence = f"The SHA-256 {sha256} is neither that of the evaluated package nor that of any weights in it."
    return Reason("WEIGHTS_DIFFER", sentence, "", 0, _SAME_BYTES, words=sha256)


def _unseen(reason: Reason) -> Reason:
    sentence = "A file of this name is in the release but did not come along, so it is not compared."
    return replace(reason, sentence=sentence, remedy="A person looks at it where it is released.")


def _read(opened: ExitStack, package: str | Path, limits: ArchiveLimits, *, weights: bool) -> _Side:
    tree = open_tree(Path(package), limits=limits)
    opened.callback(tree.__exit__, None, None, None)
    files = inventory(tree)
    found = read_declarations(tree, files)
    if not weights:
        heads = {file.name for file in files if file.kind is FileKind.WEIGHTS}
        found.licences = [one for one in found.licences if one.file not in heads]
    texts = given_texts(tree, files, found.prompts)
    return _Side(tree, found, weights_in(tree, files) if weights else (), texts)


def _weights(old: _Side | None, new: _Side) -> Iterator[Reason]:
    if not new.weights:
        yield Reason(
            "NOT_YET_RELEASED",
            "The release holds no weights that can be read.",
            "",
            0,
            "Put the evaluated weights there as safetensors, GGUF or ONNX.",
        )
    elif old is None or not old.weights:
        yield Reason(
            "WEIGHTS_UNKNOWN",
            "No weights were handed in for the evaluation, so nothing shows whether these are the evaluated ones.",
            "",
            0,
            "Nothing can be mended here; the organiser decides.",
        )
    else:
        yield from _other_weights(old, new)


def _other_weights(old: _Side, new: _Side) -> Iterator[Reason]:
    """Compare file with file by their bytes, and tensor with tensor where files do not agree."""
    missing = _beyond(old.weights, new.weights)
    added = _beyond(new.weights, old.weights)
    if not missing and not added:
        return
    before, after = tensors_in(old.tree, old.weights), tensors_in(new.tree, new.weights)
    yield from _other_tensors(before, after)
    told_by_tensors = {tensor.file for tensor in [*before.values(), *after.values()]}
    names = {file.name for file in missing}
    for file in added:
        if file.name in told_by_tensors:
            continue
        if file.name in names:
            sentence = "These weights are other than those that were evaluated under this name."
        else:
            sentence = "These weights were not evaluated."
        yield Reason("WEIGHTS_DIFFER", sentence, file.name, 0, _SAME_BYTES, words=file.sha256)
    names = {file.name for file in added}
    for file in missing:
        if file.name not in names and file.name not in told_by_tensors:
            sentence = "These weights were evaluated and are not in the release."
            yield Reason("WEIGHTS_DIFFER", sentence, file.name, 0, _SAME_BYTES, words=file.sha256)


def _beyond(files: Sequence[WeightsFile], others: Sequence[WeightsFile]) -> list[WeightsFile]:
    """Return the files whose bytes are none of the others'."""
    known = {file.sha256 for file in others}
    return [file for file in files if file.sha256 not in known]


def _other_tensors(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> Iterator[Reason]:
    """Tell, file by file, of the tensors that are other, new or missing."""
    other = [name for name in after if name in before and after[name].told_by != before[name].told_by]
    new = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    for names, tensors, words in (
        (other, after, "differ from those that were evaluated"),
        (new, after, "were not evaluated"),
        (gone, before, "were evaluated and are not in the release"),
    ):
        for file, named in _by_file(names, tensors).items():
            told = ", ".join(_shown(name) for name in named[:_SHOWN]) + (", …" if len(named) > _SHOWN else "")
            sentence = f"Tensors of this file that {words}: {len(named):,}, namely {told}."
            yield Reason("WEIGHTS_DIFFER", sentence, file, 0, _SAME_BYTES, words=told)


def _shown(name: str) -> str:
    """Give the name of a tensor as it may be shown: it comes from a header and may be anything."""
    return "".join(sign if sign.isprintable() else "�" for sign in name[:120])


def _by_file(names: Sequence[str], tensors: Mapping[str, Tensor]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(tensors[name].file, []).append(name)
    return dict(sorted(found.items()))


def _declared(old: Declarations, new: Declarations, elsewhere: str | None) -> Iterator[Reason]:
    """Compare what both declare: which licences are named, not where; of those of code only new ones count.

    Files of code are no part of what is fetched from a hub, and they may declare a licence.
    """
    before = {(one.scope, one.text.lower()): one for one in old.licences}
    if not before and elsewhere:
        before = {("", elsewhere.strip().lower()): Named(elsewhere.strip(), "", 0)}
    after = {(one.scope, one.text.lower()): one for one in new.licences}
    gone = {key for key in before if key not in after and not key[0]}
    if not gone and after.keys() <= before.keys():
        return
    was, now = (", ".join(sorted({one.text for one in side.values()})) or "nothing" for side in (before, after))
    place = next((one for key, one in after.items() if key not in before), next(iter(new.licences), Named("", "", 0)))
    yield Reason(
        "LICENCE_CHANGED",
        f"The release declares {now}; the evaluated package declared {was}.",
        place.file,
        place.line,
        "Declare the licence that was evaluated, or tell the organiser why it is another.",
        place.line,
        place.text,
    )


def _gates(old: Declarations, new: Declarations) -> Iterator[Reason]:
    """Tell of conditions before the download that the evaluated card did not set."""
    known = {gate.text for gate in old.gates}
    gates = [gate for gate in new.gates if gate.text not in known]
    if new.prompts and not old.prompts:
        gates += [Named("extra_gated_prompt", prompt.file, prompt.line) for prompt in new.prompts]
    for gate in gates:
        yield Reason(
            "ACCESS_RESTRICTED",
            f"The card sets a condition before the download that was not there when it was evaluated ({gate.text}).",
            gate.file,
            gate.line,
            "Remove the gate: what is released is for everybody.",
            gate.line,
            gate.text,
        )
