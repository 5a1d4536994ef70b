"""What payroll has to pay: of a case, and as files over all cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import Actor, AsJson, CaseArgument, a_day, a_file_to_write, an_id
from cli.core.output import say, say_result, show
from cli.core.usage import Group
from domain.core.sentences import counted
from domain.placement.payroll import PayLine, PayTotal, by_currency
from presentation.tables import table
from records.tables.placement import PayRecord
from service.core.environment import records
from service.core.files import draft_of
from service.core.people import names_of
from service.placement.pay import pay_of
from service.placement.payroll import Exported, PayExport, export_pay, exports_of_pay, hand_over, pay_export_again


class PayGroup(Group):
    """`pay CASE` is short for `pay case CASE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was given; what looks like a case, or an option before it, is for the command `case`."""
        first = args[0] if args else ""
        looks_like_case = "-" in first or any(character.isdigit() for character in first)
        if looks_like_case and first not in ("--help", *self.commands):
            args = ["case", *args]
        return super().parse_args(ctx, args)


app = Commands(cls=PayGroup)

OutFile = Annotated[
    Path | None,
    typer.Option(parser=a_file_to_write, metavar="FILE", help="A new file to write to; else standard output."),
]


@app.command("case")
def of_case(case: CaseArgument, as_json: AsJson = False) -> None:
    """Show the stipends of a case, with their sum."""
    with records() as database:
        found, exported = pay_of(database, case)
    sums = _sums(found)
    if as_json:
        entries = [_instruction(stipend, exported.get(stipend.n)) for stipend in found]
        say_result({"case": case, "pay": entries, "totals": sums})
        return
    if not found:
        say(f"No stipend of {case} has been instructed yet.")
        return
    columns = ("n", "Due on", "From", "To", "Days", "Amount", "Corrects", "Export")
    lines = (
        (
            stipend.n,
            stipend.due_on,
            stipend.first_day,
            stipend.last_day,
            stipend.days,
            f"{stipend.amount:,.2f} {stipend.currency}",
            stipend.corrects,
            exported.get(stipend.n),
        )
        for stipend in found
    )
    show(table(f"Stipends of {case}", columns, lines))
    total = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in sums.items())
    say(f"In all: {total}, {counted(sum(stipend.days for stipend in found), 'day')}")


@app.command("export")
def export(
    actor: Actor,
    first: Annotated[
        datetime | None,
        typer.Option("--from", parser=a_day, metavar="DATE", help="The first due day that is taken, as 2026-09-01."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", parser=a_day, metavar="DATE", help="The last due day that is taken, as 2026-09-30."),
    ] = None,
    again: Annotated[
        str | None,
        typer.Option(parser=an_id, metavar="EXPORT", help="Write an earlier export, such as PAY-3, once more."),
    ] = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Hand what is due in a period, over all cases, to payroll as a CSV file; nothing is ever handed over twice."""
    if (again is None) is (first is None or last is None) or (again is not None and (first or last)):
        raise CommandError("give --from and --to, or --again by itself", "usage")
    if out is not None and out.exists():
        raise CommandError(f"--out: {out} is there already, and may not have been fetched; name another", "invalid")
    with records() as database, _writer(out) as write:
        if again is not None:
            exported = Exported(pay_export_again(database, again, actor), left=None, not_written=[])
        else:
            assert first is not None
            assert last is not None
            exported = export_pay(database, first.date(), last.date(), actor)
        made, printed = exported.made, out is None
        if made is not None:
            try:
                hand_over(database, made, _as_json(exported) if as_json and printed else write)
            except OSError as error:
                raise CommandError(
                    f"{made.id} is on record, but {out or 'its file'} can't be written: {error.strerror}; "
                    f"`pay export --again {made.id} --out FILE` writes it",
                    "refused",
                ) from None
    if as_json:
        if made is None or not printed:
            say_result(_result(exported, out))
    elif made is None or not printed:
        _say_what_came(exported, out)
    else:
        for sentence in (*_totals_in_words(made), *_to_know(exported)):
            typer.echo(sentence, err=True)


@app.command("exports")
def exports(as_json: AsJson = False) -> None:
    """Show all exports: when, by whom, of which period, what they came to, and whether their file was written."""
    with records() as database:
        found = exports_of_pay(database)
        names = names_of(database, [made.by for made in found])
    if as_json:
        say_result({"exports": [_head(made) for made in found]})
        return
    if not found:
        say("Nothing was exported yet.")
        return
    rows = (
        (
            made.id,
            f"{made.at:%Y-%m-%d %H:%M} UTC",
            f"{names.get(made.by, '')} ({made.by})".strip(),
            f"{made.first} to {made.last}",
            len(made.lines),
            "\n".join(f"{amount:,.2f} {currency}" for currency, amount in by_currency(made.totals).items()),
            f"{made.written_at:%Y-%m-%d %H:%M} UTC" if made.written_at else "no, not that we know",
        )
        for made in found
    )
    columns = ("Export", "Made", "By", "Due", "Lines", "In all", "File written")
    show(table("Exports of pay", columns, rows))


@contextmanager
def _writer(out: Path | None) -> Iterator[Callable[[str], None]]:
    """What writes the file, or prints it, and returns once whoever reads has all of it.

    Raises :class:`CommandError` where it can't be written, before anything is exported.
    """
    if out is None:
        yield lambda text: typer.echo(text, nl=False)
        return
    with ExitStack() as stack:
        try:
            draft = stack.enter_context(draft_of(out))
        except OSError as error:
            sentence = f"--out: {out} can't be written: {error.strerror}; nothing was exported"
            raise CommandError(sentence, "invalid") from None
        yield draft.finish


def _as_json(exported: Exported) -> Callable[[str], None]:
    """What prints the lines as JSON in place of the file."""
    return lambda _: say_result(_result(exported, None))


def _say_what_came(exported: Exported, out: Path | None) -> None:
    made = exported.made
    if made is None:
        say("Nothing new is due in this period: what was exported before is not exported again.")
    else:
        rows = [
            (total.currency, total.cost_centre or "none", total.lines, f"{total.amount:,.2f}") for total in made.totals
        ]
        in_all = [(currency, "in all", "", f"{amount:,.2f}") for currency, amount in by_currency(made.totals).items()]
        show(table(f"{made.id}: {_period(made)}", ("Currency", "Cost centre", "Lines", "Amount"), [*rows, *in_all]))
        say(f"{out} is written: {counted(len(made.lines), 'line')}")
    for sentence in _to_know(exported):
        say(sentence)


def _period(made: PayExport) -> str:
    return f"due from {made.first} to {made.last}"


def _totals_in_words(made: PayExport) -> Iterator[str]:
    yield f"{made.id}: {_period(made)}, {counted(len(made.lines), 'line')}"
    for total in made.totals:
        where = f"cost centre {total.cost_centre}" if total.cost_centre else "no cost centre"
        yield f"{total.amount:,.2f} {total.currency}, {where}, {counted(total.lines, 'line')}"
    for currency, amount in by_currency(made.totals).items():
        yield f"{amount:,.2f} {currency} in all"


def _to_know(exported: Exported) -> Iterator[str]:
    """What HR should know of besides."""
    if exported.left is not None:
        left = exported.left
        yield (
            f"{counted(left.lines, 'instruction')} due before this period, since {left.since}, "
            f"{'was' if left.lines == 1 else 'were'} never exported: export that period too."
        )
    for name in exported.not_written:
        yield f"The file of {name} was not written, that we know: `pay export --again {name} --out FILE` writes it."


def _result(exported: Exported, out: Path | None) -> dict[str, Any]:
    made, left = exported.made, exported.left
    return {
        "export": None if made is None else made.id,
        **({} if made is None else {**_head(made), "lines": [_line(line) for line in made.lines]}),
        "file": None if out is None or made is None else str(out),
        "left": None if left is None else {"since": left.since.isoformat(), "lines": left.lines},
        "not_written": list(exported.not_written),
    }


def _head(made: PayExport) -> dict[str, Any]:
    return {
        "export": made.id,
        "at": made.at.isoformat(),
        "by": made.by,
        "from": made.first.isoformat(),
        "to": made.last.isoformat(),
        "written_at": made.written_at.isoformat() if made.written_at else None,
        "in_all": {currency: str(amount) for currency, amount in by_currency(made.totals).items()},
        "totals": [_total(total) for total in made.totals],
        "count": len(made.lines),
    }


def _total(total: PayTotal) -> dict[str, Any]:
    return total.model_dump(mode="json")


def _line(line: PayLine) -> dict[str, Any]:
    return {"line": line.id, **line.model_dump(mode="json")}


def _sums(found: Sequence[PayRecord]) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for stipend in found:
        sums[stipend.currency] = sums.get(stipend.currency, 0) + stipend.amount
    return sums


def _instruction(stipend: PayRecord, export_id: str | None) -> dict[str, Any]:
    return {
        "n": stipend.n,
        "due_on": stipend.due_on.isoformat(),
        "first": stipend.first_day.isoformat(),
        "last": stipend.last_day.isoformat(),
        "days": stipend.days,
        "amount": str(stipend.amount),
        "currency": stipend.currency,
        "corrects": stipend.corrects,
        "export": export_id,
    }
