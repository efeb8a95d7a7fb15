"""Which files a model may hold, by their names; whatever is on no list is refused."""

from enum import StrEnum
from pathlib import PurePosixPath

from evaluation.models.refusals import ArchiveWithin, OwnCode, PickleFound, ProgramFound, UnexpectedFile


class Kind(StrEnum):
    """How a file is read."""

    JSON = "json"
    TEXT = "text"
    TEMPLATE = "template"
    TOKENIZER = "tokenizer"
    SAFETENSORS = "safetensors"
    ONNX = "onnx"
    OUTSIDE_DATA = "outside_data"


_PICKLED = {
    ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".dill", ".npy", ".npz", ".p", ".pt2", ".mar",
}  # fmt: skip
_PACKED = {
    ".zip",
    ".tar",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".7z",
    ".rar",
    ".zst",
    ".lz4",
    ".lzma",
    ".whl",
    ".jar",
    ".nemo",
}
_PROGRAMS = {
    ".so", ".dll", ".exe", ".dylib", ".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".com", ".msi", ".node", ".wasm",
    ".a", ".o", ".ko", ".cu", ".cubin", ".ptx", ".js", ".pl", ".rb", ".lua",
}  # fmt: skip
_CODE = {".py", ".pyc", ".pyo", ".pyi", ".pyx", ".pyd", ".ipynb"}
_TEXT = {".txt", ".md", ".rst", ".vocab", ".bpe", ".codes", ".tiktoken", ".cff", ".bib"}
_TEXT_NAMES = {"license", "licence", "notice", "copying", "readme", "authors", "citation", "use_policy"}
_GIT = {".gitattributes", ".gitignore"}
_DATA = {".data", ".onnx_data", ".weights"}
_KINDS = {
    ".json": Kind.JSON,
    ".jinja": Kind.TEMPLATE,
    ".model": Kind.TOKENIZER,
    ".safetensors": Kind.SAFETENSORS,
    ".onnx": Kind.ONNX,
}


def kind_of(name: str) -> Kind:
    """Tell from a file's name how it is to be read.

    Raises PickleFound, ArchiveWithin, ProgramFound, OwnCode or UnexpectedFile for a name that no model needs.
    """
    path = PurePosixPath(name.lower())
    if path.name not in _GIT and any(part.startswith(".") or part == "__macosx" for part in path.parts):
        raise UnexpectedFile(name, "hidden files are no part of a model. Remove it, or pack the folder without it.")
    suffix = path.suffix
    library = any(part == ".so" for part in path.suffixes)  # libfoo.so.1
    if suffix in _PICKLED:
        raise PickleFound(
            name, "files of this kind may hold pickles. Save the weights as safetensors and remove this file."
        )
    if suffix in _CODE:
        raise OwnCode(name, "code of a team is not run. Use an architecture of the library, and remove this file.")
    if suffix in _PROGRAMS or library:
        raise ProgramFound(name, "a model consists of data alone. Remove this file.")
    if suffix in _PACKED:
        raise ArchiveWithin(name, "an archive within the package is not looked into. Unpack it.")
    if suffix in _KINDS:
        return _KINDS[suffix]
    if suffix in _DATA:
        return Kind.OUTSIDE_DATA
    if suffix in _TEXT or path.name in _GIT or path.name.split(".")[0].split("-")[0] in _TEXT_NAMES:
        return Kind.TEXT
    raise UnexpectedFile(name, "no model needs a file of this kind. Remove it, or hand it in with the documents.")
