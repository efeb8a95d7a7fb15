"""Attacks that reach for what is not theirs: the platform's data, other teams' data, the network, the host, the kernel."""

from collections.abc import Callable

from evaluation.sandbox.seccomp import REFUSED
from tests.evaluation.sandbox.assault import Attack, Seen, within
from tests.evaluation.sandbox.baits import KEY, SECRET

_READ = """
import os
database, theirs, folder = (os.environ[name] for name in ("DATABASE", "THEIRS", "FOLDER"))
paths = [
    database, theirs, folder, "/etc/passwd", "/etc/shadow", "/etc/munge/munge.key", "/root/.ssh", "/home", "/srv", "/mnt",
    "/var/lib/postgresql", "/var/lib/mysql", "/run", "/var/run/postgresql", "/sys/kernel", "/boot", "/opt", "/work",
    "/in/../" + theirs, "/in/beside", "/in/absolute", "/usr/.." + database, "/usr/../.." + theirs, "/in/..//theirs",
]
for root in ("/proc/1/root", "/proc/self/root", "/proc/self/cwd/..", "/proc/1/cwd/../..", "/proc/thread-self/root/.."):
    paths += [root + path for path in (database, theirs, "/etc/shadow", "/mnt", "/run")]
for path in paths:
    try:
        print("READ", path, os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(20))
    except OSError as error:
        print(error)
"""
_BESIDE = """
import os
for top, folders, files in os.walk("/in", followlinks=True):
    for name in files:
        try:
            print(name, open(os.path.join(top, name), "rb").read())
        except OSError as error:
            print(name, error.strerror)
try:
    inside = os.open("/in", os.O_RDONLY | os.O_DIRECTORY)
    print("READ", os.listdir(os.open("../theirs", os.O_RDONLY, dir_fd=inside)))
except OSError as error:
    print(error)
"""
_SOCKETS = """
import os, socket
addresses = [
    (socket.AF_INET, ("127.0.0.1", int(os.environ["PORT"]))), (socket.AF_INET, ("127.0.0.1", 5432)),
    (socket.AF_INET, ("127.0.0.1", 3306)), (socket.AF_INET6, ("::1", 5432)), (socket.AF_UNIX, os.environ["SOCKET"]),
    (socket.AF_UNIX, "/var/run/postgresql/.s.PGSQL.5432"), (socket.AF_UNIX, "/run/postgresql/.s.PGSQL.5432"),
    (socket.AF_UNIX, "/run/mysqld/mysqld.sock"), (socket.AF_UNIX, "\\0" + os.environ["ABSTRACT"]),
    (socket.AF_UNIX, "/proc/1/root" + os.environ["SOCKET"]),
]
for family, address in addresses:
    try:
        with socket.socket(family) as one:
            one.settimeout(2)
            one.connect(address)
            print("CONNECTED", address)
    except OSError as error:
        print(address, error)
for number in range(0, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(number, kind).close()
            if number != socket.AF_UNIX:
                print("MADE", number, kind)
        except OSError:
            pass
left, right = socket.socketpair()
left.send(b"between my own")
print(right.recv(20))
"""
_INHERITED = """
import os
print("files", sorted(os.listdir("/proc/self/fd")), sorted(os.listdir("/proc/1/fd")))
for number in range(256):
    for path in (f"/proc/self/fd/{number}", f"/proc/1/fd/{number}"):
        try:
            where = os.readlink(path)
        except OSError:
            continue
        if not where.startswith(("pipe:", "/dev/null", "/proc")):
            print("INHERITED", path, where)
print("environment", sorted(os.environ), open("/proc/1/environ", "rb").read())
print("standard input:", open(0, "rb").read())
"""
_PROC = """
import os
folder = os.environ["FOLDER"].encode()
print("processes", [name for name in os.listdir("/proc") if name.isdigit()])
if folder in open("/proc/1/cmdline", "rb").read():
    print("TELLS host paths")
for path in ("kcore", "kmsg", "kallsyms", "kpagecount", "1/mem", "1/auxv", "self/pagemap", "keys", "sched_debug", "1/maps"):
    try:
        open("/proc/" + path, "rb").read(100)
    except OSError as error:
        print(path, error.strerror)
writable = (
    "self/uid_map", "self/gid_map", "self/setgroups", "self/oom_score_adj", "self/loginuid", "sysrq-trigger", "1/mem",
    "sys/kernel/core_pattern", "sys/kernel/modprobe", "sys/vm/drop_caches", "sys/kernel/ns_last_pid", "1/oom_score_adj",
    "sys/fs/binfmt_misc/register", "sys/user/max_user_namespaces", "acpi/wakeup", "self/timens_offsets", "irq/0/smp_affinity",
)
for path in writable:
    try:
        file = os.open("/proc/" + path, os.O_WRONLY)
        os.write(file, b"-900")
        print("WROTE", path)
    except OSError as error:
        print(path, error.strerror)
"""
_WRITE = """
import os
for path in ("/usr/bin/evil", "/usr/evil", "/etc/evil", "/evil", "/dev/evil", "/out/../evil", "/bin/evil", "/proc/1/root/evil",
             "/in/evil", "/in/model.bin", "/usr/bin/python3", "/proc/self/exe", "/etc/ld.so.cache", "/dev/pts/evil"):
    for mode in ("ab", "r+b", "wb"):
        try:
            open(path, mode).write(b"x")
            print("WROTE", path)
        except OSError as error:
            print(path, error.strerror)
deeds = ((os.remove, ("/usr/bin/python3",)), (os.chmod, ("/usr/bin", 0o777)), (os.chroot, ("/out",)), (os.remove, ("/in/model.bin",)),
         (os.rename, ("/in/model.bin", "/in/other")), (os.chmod, ("/in/model.bin", 0o777)), (os.rmdir, ("/out",)),
         (os.rename, ("/out", "/out2")), (os.link, ("/in/model.bin", "/out/linked")), (os.utime, ("/in/model.bin",)),
         (os.setxattr, ("/in/model.bin", "user.x", b"x")), (os.symlink, ("/etc", "/in/link")), (os.mkdir, ("/in/new",)),
         (os.truncate, ("/in/model.bin", 0)), (os.mknod, ("/out/null", 0o20666, os.makedev(1, 1))),
         (os.setuid, (0,)), (os.setgroups, ([0],)), (os.nice, (-5,)), (os.sched_setscheduler, (0, 1, os.sched_param(1))))
for deed, arguments in deeds:
    try:
        deed(*arguments)
        print("DID", deed.__name__, arguments)
    except OSError as error:
        print(deed.__name__, error.strerror)
"""
_RISE = """
import os, subprocess
for command in (["su", "-c", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"], ["unshare", "-r", "id"], ["unshare", "-m", "id"],
                ["setpriv", "--reuid=0", "id"], ["bwrap", "--ro-bind", "/", "/", "id"], ["nsenter", "-t", "1", "-m", "id"],
                ["chroot", "/out", "/bin/sh"], ["newgrp"], ["passwd", "root"]):
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=5)
        print("ROSE" if done.returncode == 0 else "refused", command, done.stdout[:90], done.stderr[:90])
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)
print([line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapBnd", "NoNewPrivs", "Seccomp:"))])
"""
_CALLS = f"""
import ctypes, errno, platform
library = ctypes.CDLL(None, use_errno=True)
calls = {REFUSED!r}
column = ("x86_64", "aarch64").index(platform.machine())
def call(name, number, *arguments):
    ctypes.set_errno(0)
    answer = library.syscall(number, *(ctypes.c_ulong(one) for one in arguments))
    if answer >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        print("DID", name, answer, errno.errorcode.get(ctypes.get_errno()))
count = 0
for name, numbers in calls.items():
    if numbers[column] is not None and name not in ("reboot", "vhangup"):
        call(name, numbers[column], 0, 0, 0, 0, 0, 0)
        count += 1
for flag in (0x10000000, 0x20000000, 0x40000000, 0x04000000, 0x08000000, 0x02000000, 0x00020000):
    call("clone " + hex(flag), (56, 220)[column], flag | 17, 0, 0, 0, 0)
call("clone3", 435, 0, 0)
call("socket vsock", (41, 198)[column], 40, 1, 0)
call("a call of the future", 470, 0, 0)
print(f"asked: {{count}}")
"""
_OLD_CALLS = """
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid of i386); int 0x80; ret
entry = ctypes.addressof(ctypes.c_char.from_buffer(code))
print("begun", flush=True)
print("DID", ctypes.CFUNCTYPE(ctypes.c_int)(entry)())
"""
_FIRST_PROCESS = """
import os, signal
for number in sorted(signal.valid_signals()):
    try:
        os.kill(1, number)
    except OSError as error:
        print(error)
print("still here", os.listdir("/in")[:1], flush=True)
os.kill(-1, signal.SIGKILL)
"""
_SILENT_DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 20)
        time.sleep(777)
    os._exit(0)
print("main is done")
"""
_LOUD_DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(777)
print("main is done")
"""
_PICKLE = """
import pickle
print("loaded", pickle.load(open("/in/evil.pkl", "rb")))
"""


def _silent(*words: bytes) -> Callable[[Seen], bool]:
    """Return a judgement: the program came to its end, and said none of the words."""
    return lambda seen: seen.end.code == 0 and bool(seen.said) and not any(word in seen.said for word in words)


def _inherits_nothing(seen: Seen) -> bool:
    said = seen.said
    return (
        KEY.encode() not in said and b"INHERITED" not in said and b"standard input: b''" in said and seen.end.code == 0
    )


SECRETS = (SECRET.encode(), b"SQLite", KEY.encode())
ATTACKS = [
    Attack("the platform's files", _READ, _silent(b"READ", *SECRETS)),
    Attack("another team's files", _BESIDE, lambda seen: b"weights" in seen.said and _silent(b"READ", *SECRETS)(seen)),
    Attack(
        "network and sockets",
        _SOCKETS,
        lambda seen: b"between my own" in seen.said and _silent(b"CONNECTED", b"MADE")(seen),
    ),
    Attack("inherited secrets", _INHERITED, _inherits_nothing),
    Attack("proc", _PROC, _silent(b"TELLS", b"WROTE sys", b"WROTE 1", b"WROTE self/uid", b"WROTE self/oom", *SECRETS)),
    Attack("writing elsewhere", _WRITE, _silent(b"WROTE", b"DID")),
    Attack("rising", _RISE, lambda seen: b"'0000000000000000'" in seen.said and _silent(b"ROSE")(seen)),
    Attack("system calls", _CALLS, lambda seen: b"asked: " in seen.said and _silent(b"DID")(seen)),
    Attack("system calls of 32 bits", _OLD_CALLS, lambda seen: b"begun" in seen.said and b"DID" not in seen.said),
    Attack("killing the first process", _FIRST_PROCESS, lambda seen: b"still here" in seen.said),
    Attack("silent daemon", _SILENT_DAEMON, lambda seen: b"done" in seen.said and seen.end.wall < 10),
    Attack("loud daemon", _LOUD_DAEMON, lambda seen: b"done" in seen.said and seen.end.wall < 10),
    Attack(
        "pickle", _PICKLE, lambda seen: b"uid=1000" in seen.said and _silent(*SECRETS)(seen), within(wall_seconds=10)
    ),
]
