"""Why a model is refused: one class a reason, so that a caller can tell them apart without reading sentences."""


class ModelRefused(ValueError):
    """A model must not be loaded; `file` names the file ("" for the whole), the text says what to do about it."""

    def __init__(self, file: str, sentence: str) -> None:
        """Keep the file and the sentence; the text of the error is both."""
        super().__init__(f"{file}: {sentence}" if file else sentence)
        self.file = file
        self.sentence = sentence


class PackageDamaged(ModelRefused):
    """The folder or archive itself cannot be read: cut off, encrypted, a name that leaves it."""


class LinkFound(ModelRefused):
    """A symbolic link, which could lead to a file outside of the package."""


class PackageTooLarge(ModelRefused):
    """More files or bytes than the limits allow."""


class FormatUnclear(ModelRefused):
    """Neither a Hugging Face folder nor one ONNX model, or both at once."""


class UnexpectedFile(ModelRefused):
    """A file of a kind that no model needs."""


class PickleFound(ModelRefused):
    """A pickle, by its name or by its bytes: loading it runs whatever it says."""


class ArchiveWithin(ModelRefused):
    """An archive or a compressed file within the package, by its bytes: what it holds would not be looked at."""


class ProgramFound(ModelRefused):
    """A program, a library or a shell script, by its name or by its bytes."""


class OwnCode(ModelRefused):
    """Python code of the team's own, as a file or by a setting that would load it."""


class PointsElsewhere(ModelRefused):
    """A setting or an index that leads to something outside of the package."""


class JsonBroken(ModelRefused):
    """A JSON file that is no plain data: invalid, too large, too deep, a key twice, NaN."""


class TextBroken(ModelRefused):
    """A text file that is no UTF-8 text."""


class TokenizerBroken(ModelRefused):
    """A tokenizer file that is neither of the two forms in which it may come."""


class SettingsBroken(ModelRefused):
    """A setting that has a value of a kind it cannot have."""


class IndexBroken(ModelRefused):
    """The index of the weights names a file or a tensor that is not there."""


class WeightsMissing(ModelRefused):
    """No weights that would be loaded."""


class SafetensorsBroken(ModelRefused):
    """A safetensors file whose header and bytes do not fit one another."""


class WeightsNotFinite(ModelRefused):
    """Weights that hold NaN or infinity: the model would answer without meaning, and nobody would notice."""


class TemplateUnsafe(ModelRefused):
    """A chat template that reaches beyond setting messages."""


class TemplateBroken(ModelRefused):
    """A chat template that is no valid template."""


class OnnxBroken(ModelRefused):
    """An ONNX file that is cut off, damaged, or written in a way that cannot be checked."""


class OnnxOutside(ModelRefused):
    """An ONNX file that reads its weights from outside of the package."""


class OnnxOperatorUnknown(ModelRefused):
    """An ONNX file with operators that need a library of their own, or that run code."""
