"""The four doors by which analyst text enters a running case, on SpiffWorkflow's own specs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from app.workflow.spiff.sandbox.engine import script_engine

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">'
    '<process id="{key}" isExecutable="true"><startEvent id="start"/>'
    '<sequenceFlow id="f0" sourceRef="start" targetRef="door"/>'
)
_TAIL = '<endEvent id="end"/></process></definitions>'
_TO_END = '<sequenceFlow id="f1" sourceRef="door" targetRef="end"/>'
_SCRIPT = f'<scriptTask id="door"><script>x = 1</script></scriptTask>{_TO_END}'
_CONDITION = (
    '<exclusiveGateway id="door" default="f2"/>'
    '<sequenceFlow id="f1" sourceRef="door" targetRef="end">'
    "<conditionExpression>True</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="f2" sourceRef="door" targetRef="other"/><endEvent id="other"/>'
)
_TIMER = (
    '<intermediateCatchEvent id="door"><timerEventDefinition id="timer">'
    '<timeDuration xsi:type="tFormalExpression">"PT1H"</timeDuration>'
    f"</timerEventDefinition></intermediateCatchEvent>{_TO_END}"
)
_DECISION = (
    '<businessRuleTask id="door"><extensionElements>'
    "<spiffworkflow:calledDecisionId>rule</spiffworkflow:calledDecisionId>"
    f"</extensionElements></businessRuleTask>{_TO_END}"
)
_DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="r" name="r" '
    'namespace="x"><decision id="rule" name="rule"><decisionTable id="t" hitPolicy="FIRST">'
    '<input id="i" label="i"><inputExpression id="ie" typeRef="string"><text>limit</text>'
    '</inputExpression></input><output id="o" label="o" name="r" typeRef="string"/>'
    '<rule id="row"><inputEntry id="c"><text></text></inputEntry>'
    '<outputEntry id="oc"><text>1</text></outputEntry></rule></decisionTable></decision>'
    "</definitions>"
)


@dataclass
class Visit:
    """What came of one text at one door: the data after it, or the failure."""

    data: dict[str, Any]
    failure: Exception | None = None


class Door:
    """A small process with one place for a text, parsed once."""

    def __init__(self, name: str, body: str, put: Callable[[Any, str], None]) -> None:
        self.name, self._put = name, put
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.fromstring(f"{_HEAD.format(key=name)}{body}{_TAIL}"))
        if name == "cell":
            parser.add_dmn_xml(etree.fromstring(_DMN))
        self._spec = parser.get_spec(name)

    def enter(
        self,
        text: str,
        data: Mapping[str, Any],
        offered: Mapping[str, Any] | None = None,
    ) -> Visit:
        """Run the process with `text` at the door."""
        self._put(self._spec.task_specs["door"], text)
        case = BpmnWorkflow(self._spec, script_engine=script_engine(offered))
        case.task_tree.data.update(data)
        try:
            case.do_engine_steps()
            case.refresh_timers()
        except Exception as error:  # noqa: BLE001 - the failure is what is looked at
            return Visit(dict(_door(case).data), error)
        return Visit(dict(_door(case).data))


def doors() -> list[Door]:
    return [
        Door("script", _SCRIPT, _put_script),
        Door("condition", _CONDITION, _put_condition),
        Door("cell", _DECISION, _put_cell),
        Door("timer", _TIMER, _put_timer),
    ]


def _door(case: Any) -> Any:
    return next(iter(case.get_tasks(spec_name="door")))


def _put_script(spec: Any, text: str) -> None:
    spec.script = text


def _put_condition(spec: Any, text: str) -> None:
    spec.cond_task_specs[0][0].args = (text,)


def _put_cell(spec: Any, text: str) -> None:
    spec.dmnEngine.decision_table.rules[0].inputEntries[0].lhs = [text]


def _put_timer(spec: Any, text: str) -> None:
    spec.event_definition.expression = text
