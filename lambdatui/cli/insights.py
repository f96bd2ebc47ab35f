"""`lambdatui insights`: a query over the logs of functions, in CloudWatch Logs Insights."""

from __future__ import annotations

import sys

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.named import functions_named
from lambdatui.cli.reader import while_somebody_reads
from lambdatui.cli.session import Session
from lambdatui.cli.table import columns
from lambdatui.cli.times import span_ms
from lambdatui.core.cost import format_usd
from lambdatui.core.errors import InvalidInput, Unsupported, WorkbenchError
from lambdatui.core.insights import MOST_ROWS, POINTER, InsightsProgress, InsightsQuery, scan_cost_usd
from lambdatui.core.insights_canned import CANNED
from lambdatui.core.insights_csv import csv_of
from lambdatui.core.insights_masks import covered
from lambdatui.core.listed import listed
from lambdatui.core.text import clean

_CANNED = {query.name.replace(" ", "-"): query for query in CANNED}
_MOST_CELLS = 120


@headless(
    "insights",
    short_help="Query the logs of functions.",
    examples=(
        "lambdatui insights 'order-*' --canned errors --since 1d",
        "lambdatui insights resize --query 'fields @message | filter @message like /denied/' --json",
        "lambdatui insights 'order-*' --canned cost --since 1w --csv > cost.csv",
        "cat query.txt | lambdatui insights resize --query -",
    ),
)
@click.argument("functions", metavar="FN...", nargs=-1, required=True, type=FunctionName())
@click.option("--query", "text", metavar="TEXT", help="The query; - reads it from stdin.")
@click.option("--canned", type=click.Choice(list(_CANNED)), help="One of the canned queries; see them with --show.")
@click.option("--show", is_flag=True, help="Print the query instead of running it.")
@click.option("--since", metavar="WHEN", default="1h", show_default=True, help="10m, 1h30m or 2d ago, 14:02, ISO 8601.")
@click.option("--until", metavar="WHEN", default="now", show_default=True, help="Times as for --since.")
@click.option(
    "-n", "--limit", default=1_000, show_default=True, type=click.IntRange(1, MOST_ROWS), help="Rows at most."
)
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print CSV with a heading; a cell that a spreadsheet would run begins with '."
)
@click.option(
    "--mask/--no-mask",
    default=None,
    help="Cover what looks like a key, token or password; by default as logs.mask_secrets says.",
)
async def command(  # noqa: PLR0917  # click passes them by name
    session: Session,
    functions: tuple[str, ...],
    text: str | None,
    canned: str | None,
    since: str,
    until: str,
    limit: int,
    *,
    show: bool,
    as_csv: bool,
    mask: bool | None,
) -> int:
    """Run a query of CloudWatch Logs Insights over the logs of each FN, a name or a glob ("order-*").

    The rows go to stdout: a table, CSV, or with --json an object a row. What was scanned, and about what that
    costs, goes to stderr, and so does which functions were left out, as they never ran and have no log group. Ctrl-C
    stops the query: what was scanned by then is what it costs.
    """
    query_text = _query_text(text, canned)
    if show:
        session.output.line(query_text)
        return Exit.OK
    async with session.open() as workplace:
        insights = workplace.backend.insights
        if insights is None:
            raise Unsupported("Logs Insights is a service of AWS", "Locally, `lambdatui tail --grep` searches the log.")
        now = workplace.services.clock()
        begin_ms, end_ms = span_ms(since, until, now)
        query = InsightsQuery(query_text, (begin_ms or 0) // 1000, (end_ms or 0) // 1000, limit)
        names = await functions_named(workplace.backend.catalogue, functions)
        progress = InsightsProgress("Scheduled")
        async with while_somebody_reads(), session.naming(workplace.backend, *names):
            async for step in insights.run(names, query):
                progress = step
        settings = workplace.services.settings
        masked = settings.logs.mask_secrets if mask is None else mask
        _write(session, covered(progress) if masked else progress, as_csv=as_csv)
        if progress.left_out:
            session.output.say(f"without {listed(progress.left_out)}: no log group yet", "dim")
        cost = format_usd(scan_cost_usd(progress.scanned_bytes, settings.prices))
        session.output.say(
            f"{progress.status.lower()}: {len(progress.rows):,} rows, {progress.scanned_bytes / 1e6:,.1f} MB scanned "
            f"(about {cost}), {progress.matched_records:,.0f} of {progress.scanned_records:,.0f} records matched",
            "dim",
        )
        if progress.status != "Complete":
            raise WorkbenchError(f"The query ended as “{progress.status}”", "Its rows are not all there are.")
    return Exit.OK


def _query_text(text: str | None, canned: str | None) -> str:
    if (text is None) == (canned is None):
        raise click.UsageError("Give either --query or --canned.")
    if canned is not None:
        return _CANNED[canned].text
    found = sys.stdin.read() if text == "-" else text or ""
    if not found.strip():
        raise InvalidInput("The query is empty")
    return found


def _write(session: Session, progress: InsightsProgress, *, as_csv: bool) -> None:
    shown = progress.shown_columns
    if as_csv:
        sys.stdout.write(csv_of(progress))
    elif session.output.json:
        for row in progress.rows:
            session.output.record({key: value for key, value in row.items() if key != POINTER})
    elif progress.rows:
        rows = [tuple(_cell(row.get(column, "")) for column in shown) for row in progress.rows]
        heading, *lines = columns([shown, *rows])
        text = [session.output.data_tone(heading, "dim"), *lines] if session.output.for_eyes else columns(rows)
        session.output.line("\n".join(text))


def _cell(value: str) -> str:
    line = " ".join(clean(value).split())
    return line if len(line) <= _MOST_CELLS else f"{line[: _MOST_CELLS - 1]}…"
