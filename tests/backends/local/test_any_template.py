"""No text, however odd, keeps discovery from an answer."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.local.project.discovery import discover
from lambdatui.core.errors import WorkbenchError

_WORDS = st.sampled_from(
    (
        *(
            "Resources",
            "Type",
            "Properties",
            "AWS::Serverless::Function",
            "AWS::Lambda::Function",
            "CodeUri",
            "Handler",
        ),
        *("Globals", "Function", "Environment", "Variables", "Parameters", "Default", "Conditions", "Condition"),
        *("Layers", "Ref", "Fn::Sub", "Fn::If", "Fn::Join", "Fn::GetAtt", "Fn::Select", "Fn::Split", "Fn::FindInMap"),
        *("Fn::Equals", "MemorySize", "Timeout", "Runtime", "EventInvokeConfig", "LoggingConfig", "<<", "Mappings"),
        *("A", "B.Arn", "${A}"),
    )
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _WORDS
_DOCUMENTS = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4), max_leaves=30
)
_PROPERTIES = st.dictionaries(_WORDS, _DOCUMENTS, max_size=6)
_RESOURCE = st.fixed_dictionaries(
    {"Type": st.sampled_from(["AWS::Serverless::Function", "AWS::Lambda::Function"]), "Properties": _PROPERTIES}
)
_TEMPLATES = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.sampled_from("ABC"), _RESOURCE | _DOCUMENTS, max_size=3)},
    optional=dict.fromkeys(("Globals", "Parameters", "Conditions", "Mappings"), _DOCUMENTS),
)


def _answers(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        discovery = discover(Path(folder))
    assert all(isinstance(problem, WorkbenchError) for problem in discovery.problems)
    assert all(spec.name for spec in discovery.functions)


@settings(max_examples=120, deadline=None)
@given(_TEMPLATES)
def test_any_tree_in_a_template_is_a_list_or_problems(tree: object) -> None:
    """Wrong types in any place are problems with a line, never an exception."""
    _answers("template.yaml", yaml.safe_dump(tree).encode())


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=200) | st.text(st.sampled_from("[]{}:-,&*!<>|'\"#% \n\tab"), max_size=60).map(str.encode))
def test_any_bytes_in_a_template_are_a_list_or_problems(content: bytes) -> None:
    """Broken YAML, no UTF-8, control characters: problems."""
    _answers("template.yaml", content)
    _answers("template.json", content)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=100) | st.text(st.sampled_from('[]{}=."functions\na1'), max_size=60).map(str.encode))
def test_any_bytes_in_a_project_file_are_a_list_or_problems(content: bytes) -> None:
    """The same for lambdatui.toml."""
    _answers("lambdatui.toml", content)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("def handler(event, context):=lambda_ \n\t\\x00'\"@async"), max_size=80))
def test_any_python_file_is_a_list_or_problems(text: str) -> None:
    """A file that Python can't read defines no function; it is not an error of the project."""
    _answers("any.py", b"# handler\n" + text.encode())
