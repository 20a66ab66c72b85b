"""Roll the week forward: read what really happened, say what that does, let the next week hold."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from planning.domain.field import Table
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, NothingToPlanError
from planning.rolling import ACTUALS, Actuals, RolledWeek, roll_week, week_to_roll
from planning.signals import SourceFile
from planning.signals.cells import Window, read_rows
from planning.signals.duplicates import split_duplicates
from planning.signals.rows import LINE
from planning.store import ImportReceipt, Workspace
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads
from planning.workflows.versions import Shelf

ORDERS = "orders"
#: How an amount is written.
_DECIMALS = 6


@dataclass(frozen=True)
class RollPreview:
    """What rolling a week would do.

    Parameters
    ----------
    version : the published plan.
    rolled : what becomes of the week.
    preview : the import that makes it hold.
    """

    version: int
    rolled: RolledWeek
    preview: Preview


class Rolling:
    """What the pages ask about the week that is over. Methods may be called from any thread.

    Parameters
    ----------
    workspace : where the network is.
    uploads : how files join it.
    shelf : plans at hand.
    today : as_of where settings.csv gives none.
    """

    def __init__(
        self, workspace: Workspace, uploads: Uploads, shelf: Shelf, today: Callable[[], date]
    ) -> None:
        self._workspace, self._uploads, self._shelf, self._today = workspace, uploads, shelf, today

    def week(self) -> date:
        """The week that is over next.

        Raises
        ------
        NothingToPlanError
            No plan is published, or there is no network.
        """
        network, plan = self._held()
        return week_to_roll(network, plan)

    def as_planned(self) -> dict[str, bytes]:
        """The files of the week as the plan has it, to correct and to bring back; raises like `week`.

        Returns
        -------
        counted.csv, made.csv, shipped.csv and contract_events.csv (a header, and what the plan decided).
        """
        network, plan = self._held()
        return as_planned(plan, week_to_roll(network, plan))

    def as_planned_zip(self) -> bytes:
        """`as_planned`, zipped."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.as_planned().items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
        return buffer.getvalue()

    def contracts(self) -> list[str]:
        """Contracts that have not ended: those something may have happened to; raises like `week`."""
        network, _ = self._held()
        rows = network["contracts"].filter(pl.col("status") != "ended")
        return rows["contract"].to_list()

    def preview(self, files: Mapping[str, bytes], events: pl.DataFrame | None = None) -> RollPreview:
        """What the week becomes, and what holds then; nothing is imported.

        Parameters
        ----------
        files : name → bytes: any of ACTUALS and orders.csv.
        events : contract events said by button, as contract_events.csv; they stand before those of a file.

        Raises
        ------
        InputError
            A file cannot be used, or the week cannot be rolled.
        NothingToPlanError
            No plan is published, or there is no network.
        """
        network, plan = self._held()
        actuals = self._actuals(network, files)
        if events is not None and not events.is_empty():
            said = ["contract", "event"]
            others = actuals.contract_events.join(events, on=said, how="anti")
            actuals = replace(actuals, contract_events=pl.concat([events.select(others.columns), others]))
        rolled = roll_week(network, plan, actuals)
        preview = self._uploads.preview(_incoming(rolled))
        _refuse_aside(preview)
        return RollPreview(int(plan.summary["version"]), rolled, preview)

    def roll(self, asked: RollPreview) -> ImportReceipt:
        """Let the next week hold, by one import that can be undone.

        Raises
        ------
        ChangedMeanwhileError
            Another import holds than the preview was made on.
        """
        preview = asked.preview
        if preview.folder is None or preview.network is None:
            raise InputError(preview.faults)
        return self._workspace.roll_week(
            asked.version, asked.rolled.week, preview.folder, preview.network, preview.record, preview.on
        )

    def _held(self) -> tuple[Network, Plan]:
        network, version = self._workspace.load_network(self._today()), self._workspace.published_version()
        plan = None if version is None else self._shelf.plan(version)
        if network is None or plan is None:
            raise NothingToPlanError("No plan is published yet. Publish the plan of the week, then roll it.")
        return network, plan

    def _actuals(self, network: Network, files: Mapping[str, bytes]) -> Actuals:
        tables, faults = _tables(files), [Fault(name, *_NOT_KNOWN) for name in files if _table(name) is None]
        if faults:
            raise InputError(faults)
        read: dict[str, pl.DataFrame] = {}
        for table, name in tables.items():
            try:
                if table == ORDERS:
                    read[table] = self._orders(network, name, files[name])
                else:
                    read[table] = read_actuals(ACTUALS[table], name, files[name], network)
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(faults)
        return Actuals(**read)

    def _orders(self, network: Network, name: str, data: bytes) -> pl.DataFrame:
        """Rows of the orders that are new or other ones than those that hold."""
        ours = self._uploads.in_our_form(name, data, ORDERS)
        if ours is None:
            raise InputError(
                [Fault(name, "it is in another system's form", "Import it on the Signals page first.")]
            )
        preview = self._uploads.preview([Incoming(name, ours, ORDERS)])
        _refuse_aside(preview)
        if preview.network is None:
            raise InputError(preview.faults)
        held = network[ORDERS]
        return preview.network[ORDERS].join(held, on=held.columns, how="anti", nulls_equal=True)


_NOT_KNOWN = (
    "its name does not say what it holds",
    f"Call it orders.csv or one of {', '.join(f'{name}.csv' for name in ACTUALS)}.",
)


def as_planned(plan: Plan, week: date) -> dict[str, bytes]:
    """The week's actuals as if all went as planned; see `Rolling.as_planned`."""
    made = plan["production"].filter(pl.col("week") == week, pl.col("quantity") > 0)
    shipped = plan["shipments"].filter(pl.col("ship_week") == week, pl.col("quantity") > 0)
    counted = plan["inventory"].filter(pl.col("week") == week)
    decided = plan["rentals"].filter(
        pl.col("action") == "return", pl.col("decide_by") < week + timedelta(weeks=1)
    )
    rows = {
        "counted": counted,
        "made": made.with_columns(made="quantity", left=pl.lit(None, pl.Float64)),
        "shipped": shipped,
        "contract_events": decided.with_columns(contract="id", event=pl.lit("notice"), date="off_rent_date"),
    }
    return {f"{name}.csv": as_csv(frame.select(ACTUALS[name].columns)) for name, frame in rows.items()}


def read_actuals(table: Table, name: str, data: bytes, network: Network) -> pl.DataFrame:
    """The rows of a file of actuals.

    Raises
    ------
    InputError
        A cell will not do, a row stands twice, or something in it is not known: every row is named.
    """
    source = replace(SourceFile.read(table, data), name=name)
    good, bad = read_rows(source, table, Window.around(network.policy.as_of))
    good, repeated, conflicting = split_duplicates(good, table, name)
    aside = pl.concat(
        [frame.select("line", "column", "value", "reason", "raw") for frame in (bad, repeated, conflicting)]
    )
    faults = [
        Fault(name, row.pop("reason"), "Correct the row.", **row) for row in aside.iter_rows(named=True)
    ]
    for field in table.fields:
        if field.refers:
            known = _known(network, field.refers)
            strange = good.filter(~pl.col(field.name).is_in(known))
            faults += [
                Fault(
                    name,
                    f"is not in {field.refers}.csv",
                    "Correct it, or add it there first.",
                    line,
                    field.name,
                    value,
                )
                for line, value in strange.select(pl.col(LINE).cast(pl.Int64), field.name).iter_rows()
            ]
    if faults:
        raise InputError(faults)
    return good.select(table.columns)


def as_csv(rows: pl.DataFrame) -> bytes:
    """Rows as a file: amounts without decimals where they have none."""
    floats = [name for name, kind in rows.schema.items() if kind == pl.Float64]
    plain = pl.col(floats).round(_DECIMALS).cast(pl.String).str.replace(r"\.0$", "")
    return rows.with_columns(plain).write_csv().encode()


def _known(network: Network, table: str) -> list[str]:
    key = INPUT[table].columns[0]
    if table == "markets" and network["markets"].is_empty():
        return network["orders"]["market"].unique().to_list()
    if table == "products" and network["products"].is_empty():
        return network["routings"]["product"].unique().to_list()
    return network[table][key].unique().to_list()


def _table(name: str) -> str | None:
    stem = name.rsplit(".", 1)[0].lower()
    return stem if stem in {*ACTUALS, ORDERS} else None


def _tables(files: Mapping[str, bytes]) -> dict[str, str]:
    return {table: name for name in files if (table := _table(name)) is not None}


def _incoming(rolled: RolledWeek) -> list[Incoming]:
    replaced = [
        Incoming(f"{name}.csv", as_csv(rows), name, "replace") for name, rows in rolled.replaced.items()
    ]
    updated = [Incoming(f"{name}.csv", as_csv(rows), name) for name, rows in rolled.updated.items()]
    return [*replaced, *updated]


def _refuse_aside(preview: Preview) -> None:
    aside = preview.aside.select("file", "reason", "remedy", "line", "column", "value", "raw")
    faults = [*preview.faults, *(Fault(**row) for row in aside.iter_rows(named=True))]
    if faults:
        raise InputError(faults)
