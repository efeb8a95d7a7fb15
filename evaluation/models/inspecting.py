"""A submitted model is looked at before anything loads it, and what is dangerous or broken is refused."""

from pathlib import Path

from evaluation.archives import ArchiveLimits
from evaluation.models.beside import read_beside
from evaluation.models.facts import ModelFacts, ModelFormat, model_digest
from evaluation.models.hugging_face import CONFIG, Folder
from evaluation.models.names import Kind, kind_of
from evaluation.models.onnx_files import OnnxFacts, read_onnx
from evaluation.models.onnx_outside import Region, read_regions, regions_of
from evaluation.models.package import MODEL_LIMITS, Package, opened
from evaluation.models.refusals import FormatUnclear, OnnxBroken, UnexpectedFile


def inspect_model(path: str | Path, *, limits: ArchiveLimits = MODEL_LIMITS) -> ModelFacts:
    """Look at a model, a folder or a zip of it, without loading it.

    Every file is read once, in pieces; weights of any size take less than 20 MiB of memory, settings and vocabularies
    several times their own size of at most 64 MiB. Raises a subclass of ModelRefused for each reason (see `refusals`),
    and OSError where the path cannot be read.
    """
    with opened(Path(path), limits) as package:
        onnx = [name for name in package.sizes if name.lower().endswith(".onnx")]
        if onnx and CONFIG in package.sizes and any(name.endswith(".safetensors") for name in package.sizes):
            raise FormatUnclear("", f"there are weights as safetensors and as ONNX ({onnx[0]}). Hand in one of them.")
        if len(onnx) > 1:
            raise FormatUnclear("", f"there are {len(onnx)} ONNX files. Hand in one.")
        if onnx:
            return _onnx(package, onnx[0])
        for name in sorted(package.sizes):
            kind_of(name)  # a lone pickle is called one, and not a folder without config.json
        if CONFIG not in package.sizes:
            raise FormatUnclear("", "there is neither config.json nor an ONNX file. Hand in the model's own folder.")
        return Folder(package).look()


def _onnx(package: Package, name: str) -> ModelFacts:
    """Look at one ONNX file, at the files in which it keeps weights, and at what lies beside them."""
    _check_names(package)
    with package.reading(name) as file:
        found = read_onnx(file)
    if not found.tensors:
        raise OnnxBroken(name, "it holds no weights. Hand in a trained model.")
    regions = regions_of(found.outside, file=name, sizes=package.sizes)
    templates = 0
    for other in sorted(package.sizes):
        if other in regions:
            _read_outside(package, other, regions[other])
        elif other != name:
            templates += _read_beside(package, other)
    return _facts(package, found, templates)


def _check_names(package: Package) -> None:
    """Refuse by name whatever is dangerous; files of unknown names may still be weights of the ONNX file."""
    for name in sorted(package.sizes):
        try:
            kind_of(name)
        except UnexpectedFile:
            continue


def _read_outside(package: Package, name: str, regions: list[Region]) -> None:
    with package.reading(name, raw=True) as file:
        read_regions(file, regions)


def _read_beside(package: Package, name: str) -> int:
    kind = kind_of(name)
    if kind in {Kind.OUTSIDE_DATA, Kind.SAFETENSORS}:
        raise UnexpectedFile(name, "the ONNX file does not name it. Remove it.")
    with package.reading(name) as file:
        _, templates = read_beside(file, kind, files=package.sizes)
    return templates


def _facts(package: Package, found: OnnxFacts, templates: int) -> ModelFacts:
    files = tuple(package.files[name] for name in sorted(package.files))
    return ModelFacts(
        format=ModelFormat.ONNX,
        digest=model_digest(files),
        files=files,
        size=sum(file.size for file in files),
        parameters=found.weights,
        tensors=found.tensors,
        dtypes=tuple(sorted(found.dtypes)),
        model_type="onnx",
        architecture=found.producer or None,
        chat_templates=templates,
    )
