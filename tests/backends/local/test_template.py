"""What a SAM or CloudFormation template says about its functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdatui.backends.local.project.discovery import discover
from lambdatui.core.functions import Reserved
from tests.backends.local.building import found, template, titles

CODE = {"src/app.py": "def handler(event, context):\n    return 1\n"}
ONE = """
One:
  Type: AWS::Serverless::Function
  Properties:
    CodeUri: src/
    Handler: app.handler
    Runtime: python3.13
"""


def test_a_function_is_read_with_the_line_of_each_setting(tmp_path: Path) -> None:
    """Every setting says where it comes from: file and line."""
    text = template(ONE + "    MemorySize: 256\n    Timeout: 30\n    Description: resizes\n")
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    (spec,) = discovery.functions
    assert (spec.name, spec.handler, spec.runtime) == ("One", "app.handler", "python3.13")
    assert (spec.memory_mb, spec.timeout_s, spec.description) == (256, 30, "resizes")
    assert spec.code_path == tmp_path / "src"
    assert spec.origin == "template.yaml:2"
    assert spec.origins["memory"] == "template.yaml:8"
    assert not spec.problem
    assert not discovery.problems


@pytest.mark.parametrize("name", ["template.yaml", "template.yml", "template.json"])
def test_every_name_of_a_template_is_read(tmp_path: Path, name: str) -> None:
    """YAML and JSON, even JSON that is indented with tabs."""
    text = (
        '{\n\t"Resources": {"One": {"Type": "AWS::Lambda::Function",\n'
        '\t"Properties": {"Code": "src", "Handler": "app.handler", "Runtime": "python3.13"}}}}'
    )
    if name != "template.json":
        text = text.replace("\t", " ")
    (spec,) = found(tmp_path, {**CODE, name: text}).functions
    assert (spec.name, spec.problem, spec.code_path) == ("One", "", tmp_path / "src")


def test_globals_are_below_the_function_and_environments_are_merged(tmp_path: Path) -> None:
    """As SAM does: the function's own value counts, variables are joined by name."""
    function = "    Timeout: 9\n    MemorySize: 512\n    Environment: {Variables: {A: global, B: global}}\n"
    head = f"Globals:\n  Function:\n{function}"
    text = template(ONE + "    MemorySize: 256\n    Environment: {Variables: {B: own, C: own}}\n", head)
    (spec,) = found(tmp_path, {**CODE, "template.yaml": text}).functions
    assert (spec.timeout_s, spec.memory_mb) == (9, 256)
    assert spec.environment == {"A": "global", "B": "own", "C": "own"}
    assert spec.origins["env.A"] == "template.yaml:5"


HEAD = """
Parameters:
  Stage: {Type: String, Default: dev}
  Subnets: {Type: CommaDelimitedList, Default: "a, b"}
Mappings:
  Sizes: {dev: {memory: 384}, prod: {memory: 1024}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsDev, !Equals [1, "1"]]
  Any: !Or [!Condition IsProd, !Condition Both]
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Stage", "dev"),
        ("{Ref: Stage}", "dev"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Ref Table", "Table"),
        ("!GetAtt Table.Arn", "arn:aws:dynamodb:us-east-1:123456789012:Table"),
        ("{'Fn::GetAtt': [Table, StreamArn]}", "Table.StreamArn"),
        ("!GetAtt One.Arn", "arn:aws:lambda:us-east-1:123456789012:function:One"),
        ("!Sub 'x-${Stage}-${!Literal}-${AWS::AccountId}'", "x-dev-${Literal}-123456789012"),
        ("!Sub ['${A}/${Table.Arn}', {A: !Ref Stage}]", "dev/arn:aws:dynamodb:us-east-1:123456789012:Table"),
        ("!Join ['-', [a, !Ref Stage]]", "a-dev"),
        ("!Select [1, !Ref Subnets]", "b"),
        ("!Select ['0', !Split [',', 'x,y']]", "x"),
        ("!If [IsProd, p, d]", "d"),
        ("!If [Any, yes, no]", "yes"),
        ("!FindInMap [Sizes, !Ref Stage, memory]", "384"),
        ("!ToJsonString {'a': 1}", None),
        ("true", "true"),
        ("1.10", "1.10"),
        ("0123", "0123"),
        ("2012-10-17", "2012-10-17"),
        ("!Ref AWS::NoValue", None),
    ],
)
def test_intrinsic_functions_come_to_their_value(tmp_path: Path, expression: str, value: str | None) -> None:
    """Short tags and long forms, from parameters' defaults, mappings, conditions and placeholders for resources."""
    resources = (
        ONE + f"    Environment:\n      Variables:\n        X: {expression}\nTable: {{Type: AWS::DynamoDB::Table}}\n"
    )
    (spec,) = found(tmp_path, {**CODE, "template.yaml": template(resources, HEAD)}).functions
    if "ToJson" in expression:
        assert spec.environment["X"] == '{"a":1}'
    else:
        assert spec.environment.get("X") == value


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("!Ref Missing", "neither a parameter nor a resource"),
        ("!Ref NoDefault", "NoDefault has no default"),
        ("!ImportValue x", "can't be worked out"),
        ("!GetAtt Nope.Arn", "“Nope” is not a resource"),
        ("!Select [7, [a]]", "no item has that index"),
        ("!FindInMap [A, B, C]", "finds nothing at A / B / C"),
        ("!If [Circle, a, b]", "refers to itself"),
        ("!Join [a]", "needs a list of 2"),
        ("[a, b]", "a single value is needed"),
    ],
)
def test_what_can_not_be_worked_out_costs_only_that_setting(tmp_path: Path, expression: str, reason: str) -> None:
    """The problem names file and line; the function, its other variables and the other functions are there."""
    head = "Parameters: {NoDefault: {Type: String}}\nConditions: {Circle: !Not [!Condition Circle]}\n"
    resources = (
        ONE
        + f"    Environment:\n      Variables:\n        X: {expression}\n        Y: fine\n"
        + ONE.replace("One", "Two")
    )
    discovery = found(tmp_path, {**CODE, "template.yaml": template(resources, head)})
    assert [spec.name for spec in discovery.functions] == ["One", "Two"]
    assert discovery.functions[0].environment == {"Y": "fine"}
    assert not discovery.functions[0].problem
    assert reason in titles(discovery.problems)
    assert titles(discovery.problems).startswith("template.yaml:")


def test_a_parameter_without_a_default_can_be_given_in_the_project_file(tmp_path: Path) -> None:
    """lambdatui.toml, [parameters]."""
    text = template(ONE + "    Description: !Ref Stage\n", "Parameters: {Stage: {Type: String}}\n")
    files = {**CODE, "template.yaml": text, "lambdatui.toml": '[parameters]\nStage = "blue"\n'}
    assert found(tmp_path, files).functions[0].description == "blue"


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ("InlineCode: x, Handler: a.b, Runtime: python3.13", "inline code is not run locally"),
        ("PackageType: Image", "container images"),
        ("CodeUri: s3://bucket/key, Handler: a.b, Runtime: python3.13", "in S3"),
        ("CodeUri: {Bucket: b, Key: k}, Handler: a.b, Runtime: python3.13", "in S3"),
        ("CodeUri: nowhere, Handler: a.b, Runtime: python3.13", "nowhere does not exist"),
        ("CodeUri: src, Handler: a.b", "no runtime"),
        ("CodeUri: src, Runtime: python3.13", "no handler"),
        ("CodeUri: src, Handler: !ImportValue x, Runtime: python3.13", "can't be worked out"),
        ("CodeUri: src, Handler: a.b, Runtime: nodejs22.x", "not run locally"),
        ("CodeUri: src, Handler: a.b, Runtime: provided.al2023", "no bootstrap"),
    ],
)
def test_a_function_that_can_not_run_is_listed_with_the_reason(tmp_path: Path, properties: str, problem: str) -> None:
    """It is never left out: the list is the whole list."""
    text = template(f"Odd: {{Type: AWS::Serverless::Function, Properties: {{{properties}}}}}\n" + ONE)
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    assert [spec.name for spec in discovery.functions] == ["Odd", "One"]
    assert problem in discovery.functions[0].problem
    assert not discovery.functions[1].problem


def test_async_settings_and_logging_are_read(tmp_path: Path) -> None:
    """Retries, event age, a failure destination that is another function, log format, reserved concurrency."""
    text = template(
        ONE
        + """    ReservedConcurrentExecutions: 5
    LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG}
    EventInvokeConfig:
      MaximumRetryAttempts: 1
      MaximumEventAgeInSeconds: 90
      DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt Two.Arn}}
"""
        + ONE.replace("One", "Two")
        + """Config:
  Type: AWS::Lambda::EventInvokeConfig
  Properties: {FunctionName: !Ref Two, Qualifier: $LATEST, MaximumRetryAttempts: 0}
"""
    )
    one, two = found(tmp_path, {**CODE, "template.yaml": text}).functions
    assert (one.retries, one.event_age_s, one.on_failure) == (1, 90, "function:Two")
    assert (one.log_format, one.log_level, one.reserved) == ("JSON", "DEBUG", Reserved(5))
    assert two.retries == 0


def test_local_layers_are_folders_and_others_are_told(tmp_path: Path) -> None:
    """A layer of the template is its folder; an ARN is a problem, and the function runs without it."""
    text = template(
        ONE
        + "    Layers: [!Ref Shared, 'arn:aws:lambda:us-east-1:1:layer:x:1']\n"
        + "Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}\n"
    )
    discovery = found(tmp_path, {**CODE, "layer/python/shared.py": "", "template.yaml": text})
    assert discovery.functions[0].layers == (tmp_path / "layer",)
    assert "without the layer arn:aws:lambda" in titles(discovery.problems)
    assert not discovery.functions[0].problem


def test_a_literal_function_name_is_the_name(tmp_path: Path) -> None:
    """Else the logical id, as `sam local` shows it."""
    text = template(
        ONE
        + "    FunctionName: resize\n"
        + ONE.replace("One", "Two")
        + "    FunctionName: !Sub '${AWS::StackName}-x'\n"
    )
    assert [spec.name for spec in found(tmp_path, {**CODE, "template.yaml": text}).functions] == ["resize", "Two"]


def test_a_condition_that_does_not_hold_leaves_the_function_out(tmp_path: Path) -> None:
    """It would not be deployed either."""
    head = "Conditions: {Never: !Equals [a, b]}\n"
    text = template(ONE.replace("  Type:", "  Condition: Never\n  Type:") + ONE.replace("One", "Two"), head)
    assert [spec.name for spec in found(tmp_path, {**CODE, "template.yaml": text}).functions] == ["Two"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Resources:\n  A: [1,\n", "template.yaml:3:1: did not find expected node content"),
        ("Resources:\n\tA: 1\n", "template.yaml:2:1: found character that cannot start any token"),
        ("a: *nowhere\n", "template.yaml:1: no anchor is named “nowhere”"),
        ("- 1\n", "template.yaml:1: a mapping with Resources is expected, not a list"),
        ("hello\n", "template.yaml:1: a mapping with Resources is expected, not “hello”"),
        ("", "template.yaml: the file is empty"),
        ("Resources: [1]\n", "template.yaml:1: Resources: a mapping is expected, not a list"),
        ("Resources: {A: 5}\n", "template.yaml:1: the resource A: a mapping with a Type is expected, not “5”"),
        ("[" * 5000, "template.yaml:1: nested too deeply"),
    ],
)
def test_a_broken_template_is_an_error_with_file_and_line(tmp_path: Path, text: str, title: str) -> None:
    """And with the column, where the syntax is wrong. What is listed elsewhere still shows."""
    files = {"template.yaml": text, "lambdatui.toml": '[functions.other]\nhandler = "app.handler"\ncode = "src"\n'}
    discovery = found(tmp_path, {**CODE, **files})
    assert title in titles(discovery.problems)
    assert [spec.name for spec in discovery.functions] == ["other"]


def test_wrong_types_name_what_was_expected(tmp_path: Path) -> None:
    """A wrong value is a problem of its own and leaves the default."""
    text = template(
        ONE + "    MemorySize: big\n    Timeout: {a: 1}\n    Environment: [x]\n    ReservedConcurrentExecutions: true\n"
    )
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    assert "template.yaml:8: One: MemorySize: a whole number is expected" in titles(discovery.problems)
    assert "template.yaml:9: One: Timeout: a whole number is expected" in titles(discovery.problems)
    assert "template.yaml:10: Environment: a mapping is expected, not a list" in titles(discovery.problems)
    assert discovery.functions[0].memory_mb == 128


def test_aliases_that_multiply_end_soon(tmp_path: Path) -> None:
    """A few lines of YAML can stand for billions of values: that is an error, not a hang."""
    bomb = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10) if n else 'x'}]\n" for n in range(12))
    text = template(ONE + "    Environment: {Variables: {X: !Join ['', *a11], Y: fine}}\n", f"Metadata:\n{bomb}")
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    assert "through aliases" in titles(discovery.problems)
    assert discovery.functions[0].environment == {"Y": "fine"}


def test_an_alias_to_itself_is_an_error(tmp_path: Path) -> None:
    """A list that contains itself has no value."""
    text = template(ONE + "    Environment: {Variables: {X: !Join ['', &loop [*loop]]}}\n")
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    assert "through aliases" in titles(discovery.problems)
    assert len(discovery.functions) == 1


def test_merge_keys_are_below_own_keys(tmp_path: Path) -> None:
    """`<<` brings in what the mapping does not say itself."""
    head = "X-Common: &common {Handler: app.handler, Runtime: python3.13, MemorySize: 256}\n"
    text = template(
        "One: {Type: AWS::Serverless::Function, Properties: {<<: *common, CodeUri: src, MemorySize: 512}}\n", head
    )
    (spec,) = found(tmp_path, {**CODE, "template.yaml": text}).functions
    assert (spec.handler, spec.memory_mb, spec.problem) == ("app.handler", 512, "")


def test_a_resource_that_is_there_twice_is_told(tmp_path: Path) -> None:
    """YAML takes the last one in silence; CloudFormation refuses."""
    discovery = found(tmp_path, {**CODE, "template.yaml": template(ONE + ONE)})
    assert "the resource One is there twice" in titles(discovery.problems)


def test_a_reserved_variable_is_refused_as_lambda_does(tmp_path: Path) -> None:
    """AWS_REGION and the like can't be set."""
    text = template(ONE + "    Environment: {Variables: {AWS_REGION: x, A: b}}\n")
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    assert discovery.functions[0].environment == {"A": "b"}
    assert "AWS_REGION is reserved by Lambda" in titles(discovery.problems)


def test_the_folder_of_a_cdk_asset_is_the_code(tmp_path: Path) -> None:
    """`cdk synth` leaves the folder in the resource's metadata; Code names the bucket that it would go to."""
    text = template(
        """
One:
  Type: AWS::Lambda::Function
  Metadata: {'aws:asset:path': src}
  Properties: {Code: {S3Bucket: b, S3Key: k}, Handler: app.handler, Runtime: python3.13}
"""
    )
    (spec,) = found(tmp_path, {**CODE, "template.yaml": text}).functions
    assert (spec.code_path, spec.problem) == (tmp_path / "src", "")


def test_a_nested_stack_is_told(tmp_path: Path) -> None:
    """Its functions are not in the list, and the list says so."""
    text = template(ONE + "Child: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml}}\n")
    assert "nested stack Child (child.yaml)" in titles(found(tmp_path, {**CODE, "template.yaml": text}).problems)


def test_a_condition_that_can_not_be_worked_out_shows_the_function(tmp_path: Path) -> None:
    """Better one too many, with the problem, than one that is missing in silence."""
    text = template(ONE.replace("  Type:", "  Condition: Nope\n  Type:"))
    discovery = found(tmp_path, {**CODE, "template.yaml": text})
    assert [spec.name for spec in discovery.functions] == ["One"]
    assert "no condition is named “Nope”" in titles(discovery.problems)


def test_a_template_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    """The line of the first wrong byte."""
    (tmp_path / "template.yaml").write_bytes(b"Resources:\n  A: \xff\n")
    assert titles(discover(tmp_path).problems) == "template.yaml:2: not UTF-8 text"
