"""Locks itself into the box, then becomes the script worker. Runs alone, without the product.

Defence in depth: should analyst text ever break the worker's own memory safety, it holds two
pipes and may read the loader's libraries; it cannot write, connect, or start anything.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterator

_MIB = 1 << 20
_ADDRESS_SPACE = 512 * _MIB
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_RULESET, _ADD_RULE, _RESTRICT = 444, 445, 446  # Landlock's system calls
_ONE_PATH, _VERSION = 1, 1
_READ_AND_RUN, _FILE_RIGHTS = 0b1101, 0b0111
_READABLE = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/usr/share/zoneinfo",
)
_X86_64 = 0xC000003E
_ALLOW, _KILL, _EPERM = 0x7FFF0000, 0x80000000, 0x00050001
# x86-64 system calls: reading, writing, memory, threads, clocks, starting the worker itself.
_CALLS = (
    *(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 23, 24, 25, 28, 35, 39),
    *(56, 59, 60, 63, 72, 96, 97, 98, 99, 131, 157, 158, 186, 201, 202, 203, 204, 218, 228, 229),
    *(230, 231, 257, 262, 271, 273, 290, 302, 318, 332, 334, 435),
)
_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def main(worker: str, arguments: list[str]) -> None:
    """Shut every door, then start `worker` in this process."""
    _limit_resources()
    _must(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _close_file_system(worker)
    _close_system_calls()
    os.execve(worker, ["monty", *arguments], {})  # noqa: S606 - no shell is the point


def _limit_resources() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _ADDRESS_SPACE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def _close_file_system(worker: str) -> None:
    """Landlock, where the kernel has it; the system call filter stands in any case."""
    version = _libc.syscall(_RULESET, None, 0, _VERSION)
    if version < 1:
        return
    rules = _ruleset(version)
    for path in (*_READABLE, worker):
        _allow_path(rules, os.path.realpath(path))
    _must(_libc.syscall(_RESTRICT, rules, 0), "landlock")
    os.close(rules)


def _ruleset(version: int) -> int:
    """Handle everything this kernel can refuse: files, from 4 on the network, from 6 on signals."""
    files = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        files |= (version >= since) << bit
    network, scopes = 3 * (version >= 4), 3 * (version >= 6)  # noqa: PLR2004 - see above
    size = 24 if scopes else 16 if network else 8
    rules = _libc.syscall(_RULESET, struct.pack("QQQ", files, network, scopes), size, 0)
    _must(min(rules, 0), "landlock rules")
    return int(rules)


def _allow_path(rules: int, path: str) -> None:
    try:
        handle = os.open(path, os.O_PATH)
    except OSError:
        return
    rights = _READ_AND_RUN if os.path.isdir(path) else _READ_AND_RUN & _FILE_RIGHTS  # noqa: PTH112
    rule = struct.pack("=Qi", rights, handle)
    _must(_libc.syscall(_ADD_RULE, rules, _ONE_PATH, rule, 0), f"landlock for {path}")
    os.close(handle)


def _close_system_calls() -> None:
    code = b"".join(_filter())
    text = ctypes.create_string_buffer(code)
    program = _Program(len(code) // 8, ctypes.addressof(text))
    _must(_libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0), "seccomp")


def _filter() -> Iterator[bytes]:
    """Kill a foreign architecture, allow the calls above, answer EPERM to all others."""
    load, equal, answer = 0x20, 0x15, 0x06
    yield struct.pack("HBBI", load, 0, 0, 4)
    yield struct.pack("HBBI", equal, 1, 0, _X86_64)
    yield struct.pack("HBBI", answer, 0, 0, _KILL)
    yield struct.pack("HBBI", load, 0, 0, 0)
    for left, call in zip(range(len(_CALLS), 0, -1), _CALLS, strict=True):
        yield struct.pack("HBBI", equal, left, 0, call)
    yield struct.pack("HBBI", answer, 0, 0, _EPERM)
    yield struct.pack("HBBI", answer, 0, 0, _ALLOW)


def _must(result: int, what: str) -> None:
    if result:
        sys.stderr.write(f"script box: {what} failed with errno {ctypes.get_errno()}\n")
        os._exit(111)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
