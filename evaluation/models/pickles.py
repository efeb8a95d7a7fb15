"""Bytes are told to be a pickle by reading its instructions, and never by following them.

`pickletools.genops` of the standard library names the instructions; the house forbids the module that would obey them.
"""

import io
import pickletools

_IMPORTING = {"GLOBAL", "STACK_GLOBAL", "INST", "REDUCE", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD", "EXT1", "EXT2", "EXT4"}
_PROTOCOLS = {b"\x80" + bytes([number]) for number in range(2, 6)}
_FEWEST = 3  # instructions: a text of one or two letters may read as a pickle by accident
_ENOUGH = 16
_MARK, _SLICE = pickletools.markobject, pickletools.stackslice


def is_pickle(head: bytes, *, whole: bool) -> bool:
    """Say whether bytes are a pickle, or the beginning of one where they are not the whole file.

    Protocols 2 to 5 begin with 0x80 and their number, and one valid instruction more is enough. Protocols 0 and 1 have
    no mark: they are a pickle if they could be followed up to where they stop, and either import something or stop at
    the very end.
    """
    names: list[str] = []
    stack = _Stack()
    stream = io.BytesIO(head)
    marked = head[:2] in _PROTOCOLS
    try:
        for operation, argument, _ in pickletools.genops(stream):
            if not marked and not stack.follows(operation, argument):
                return False
            names.append(operation.name)
    except (ValueError, IndexError, OverflowError, MemoryError):
        pass  # no instruction, or cut off by the limit
    imports = not _IMPORTING.isdisjoint(names)
    if marked:
        return len(names) > 1
    if not names or names[-1] != "STOP":
        return not whole and imports and len(names) >= _ENOUGH
    ends = whole and not head[stream.tell() :].strip()
    return (imports and len(names) > 1) or (ends and len(names) >= _FEWEST)


class _Stack:
    """How high the stack of a pickle would be, where its marks are, and what it remembers; no value is made."""

    def __init__(self) -> None:
        self._marks: list[bool] = []
        self._kept: set[object] = set()

    def follows(self, operation: pickletools.OpcodeInfo, argument: object) -> bool:
        """Say whether an instruction could be followed here; most texts fail by their third letter."""
        name = operation.name
        if name in {"GET", "BINGET", "LONG_BINGET"} and argument not in self._kept:
            return False
        needed = list(operation.stack_before)
        if _MARK in needed:
            if True not in self._marks:
                return False
            while not self._marks.pop():
                pass
            needed = needed[: needed.index(_MARK)]
        if len(needed) > len(self._marks) or any(self._marks[len(self._marks) - len(needed) :]):
            return False
        del self._marks[len(self._marks) - len(needed) :]
        self._marks += [given is _MARK for given in operation.stack_after if given is not _SLICE]
        if name in {"PUT", "BINPUT", "LONG_BINPUT"}:
            self._kept.add(argument)
        if name == "MEMOIZE":
            self._kept.add(len(self._kept))
        return True
