"""Every setting that can be written: its name, what it may be, what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lambdatui.settings.values import Choice, Flag, Names, Number, Pair, Text, Value, Words

THEMES = ("lambdatui-dark", "lambdatui-light", "terminal")
"""The first is the default."""


class Key(NamedTuple):
    """One setting as it may be written."""

    name: str
    value: Value
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "LAMBDATUI_" + self.name.upper().replace(".", "_")

    @property
    def option(self) -> str:
        """The command's option that sets it."""
        return "--" + self.name.replace("_", "-").replace(".", "-")


KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("theme", Choice("theme", THEMES), "the colours; also chosen, and then remembered, in the palette"),
        Key("animations", Flag(), "scroll and fade smoothly; off is faster, over SSH above all"),
        Key("read_only", Flag(), "refuse every change and every invocation that could have an effect"),
        Key("mouse", Flag(), "answer to the mouse; off leaves selecting text to the terminal"),
        Key("editor", Text(), "the command that edits an event; $VISUAL and $EDITOR are asked else"),
        Key("log_buffer_lines", Number(1_000, 10_000_000, whole=True), "log lines kept in memory for scrolling back"),
        Key("time_display", Choice("time display", ("local", "utc")), "times in your own time zone, or in UTC"),
        Key("logs.mask_secrets", Flag(), "cover what looks like a key, token or password in log lines; M switches it"),
        Key("logs.fields", Words(), "of a JSON log record show its message and these fields; all when there are none"),
        Key("output.delta", Flag(), "write only what changes on the screen; off repaints as Textual does"),
        Key("output.frame_ack", Flag(), "of log lines show one screen at a time, as fast as the line takes them"),
        Key("local.concurrency_limit", Number(1, 1_000, whole=True), "executions at once, all functions together"),
        Key("local.idle_seconds", Number(0, 86_400), "an idle execution environment is ended after this long"),
        Key("local.init_timeout_seconds", Number(0.1, 900), "how long INIT may take"),
        Key(
            "local.retry_delays_seconds", Pair(0, 21_600), "the pauses before the 2nd and the 3rd asynchronous attempt"
        ),
        Key("local.pass_environment", Names(), "your own environment variables that handlers may see, by name"),
        Key("local.log_megabytes_per_function", Number(1, 10_000, whole=True), "log kept on disk for each function"),
        Key(
            "aws.log_calls_per_second",
            Number(1, 100, whole=True),
            "calls of FilterLogEvents at most, all logs of an account and region together; AWS's quota is 5",
        ),
        Key(
            "aws.detail_calls_per_second",
            Number(1, 1_000, whole=True),
            "calls of GetFunction at most, for the functions on the screen; AWS's quota is 100",
        ),
        Key("aws.late_log_seconds", Number(10, 7_200), "an event that CloudWatch shows so late is still found"),
        Key("prices.per_request_usd", Number(0, 1_000), "US dollars for one request"),
        Key("prices.x86_64_per_gb_second_usd", Number(0, 1_000), "US dollars for one GB-second on x86_64"),
        Key("prices.arm64_per_gb_second_usd", Number(0, 1_000), "US dollars for one GB-second on arm64"),
    )
}
PROFILE_KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("read_only", Flag(), "open this AWS profile read-only; false: for changes, whatever `read_only` says"),
        Key("production", Flag(), "mark this AWS profile in red, and ask for the function's name before a change"),
    )
}
"""What stands in a [profiles.NAME]. In the file only: a variable or an option would name no profile."""
TABLES = frozenset({"keymap", "profiles", *(name.split(".")[0] for name in KEYS if "." in name)})
"""Those that are written as [NAME]."""
