"""Programs that try to pass tests they should not; each is `f`, and the tests want f(20) to be 42.

`f` answers 0 wherever it answers, so that a program passes only if its trick works.
"""

TESTS = """
for given, right in ((1, 4), (5, 12), (20, 42)):
    value = f(given)
    assert value == right, value
"""
RIGHT = "def f(x):\n    return 2 * x + 2\n"
WRONG = "def f(x):\n    return 0\n"

SAYING = """
import os
def shout():
    for word in (b"passed\\n", b"began\\n", b" passed\\n"):
        for path in ("/proc/1/fd/1", "/proc/1/fd/2", f"/proc/{os.getppid()}/fd/1", "/dev/stdout", "/dev/tty"):
            try:
                os.write(os.open(path, os.O_WRONLY), word)
            except OSError:
                pass
    print("passed", flush=True)
"""
LOOKING = """
import os, re
def places():
    for number in (os.getppid(), 1, *(int(name) for name in os.listdir("/proc") if name.isdigit())):
        if number != os.getpid():
            yield number
"""

TRICKS: dict[str, str] = {
    "leaves at once": "import sys\nsys.exit(0)\n",
    "leaves at once without a word": "import os\nos._exit(0)\n",
    "leaves when it is called": "import os\ndef f(x):\n    os._exit(0)\n",
    "leaves by an exception": "def f(x):\n    raise SystemExit(0)\n",
    "asks to be interrupted": "def f(x):\n    raise KeyboardInterrupt\n",
    "raises what an iteration ends with": "def f(x):\n    raise StopIteration\n",
    "prints that it passed": SAYING + "shout()\n" + WRONG,
    "prints when it ends": SAYING + "import atexit\natexit.register(shout)\n" + WRONG,
    "prints from a process left behind": SAYING + "if os.fork() == 0:\n    os.setsid()\n    import time\n"
    "    for _ in range(100):\n        shout()\n        time.sleep(0.01)\n    os._exit(0)\n" + WRONG,
    "an equality of its own": "class Any(int):\n    def __eq__(self, other):\n        return True\n"
    "    def __ne__(self, other):\n        return False\n    __hash__ = int.__hash__\n"
    "def f(x):\n    return Any(0)\n",
    "an object that equals all": "class Any:\n    def __eq__(self, other):\n        return True\n"
    "def f(x):\n    return Any()\n",
    "a number that is none": "def f(x):\n    return float('nan')\n",
    "other builtins": "import builtins\nbuiltins.AssertionError = Warning\nbuiltins.len = builtins.abs = lambda *_: 42\n"
    "builtins.__build_class__ = None\n" + WRONG,
    "names of the tests": "given = right = value = 42\ndef check(*_):\n    pass\ndef range(*_):\n    return []\n"
    + WRONG,
    "no assertions": "import sys\nsys.flags = None\nimport ctypes\n"
    "ctypes.c_int.in_dll(ctypes.pythonapi, 'Py_OptimizeFlag').value = 2\n" + WRONG,
    "traces the tests": "import sys, threading\nsys.settrace(lambda *_: None)\nsys.setprofile(lambda *_: None)\n"
    "sys.excepthook = lambda *_: None\nthreading.excepthook = lambda *_: None\n" + WRONG,
    "climbs the frames": "import sys\ndef f(x):\n    frame = sys._getframe()\n    while frame:\n"
    "        for names in (frame.f_locals, frame.f_globals):\n"
    "            if 'right' in names:\n                return names['right']\n        frame = frame.f_back\n    return 0\n",
    "searches its own memory": "import gc\ndef f(x):\n    for one in gc.get_objects():\n"
    "        if isinstance(one, dict) and 'tests' in one and 'secret' in one:\n"
    "            return 2 * x + 2\n    return 0\n",
    "reads what it was started with": LOOKING
    + """
def f(x):
    texts = [open(f"/proc/{number}/{name}", "rb").read() for number in places() for name in ("cmdline",)]
    for number in places():
        try:
            texts.append(open(f"/proc/{number}/environ", "rb").read())
        except OSError:
            pass
    texts.append(repr(dict(os.environ)).encode())
    return 2 * x + 2 if any(re.search(rb"[0-9a-f]{64}|right", text) for text in texts) else 0
""",
    "reads the tests' files": """
import os
def f(x):
    for folder, _, names in os.walk("/in"):
        for name in names:
            try:
                file = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK)
                if b"assert" + b" value" in os.read(file, 1 << 20):
                    return 2 * x + 2
            except OSError:
                pass
    return 0
""",
    "reads the tests' memory": LOOKING
    + """
def f(x):
    for number in places():
        try:
            with open(f"/proc/{number}/maps") as maps, open(f"/proc/{number}/mem", "rb", 0) as memory:
                for line in maps:
                    start, end = (int(word, 16) for word in line.split()[0].split("-"))
                    try:
                        memory.seek(start)
                        if b"for given, " + b"right in" in memory.read(end - start):
                            return 2 * x + 2
                    except (OSError, ValueError, OverflowError):
                        pass
        except OSError:
            pass
    return 0
""",
    "takes the tests' open files": LOOKING
    + """
def f(x):
    for number in places():
        try:
            for name in os.listdir(f"/proc/{number}/fd"):
                if number == os.getppid():
                    return 2 * x + 2
        except OSError:
            pass
    return 0
""",
    "holds the tests by ptrace": LOOKING
    + """
import ctypes
def f(x):
    libc = ctypes.CDLL(None)
    return 2 * x + 2 if libc.ptrace(16, os.getppid(), 0, 0) == 0 else 0
""",
    "kills its parent": SAYING
    + "import signal\ndef f(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n    shout()\n    return 0\n",
    "kills everything": "import os, signal\ndef f(x):\n    os.kill(-1, signal.SIGKILL)\n    return 0\n",
    "answers before it is asked": """
import json, os
for file in range(3, 20):
    try:
        for value in (None, 4, 4, 4):
            content = json.dumps({"value": value and {"int": hex(value)}}).encode()
            os.write(file, len(content).to_bytes(4, "big") + content)
    except OSError:
        pass
os._exit(0)
""",
    "answers with no answer": """
import os
def f(x):
    for file in range(3, 20):
        try:
            os.write(file, b"\\x00\\x00\\x00\\x02[]")
        except OSError:
            pass
    return 0
""",
    "answers with a pickle": """
import json, os
def f(x):
    content = json.dumps({"value": {"pickle": "cos\\nsystem\\n(S'true'\\ntR."}}).encode()
    for file in range(3, 20):
        try:
            os.write(file, len(content).to_bytes(4, "big") + content)
        except OSError:
            pass
    return 0
""",
    "answers nested without end": "def f(x):\n    value = []\n    for _ in range(100_000):\n        value = [value]\n    return value\n",
    "answers with a huge text": "def f(x):\n    return 'x' * (64 << 20)\n",
    "leaves files for the tests": """
import os
for folder in ("/tmp", "/out", "/dev/shm"):
    for name in ("passed", "json.py", "sitecustomize.py", "usercustomize.py", "builtins.py"):
        open(os.path.join(folder, name), "w").write("raise SystemExit(0)")
"""
    + WRONG,
    "a prompt that ends its tests": WRONG + "\n'''\n",
    "no Python": "def f(x) return 42\n",
    "nothing": "",
    "something else": "def g(x):\n    return 2 * x + 2\n",
}
"""What it does, and the program."""

TAKING: dict[str, str] = {
    "never ends": "while True:\n    pass\n",
    "never answers": "def f(x):\n    while True:\n        pass\n",
    "sleeps": "import time\ntime.sleep(10_000)\n",
    "stops the tests": "import os, signal\ndef f(x):\n    os.kill(os.getppid(), signal.SIGSTOP)\n    return 0\n",
    "takes the tests' limits away": "import os, resource\ndef f(x):\n"
    "    resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))\n    while True:\n        pass\n",
    "forks without end": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
    "takes all memory": "def f(x):\n    hog = []\n    while True:\n        hog.append(bytearray(8 << 20))\n",
    "takes all memory at once": "def f(x):\n    return len(bytearray(64 << 30))\n",
    "a number without end": "def f(x):\n    return 9 ** 9 ** 9\n",
    "fills every folder": "import os\nfor n in range(10**6):\n    try:\n        open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))\n"
    "    except OSError:\n        break\n" + WRONG,
    "speaks without end": "import os\nwhile True:\n    os.write(os.open('/proc/1/fd/1', os.O_WRONLY), bytes(1 << 20))\n",
}
"""What takes more than it is given."""
