"""The workers: locked in, shared fairly, replaced when they die, never inherited by a fork."""

import ctypes
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.workflow.spiff.sandbox import box, limits, pool
from app.workflow.spiff.sandbox.environment import Environment
from app.workflow.spiff.sandbox.errors import ScriptError, ScriptsBusy, ScriptStopped

ASKS_WORKER = "str(2)"  # plainer expressions are answered without one
LAUNCHER = Path(box.__file__).with_name("launcher.py")
boxed = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the box is for Linux x86-64"
)


def _has_landlock() -> bool:
    return bool(ctypes.CDLL(None).syscall(444, None, 0, 1) > 0)


def _in_box(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"there is no {program} here")
    return subprocess.run(
        [sys.executable, "-ISE", str(LAUNCHER), path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        env={"SECRET": "s3cr3t", "PATH": os.environ["PATH"]},
    )


def _worker_pids() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    children = [pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
    return [int(pid) for pid in children if "monty" in Path(f"/proc/{pid}/cmdline").read_text()]


@boxed
@pytest.mark.skipif(not _has_landlock(), reason="this kernel has no Landlock")
def test_the_box_hides_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cr3t", encoding="utf-8")

    seen = _in_box("cat", str(secret), "/etc/passwd", f"/proc/{os.getpid()}/environ")

    assert seen.returncode != 0
    assert seen.stdout == ""
    assert "ermission denied" in seen.stderr


@boxed
def test_the_box_empties_the_environment() -> None:
    assert "s3cr3t" not in _in_box("env").stdout


@boxed
def test_the_box_refuses_the_network() -> None:
    tried = _in_box("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9")

    assert tried.returncode != 0
    assert "not permitted" in tried.stderr


@boxed
def test_the_box_writes_nothing(tmp_path: Path) -> None:
    _in_box("cp", "/etc/hostname", str(tmp_path / "copy"))

    assert not (tmp_path / "copy").exists()


@boxed
def test_workers_run_in_the_box() -> None:
    Environment().evaluate(ASKS_WORKER, {})

    for pid in _worker_pids():
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status


def test_a_machine_without_the_box_is_warned(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    unboxed = box.Box(wanted=True)

    assert unboxed.command == box.Box(wanted=False).command
    assert "without the system call box" in caplog.text


def test_a_worker_that_dies_is_one_failed_step() -> None:
    def kill() -> None:
        for pid in _worker_pids():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(ScriptStopped):
        Environment({"kill": kill}).evaluate("str(kill())", {})

    assert Environment().evaluate(ASKS_WORKER, {}) == "2"


def test_one_person_cannot_occupy_all_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0.1)
    inside, leave = threading.Barrier(pool.WORKERS_PER_OWNER + 1), threading.Event()

    def wait() -> None:
        inside.wait(10)
        leave.wait(10)

    def occupy() -> None:
        Environment({"wait": wait}, owner="eve").evaluate("str(wait())", {})

    occupants = [threading.Thread(target=occupy) for _ in range(pool.WORKERS_PER_OWNER)]
    for occupant in occupants:
        occupant.start()
    inside.wait(10)
    try:
        with pytest.raises(ScriptsBusy):
            Environment(owner="eve").evaluate(ASKS_WORKER, {})
        assert Environment(owner="lin").evaluate(ASKS_WORKER, {}) == "2"
    finally:
        leave.set()
        for occupant in occupants:
            occupant.join()
    assert Environment(owner="eve").evaluate(ASKS_WORKER, {}) == "2"


def test_many_threads_share_the_workers() -> None:
    results: list[object] = []

    def work(number: int) -> None:
        mine = Environment(owner=str(number))
        results.extend(mine.evaluate("str(n * 2)", {"n": number}) for _ in range(10))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, results)) == sorted(str(n * 2) for n in range(8) for _ in range(10))


def test_a_fork_does_not_inherit_workers() -> None:
    program = (
        "import os\n"
        "from app.workflow.spiff.sandbox.environment import Environment\n"
        "Environment().evaluate('str(2)', {})\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    try: Environment().evaluate('str(2)', {})\n"
        "    except RuntimeError as error: os._exit(42 if 'after' in str(error) else 1)\n"
        "    os._exit(2)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )

    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert run.stdout.strip() == "42", run.stderr


def test_calls_of_functions_are_counted() -> None:
    told: list[int] = []
    offered = Environment({"notify": told.append})

    with pytest.raises(ScriptError, match="called too many functions"):
        offered.execute("for i in range(100000): notify(i)", {})

    assert len(told) <= limits.HOST_CALLS
