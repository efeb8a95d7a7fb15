"""A model as a Hugging Face folder: config.json, weights as safetensors, a tokenizer, and nothing that runs."""

from typing import Any

from evaluation.models.beside import read_beside
from evaluation.models.facts import ModelFacts, ModelFormat, model_digest
from evaluation.models.index import INDEX, check_index, weights_of
from evaluation.models.names import Kind, kind_of
from evaluation.models.package import Package
from evaluation.models.reading import Reading
from evaluation.models.refusals import SettingsBroken, UnexpectedFile
from evaluation.models.safetensors_files import Tensor, read_safetensors
from evaluation.models.settings import architecture_of

CONFIG = "config.json"
_ORDER = [Kind.JSON, Kind.TEMPLATE, Kind.TEXT, Kind.TOKENIZER, Kind.SAFETENSORS, Kind.OUTSIDE_DATA]


class Folder:
    """The look at one folder: what was found so far."""

    def __init__(self, package: Package) -> None:
        """Tell all files by their names, so that what is refused by name is refused before anything is read."""
        self._package = package
        self._kinds = {name: kind_of(name) for name in sorted(package.sizes)}
        self._settings: dict[str, Any] = {}
        self._tensors: dict[str, tuple[Tensor, ...]] = {}
        self._templates = 0

    def look(self) -> ModelFacts:
        """Read every file once, the small ones first; raises a ModelRefused of its own class for each reason."""
        for name in sorted(self._kinds, key=lambda name: (_ORDER.index(self._kinds[name]), name)):
            if self._kinds[name] is Kind.OUTSIDE_DATA:
                raise UnexpectedFile(name, "this folder needs no such file. Save the weights as safetensors.")
            if self._kinds[name] is Kind.SAFETENSORS and not self._tensors:
                self._weights()  # an index that leads elsewhere is found before gigabytes are read
            with self._package.reading(name) as file:
                self._read(file, self._kinds[name])
        return self._facts()

    def _read(self, file: Reading, kind: Kind) -> None:
        if kind is Kind.SAFETENSORS:
            self._tensors[file.name] = read_safetensors(file)
            return
        data, templates = read_beside(file, kind, files=self._package.sizes)
        self._templates += templates
        if file.name in {CONFIG, INDEX}:
            self._settings[file.name] = data

    def _weights(self) -> frozenset[str]:
        return weights_of(self._package.sizes, self._settings.get(INDEX))

    def _facts(self) -> ModelFacts:
        weights = self._weights()
        if INDEX in self._settings:
            names = {name: frozenset(tensor.name for tensor in self._tensors[name]) for name in weights}
            check_index(self._settings[INDEX], tensors=names)
        model_type, architecture = architecture_of(self._settings[CONFIG])
        if not model_type:
            raise SettingsBroken(CONFIG, "it names no model_type. Save the model with its configuration.")
        tensors = [tensor for name in sorted(weights) for tensor in self._tensors[name]]
        files = tuple(self._package.files[name] for name in sorted(self._package.files))
        return ModelFacts(
            format=ModelFormat.HUGGING_FACE,
            digest=model_digest(files),
            files=files,
            size=sum(file.size for file in files),
            parameters=sum(tensor.elements for tensor in tensors),
            tensors=len(tensors),
            dtypes=tuple(sorted({tensor.dtype for tensor in tensors})),
            model_type=model_type,
            architecture=architecture,
            chat_templates=self._templates,
        )
