"""A model's package: a folder or a zip of it, with the names that its files have below the model's own folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.archives import ArchiveError, ArchiveLimits, LinkError, SizeError
from evaluation.models.contents import refuse_by_head, refuse_by_tail
from evaluation.models.facts import FileFacts
from evaluation.models.reading import Reading
from evaluation.models.refusals import LinkFound, ModelRefused, PackageDamaged, PackageTooLarge
from evaluation.trees import Tree, open_tree

MODEL_LIMITS = ArchiveLimits(entries=1_000, total=2**40, ratio=100)
"""At most a thousand files and 1 TiB; a zip may hold no file that is a hundredth of its size or less."""


class Package:
    """The files of a model; a single folder around them all is no part of their names."""

    def __init__(self, tree: Tree) -> None:
        """Take the files of a tree that was opened, and checked, within limits."""
        self._tree = tree
        entries = tree.entries
        tops = {entry.name.partition("/")[0] if "/" in entry.name else "" for entry in entries}
        self._top = f"{tops.pop()}/" if len(tops) == 1 and "" not in tops else ""
        self.sizes = {entry.name.removeprefix(self._top): entry.size for entry in entries}
        self.files: dict[str, FileFacts] = {}

    @contextmanager
    def reading(self, name: str, *, raw: bool = False) -> Iterator[Reading]:
        """Open a file by its name; when the block ends, the rest is read, judged by its bytes, and the digest kept.

        `raw` is for files of bare numbers, which may begin with any bytes whatever.
        """
        with Reading(self._tree, self._top + name, name=name, size=self.sizes[name]) as file:
            if not raw:
                refuse_by_head(file)
            yield file
            file.rest()
            refuse_by_tail(file)
            self.files[name] = FileFacts(name, file.size, file.sha256())


@contextmanager
def opened(path: Path, limits: ArchiveLimits) -> Iterator[Package]:
    """Open a package; raises FileNotFoundError, and LinkFound, PackageTooLarge or PackageDamaged for what is in it."""
    path.stat()
    with _refusing(), open_tree(path, limits=limits) as tree:
        yield Package(tree)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn the errors of archives and folders into refusals."""
    try:
        yield
    except ModelRefused:
        raise
    except LinkError as error:
        raise LinkFound("", f"{error}.") from error
    except SizeError as error:
        raise PackageTooLarge("", f"{error}. Hand in the model alone.") from error
    except ArchiveError as error:
        raise PackageDamaged("", f"{error}. Hand in a folder or a zip of it.") from error
