"""Runs test cases of the form of the DMN Technology Compatibility Kit.

A folder holds models (``*.dmn``) and test files (``*-test-*.xml``) beside them; each test case gives inputs and
expected results. Every case is run for itself: an error is the result of that case and stops no other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from madoguchi.kit.dmn.compatibility_values import Expected, is_expected, read_value
from madoguchi.kit.dmn.engine import DecisionModel, DecisionResult
from madoguchi.kit.dmn.errors import DmnError
from madoguchi.kit.dmn.model import Definitions
from madoguchi.kit.dmn.xml_expressions import Xml, attribute, child, children, text_in
from madoguchi.kit.dmn.xml_reader import read_file
from madoguchi.kit.dmn.xml_safe import local_name, parse_xml
from madoguchi.kit.feel.convert import from_python, literal_of
from madoguchi.kit.feel.errors import FeelUnsupportedError


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One test case: passed when every result that it expects came out.

    ``model`` is the name of the model's file without its ending, ``case`` is ``<test file>#<case id>``, ``refused``
    names the construct that is left out (then the case is not passed), ``expected`` and ``got`` are in FEEL notation
    (a context by result name when there are several); ``got`` begins with ``!`` for an error.
    """

    model: str
    case: str
    passed: bool
    refused: str
    expected: str
    got: str


def check_folders(paths: Iterable[Path | str]) -> list[CaseResult]:
    """Run every test file below the folders (or the test files themselves), in order of their paths."""
    results: list[CaseResult] = []
    for path in _test_files(paths):
        results.extend(check_file(path))
    return results


def results_as_json(results: Sequence[CaseResult]) -> list[dict[str, object]]:
    """The results as plain values for JSON."""
    return [asdict(result) for result in results]


def _test_files(paths: Iterable[Path | str]) -> list[Path]:
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        candidates = sorted(path.rglob("*.xml")) if path.is_dir() else [path]
        for candidate in candidates:
            if candidate.is_file() and (not path.is_dir() or "-test" in candidate.stem):
                found[candidate] = None
    return list(found)


def check_file(path: Path) -> list[CaseResult]:
    """Run the cases of one test file."""
    try:
        root = parse_xml(path.read_bytes())
        if local_name(root) != "testCases":
            return []
        return _check_cases(path, root)
    except (DmnError, OSError) as error:
        return [CaseResult(path.parent.name, path.stem, False, "", "", f"!{error}")]


def _check_cases(path: Path, root: Xml) -> list[CaseResult]:
    model_path = _model_path(path, text_in(root, "modelName"))
    model, failure, refused = _load(model_path, path.parent)
    runner = _CaseRunner(model, failure, refused, model_path.stem, path.stem)
    return [runner.run(case, number) for number, case in enumerate(children(root, "testCase"), start=1)]


def _model_path(path: Path, name: str) -> Path:
    named = path.parent / Path(name).name
    if name and named.is_file():
        return named
    models = sorted(path.parent.glob("*.dmn"))
    fitting = [model for model in models if path.stem.startswith(model.stem)]
    return (fitting or models or [named])[0]


def _load(path: Path, folder: Path) -> tuple[DecisionModel | None, str, str]:
    """The model with everything beside it that it may import; otherwise why not, and what was refused."""
    try:
        definitions = read_file(path)
        return DecisionModel(definitions, _library(folder, path)), "", ""
    except FeelUnsupportedError as error:
        return None, str(error), error.construct
    except (DmnError, OSError, RecursionError) as error:
        return None, str(error), ""


def _library(folder: Path, model: Path) -> list[Definitions]:
    found: list[Definitions] = []
    for path in sorted(folder.glob("*.dmn")):
        if path != model:
            try:
                found.append(read_file(path))
            except (DmnError, OSError):
                continue
    return found


@dataclass(frozen=True, slots=True)
class _NodeResult:
    """One expected result of a case."""

    name: str
    passed: bool
    refused: str
    expected: str
    got: str


@dataclass(frozen=True)
class _CaseRunner:
    model: DecisionModel | None
    failure: str
    refused: str
    model_name: str
    file_name: str

    def run(self, case: Xml, number: int) -> CaseResult:
        """The result of a case."""
        inputs = self._inputs(case)
        nodes = [self._check(case, node, inputs) for node in children(case, "resultNode")]
        return CaseResult(
            model=self.model_name,
            case=f"{self.file_name}#{attribute(case, 'id') or number}",
            passed=bool(nodes) and all(node.passed for node in nodes),
            refused=next((node.refused for node in nodes if node.refused), ""),
            expected=_together([(node.name, node.expected) for node in nodes]),
            got=_together([(node.name, node.got) for node in nodes]),
        )

    def _inputs(self, case: Xml) -> dict[str, object]:
        inputs: dict[str, object] = {}
        for node in children(case, "inputNode"):
            value, namespace = read_value(node), attribute(node, "namespace")
            inputs[attribute(node, "name")] = value
            if namespace:
                inputs[f"{{{namespace}}}{attribute(node, 'name')}"] = value
        return inputs

    def _check(self, case: Xml, node: Xml, inputs: dict[str, object]) -> _NodeResult:
        name = attribute(node, "name")
        wanted = child(node, "expected")
        error_wanted = attribute(node, "errorResult") in ("true", "1")
        expected = Expected(None if wanted is None else read_value(wanted), error_wanted)
        if self.model is None:
            return _NodeResult(name, False, self.refused, expected.text(), f"!{self.failure}")
        try:
            got = self._evaluate(self.model, case, name, inputs)
        except FeelUnsupportedError as error:
            return _NodeResult(name, False, error.construct, expected.text(), f"!{error}")
        except Exception as error:  # whatever a model brings up is the result of this one case
            return _NodeResult(name, False, "", expected.text(), f"!{type(error).__name__}: {error}")
        return _NodeResult(name, is_expected(got, expected), "", expected.text(), literal_of(got))

    def _evaluate(self, model: DecisionModel, case: Xml, name: str, inputs: dict[str, object]) -> object:
        if attribute(case, "type") in ("bkm", "decisionService"):
            invocable = attribute(case, "invocableName") or name
            known = model.parameters(invocable)
            arguments = {parameter: value for parameter, value in inputs.items() if parameter in known}
            return _part_of(model.invoke(invocable, arguments), name, invocable)
        return from_python(model.evaluate(name, inputs).value)


def _together(values: list[tuple[str, str]]) -> str:
    if len(values) == 1:
        return values[0][1]
    return "{" + ", ".join(f"{name}: {text}" for name, text in values) + "}"


def _part_of(result: DecisionResult, name: str, invocable: str) -> object:
    """The output of that name when a service has several; otherwise the whole value."""
    value = from_python(result.value)
    if name != invocable and isinstance(value, dict) and name in value:
        return value[name]
    return value
