"""A small project that the real-terminal tests run: one function for each thing that is to be seen."""

from __future__ import annotations

from pathlib import Path

_TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.11, Handler: app.handler, MemorySize: 256, Timeout: 5}
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: echo, CodeUri: echo/}
  Flaky:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: flaky, CodeUri: flaky/}
  Hostile:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: "[/foo]", CodeUri: hostile/}
  Refuses:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: refuses
      CodeUri: refuses/
      EventInvokeConfig:
        DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt Undertaker.Arn}}
  Sleeps:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: sleeps, CodeUri: sleeps/, Timeout: 60}
  Undertaker:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: undertaker, CodeUri: undertaker/}
"""
_HANDLERS = {
    "echo": """\
def handler(event, context):
    print("echo heard", sorted(event))
    return {"heard": event}
""",
    "flaky": """\
from pathlib import Path
def handler(event, context):
    tries = Path(__file__).with_name("tries.log")
    with tries.open("a") as file:
        file.write(f"{context.aws_request_id}\\n")
    if not Path(__file__).with_name("mended").exists():
        raise RuntimeError("not mended yet")
    return "delivered at last"
""",
    "hostile": r"""
EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b[31mred\x1b[2J\x1b]0;owned\x07 [/foo] [bold]x"
def handler(event, context):
    print("before", EVIL, "after")
    if event.get("raise"):
        raise ValueError(EVIL)
    return {"evil": EVIL, EVIL: 1}
""",
    "refuses": """\
def handler(event, context):
    print("refusing", context.aws_request_id)
    raise ValueError("never")
""",
    "sleeps": """\
import subprocess, time
def handler(event, context):
    subprocess.Popen(["sleep", "300"], start_new_session=True)
    print("sleeping now", flush=True)
    time.sleep(30)
""",
    "undertaker": """\
def handler(event, context):
    print("buried", event["requestContext"]["condition"], event["requestContext"]["approximateInvokeCount"])
""",
}


def make_project(folder: Path) -> Path:
    """Write the project into `folder`, and return it."""
    for name, source in _HANDLERS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "app.py").write_text(source)
    events = folder / "events" / "echo"
    events.mkdir(parents=True)
    (events / "default.json").write_text('{\n  "colour": "blue"\n}\n')
    (folder / "template.yaml").write_text(_TEMPLATE)
    return folder
