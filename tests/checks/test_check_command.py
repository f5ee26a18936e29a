"""`houtai check`: a verdict per file, whatever the files hold, and never a traceback."""

import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli.check import command
from app.workflow.checks.checker import Checker
from tests.diagrams import bpmn, call, script, user

GOOD = bpmn(
    "good", user("count", "數量"), flows="begin -> count -> done", lanes={"Keeper": "count"}
)
OTHER_TOOL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://x">
  <process id="invoice" isExecutable="true" camunda:historyTimeToLive="30">
    <startEvent id="StartEvent_1" camunda:formKey="embedded:app:start.html" />
    <sequenceFlow id="f1" sourceRef="StartEvent_1" targetRef="assign" />
    <businessRuleTask id="assign" camunda:decisionRef="approver" />
    <sequenceFlow id="f2" sourceRef="assign" targetRef="pay" />
    <serviceTask id="pay" camunda:class="org.example.Pay" />
    <sequenceFlow id="f3" sourceRef="pay" targetRef="over" />
    <endEvent id="over" />
  </process>
</definitions>"""
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + GOOD.replace(b"count", b"&a;", 1)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
DEEP = b"<a>" * 5_000 + b"</a>" * 5_000
WIDE = b"<a " + b" ".join(b'b%d="1"' % n for n in range(5_000)) + b"/>"

FILES = {
    "good": (GOOD, "ok"),
    "bom": (b"\xef\xbb\xbf" + GOOD, "ok"),
    "utf_16": (GOOD.decode().encode("utf-16"), "ok"),
    "empty": (b"", "refused"),
    "blank": (b" \n", "refused"),
    "not_xml": (b"hello", "refused"),
    "zeros": (bytes(1_000), "refused"),
    "truncated": (GOOD[:-40], "refused"),
    "dtd": (XXE, "refused"),
    "laughs": (LAUGHS, "refused"),
    "deep": (DEEP, "refused"),
    "wide": (WIDE, "refused"),
    "other_xml": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "refused"),
    "other_tool": (OTHER_TOOL, "refused"),
    "picture": (GOOD.replace(b'isExecutable="true"', b'isExecutable="false"'), "not_executable"),
    "fifty_megabytes": (GOOD + b" " * 50_000_000, "refused"),
    "no_process": (re.sub(rb"<bpmn:process.*</bpmn:process>", b"", GOOD), "not_executable"),
}


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def checked(*paths: Path) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = json.loads(run("--json", *paths)[1])
    return answers


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    paths = {name: folder / f"{name}.bpmn" for name in FILES}
    for name, path in paths.items():
        path.write_bytes(FILES[name][0])
    return paths


def test_every_file_gets_a_verdict_and_its_reasons(files: dict[str, Path]) -> None:
    answers = checked(*files.values())

    assert {Path(a["file"]).stem: a["verdict"] for a in answers} == {
        name: verdict for name, (_, verdict) in FILES.items()
    }
    for answer in answers:
        assert set(answer) == {"file", "verdict", "findings"}
        assert bool(answer["findings"]) == (answer["verdict"] != "ok")
        for finding in answer["findings"]:
            assert set(finding) == {"element", "message", "hint"}


def test_the_elements_of_another_tool_are_named(files: dict[str, Path]) -> None:
    findings = checked(files["other_tool"])[0]["findings"]

    assert {finding["element"] for finding in findings} == {"assign", "pay"}


def test_the_exit_code_is_zero_only_if_all_are_ok(files: dict[str, Path]) -> None:
    assert run(files["good"], files["bom"]) == (0, f"{files['good']}: ok\n{files['bom']}: ok\n")
    assert run(files["good"], files["picture"])[0] == 1
    assert run("--json", files["good"], files["empty"])[0] == 1
    assert run()[0] == 2


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    answers = checked(tmp_path, tmp_path / "missing.bpmn")

    assert [answer["verdict"] for answer in answers] == ["refused", "refused"]


def test_what_is_called_may_stand_in_another_folder_of_the_same_call(tmp_path: Path) -> None:
    paths = [tmp_path / "one" / "caller.bpmn", tmp_path / "two" / "called.bpmn"]
    for path, data in zip(
        paths,
        (
            bpmn("caller", call("other", "called"), flows="begin -> other -> done"),
            bpmn("called", script("work", "x = 1"), flows="begin -> work -> done"),
        ),
        strict=True,
    ):
        path.parent.mkdir()
        path.write_bytes(data)

    assert [answer["verdict"] for answer in checked(*paths)] == ["ok", "ok"]
    assert [answer["verdict"] for answer in checked(paths[0])] == ["refused"]


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_checked(tmp_path: Path) -> None:
    pipe = tmp_path / "never.bpmn"
    os.mkfifo(pipe)
    good = tmp_path / "good.bpmn"
    good.write_bytes(GOOD)

    with Checker(seconds=1) as checker:
        began = time.perf_counter()
        late = checker.check(pipe)
        assert time.perf_counter() - began < 4
    with Checker() as checker:
        assert checker.check(good)["verdict"] == "ok"
    assert late["verdict"] == "refused"
    assert "longer than 1 second" in late["findings"][0]["message"]


def test_a_checker_that_died_is_replaced(tmp_path: Path) -> None:
    good = tmp_path / "good.bpmn"
    good.write_bytes(GOOD)

    with Checker() as checker:
        checker.check(good)
        process = checker._process
        assert process is not None
        process.kill()
        process.wait()
        assert checker.check(good)["verdict"] == "refused"
        assert checker.check(good)["verdict"] == "ok"


def test_damaged_files_never_break_the_checker(tmp_path: Path) -> None:
    paths = []
    for number, data in enumerate(_damaged(GOOD, 120)):
        paths.append(tmp_path / f"{number}.bpmn")
        paths[-1].write_bytes(data)

    answers = checked(*paths)

    assert {answer["verdict"] for answer in answers} <= {"ok", "not_executable", "refused"}
    assert not [a for a in answers for f in a["findings"] if "broke down" in f["message"]]


def _damaged(data: bytes, count: int) -> Iterator[bytes]:
    chance = random.Random(7)
    words = re.findall(rb"[\w:]{3,}", data)
    for number in range(count):
        if number % 3 == 0:
            yield data[: chance.randrange(len(data))]
        elif number % 3 == 1:
            yield data.replace(chance.choice(words), chance.choice(words))
        else:
            at = chance.randrange(len(data))
            yield data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
