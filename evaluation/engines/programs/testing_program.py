"""Tests a program that nobody trusts with tests that it cannot see, and says whether it passed so that it cannot lie.

    python3 -I testing_program.py tests FOLDER        the tests' side: reads FOLDER/tests, which is a pipe, to its end
    python3 -I testing_program.py program FOLDER      the program's side, which the first starts: runs FOLDER/program.py

It runs in a sandbox made for this one program. Tests and program are two processes. The program's side gets the
arguments of one call at a time and gives a value back; only plain values go over, as JSON, and are made anew on the
tests' side, so that nothing of the program, no class with an equality of its own, gets where the tests compare. That a
program passed is said with a secret that came through the pipe, is in no file, and is written down at no other time;
the memory of the tests' side is closed to all other processes before it reads a word.

Names that the tests use and neither define nor find among the builtins are the program's. Output, a line each: `began`
before anything of the program runs; then `SECRET passed`, or `SECRET fault …` for tests that cannot be run at all, or
one of the words failed, ended, unparsable without a secret, as nobody gains by saying those.
"""

import builtins
import json
import os
import sys
import types

NOT_DUMPABLE = 4
"""PR_SET_DUMPABLE of prctl(2); with the value 0, /proc/PID/mem, fd and environ are closed to others of this user."""
HOME = "/tmp"  # noqa: S108  # the sandbox's own
SURROUNDINGS = {"HOME": HOME, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0"}
SHUT = ("-s", "-P", "-B")
"""As shut off as -I, which would not take a seed: so the order of a set is the same in every run."""
PASSED, NOT_PASSED = 0, 1
LARGEST = 16 << 20
"""Bytes of one message."""


class Ended(BaseException):
    """The program's side is gone, or said what is no answer; nothing in the tests is meant to catch it."""


class ProgramRaised(Exception):
    """The program raised what is no exception of Python's own."""


def test(folder):
    """Run the tests against the program and say how it went."""
    hide()
    told = read_told(f"{folder}/tests")
    secret = told["secret"]
    try:
        tests = compile(told["tests"], "tests", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        say(f"began\n{secret} fault {type(error).__name__}: {' '.join(str(error).split())[:300]}")
        return NOT_PASSED
    say("began")
    program = Program(folder)
    try:
        program.begin()
        exec(tests, Names(program))  # noqa: S102  # the organiser's own words
        said = "failed" if program.is_gone else f"{secret} passed"
    except Unparsable:
        said = "unparsable"
    except Ended:
        said = "ended"
    except CannotPass as error:
        said = f"{secret} fault {error}" if not program.is_gone else "ended"
    except BaseException:  # a failed assertion, or whatever else tests may end with
        said = "failed"
    program.end()
    say(said)
    return PASSED if said == f"{secret} passed" else NOT_PASSED


class Unparsable(BaseException):
    """The program is no Python."""


class CannotPass(BaseException):
    """The tests hand over an argument that is no plain value."""


class Names(dict):
    """The names that tests see: their own first, then the builtins, then those of the program."""

    def __init__(self, program):
        super().__init__(__name__="tests")
        self.program = program

    def __missing__(self, name):
        if hasattr(builtins, name) or name.startswith("__"):
            raise KeyError(name)
        return self.program.function(name)


class Program:
    """The other side, as the tests see it."""

    def __init__(self, folder):
        import subprocess  # here and below where it is needed: two Pythons are started for every program

        here, self.said = os.pipe()
        self.heard, there = os.pipe()
        command = [sys.executable, *SHUT, __file__, "program", folder, str(here), str(there)]
        quiet, pipes = subprocess.DEVNULL, (here, there)
        self.process = subprocess.Popen(
            command, stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=pipes, env=SURROUNDINGS, cwd=HOME
        )
        os.close(here)
        os.close(there)
        self.is_gone = False

    def begin(self):
        """Wait until the program has been defined."""
        found = self.hear()
        if "unparsable" in found:
            raise Unparsable
        self.value(found)

    def function(self, name):
        def call(*given, **named):
            self.say({"name": name, "given": coded(given), "named": coded(named)})
            return self.value(self.hear())

        call.__name__ = call.__qualname__ = name
        return call

    def value(self, found):
        """Return the value of an answer, or raise what the program raised."""
        if "raised" in found:
            raise raised(found["raised"])
        try:
            return decoded(found["value"])
        except (LookupError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise self.gone() from error

    def say(self, message):
        content = json.dumps(message).encode()
        try:
            write_all(self.said, len(content).to_bytes(4, "big") + content)
        except OSError as error:
            raise self.gone() from error

    def hear(self):
        try:
            size = int.from_bytes(read_all(self.heard, 4), "big")
            if size > LARGEST:
                raise ValueError("too long")
            found = json.loads(read_all(self.heard, size))
        except (OSError, EOFError, ValueError, RecursionError) as error:
            raise self.gone() from error
        if not isinstance(found, dict):
            raise self.gone()
        return found

    def gone(self):
        self.is_gone = True  # also where tests catch everything
        return Ended()

    def end(self):
        self.process.kill()
        self.process.wait()


def raised(found):
    """Make anew what the program raised; what is none of Python's own exceptions has no class that tests could name."""
    name, words = (str(word) for word in found) if isinstance(found, list) and len(found) == 2 else ("", "")
    kind = getattr(builtins, name, None)
    try:
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind(words)
    except TypeError:  # some are not made of words
        pass
    return ProgramRaised(f"{name}: {words}")


def serve(folder, reading, writing):
    """Be the program's side: define it, then answer one call after the other."""
    answer = {}
    try:
        with open(f"{folder}/program.py", "rb") as file:
            code = compile(file.read(), "program.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        tell(writing, {"unparsable": True})
        return
    module = types.ModuleType("program")
    sys.modules["program"] = module
    try:
        exec(code, module.__dict__)  # noqa: S102  # what this process is for
        answer = {"value": None}
    except BaseException as error:  # leaving early is no way out
        answer = {"raised": [type(error).__name__, str(error)[:1000]]}
    while True:
        tell(writing, answer)
        asked = json.loads(read_all(reading, int.from_bytes(read_all(reading, 4), "big")))
        try:
            if asked["name"] not in module.__dict__:
                raise NameError(f"name {asked['name']!r} is not defined")
            value = module.__dict__[asked["name"]](*decoded(asked["given"]), **decoded(asked["named"]))
            answer = {"value": coded(value)}
        except CannotPass as error:
            answer = {"raised": ["TypeError", str(error)]}
        except BaseException as error:
            answer = {"raised": [type(error).__name__, str(error)[:1000]]}


def tell(writing, answer):
    content = json.dumps(answer).encode()
    write_all(writing, len(content).to_bytes(4, "big") + content)


def coded(value):
    """Write a plain value as JSON can say it; raises CannotPass for any other."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": hex(value)}
    if isinstance(value, float):
        return {"float": float.hex(float(value))}
    if isinstance(value, complex):
        return {"complex": [float.hex(value.real), float.hex(value.imag)]}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, dict):
        return {"dict": [[coded(key), coded(one)] for key, one in value.items()]}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return {kind.__name__: [coded(one) for one in value]}
    raise CannotPass(f"a value of the kind {type(value).__name__} cannot be handed over between tests and program")


def decoded(found):
    """Make a value anew; raises LookupError, TypeError or ValueError for what `coded` never writes."""
    if not isinstance(found, dict):
        if isinstance(found, (list, int, float)) and not isinstance(found, bool):
            raise ValueError("bare")
        return found
    ((kind, content),) = found.items()
    return MAKERS[kind](content)


MAKERS = {
    "int": lambda text: int(text, 16),
    "float": float.fromhex,
    "complex": lambda pair: complex(float.fromhex(pair[0]), float.fromhex(pair[1])),
    "bytes": bytes.fromhex,
    "dict": lambda pairs: {decoded(key): decoded(one) for key, one in pairs},
    "list": lambda found: [decoded(one) for one in found],
    "tuple": lambda found: tuple(decoded(one) for one in found),
    "set": lambda found: {decoded(one) for one in found},
    "frozenset": lambda found: frozenset(decoded(one) for one in found),
}


def hide():
    """Close this process's memory, files and environment to all others; OSError where the kernel does not."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).prctl(NOT_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def read_told(path):
    """Read what is told, from a pipe: what has been read is nowhere any more."""
    with open(path, "rb", buffering=0) as pipe:
        file = pipe.fileno()
        return json.loads(read_all(file, int.from_bytes(read_all(file, 4), "big")))


def read_all(file, size):
    content = bytearray()
    while len(content) < size:
        piece = os.read(file, min(size - len(content), 1 << 20))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)


def write_all(file, content):
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "tests":
        sys.exit(test(sys.argv[2]))
    serve(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
