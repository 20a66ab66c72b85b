"""The planner's desk: the open workspace and the work under way, as the pages use them."""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial

import polars as pl

from planning.configuration import Configuration
from planning.domain.assume import complete
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import NothingToPlanError
from planning.export import (
    decide_by_calendar,
    names_of,
    plan_document,
    plan_workbook,
    printable_schedule,
    zip_folder,
)
from planning.netting.ladder_steps import STEPS_SCHEMA
from planning.store import ImportReceipt, StoredForecast, Workspace
from planning.workflows import forecasting, planning_run
from planning.workflows.confirming import Confirmation, confirm_deal
from planning.workflows.deciding import Deciding
from planning.workflows.everything import everything_zip
from planning.workflows.first_run import FirstRun
from planning.workflows.folders import load_version
from planning.workflows.job_kinds import job_kinds
from planning.workflows.job_records import cut_off, record
from planning.workflows.jobs import Board, Jobs, JobView
from planning.workflows.ladder_looks import LadderLooks, adopt
from planning.workflows.live_record import LiveRecord, look_back
from planning.workflows.opened import Openings
from planning.workflows.outlook import Outlook, Outlooks
from planning.workflows.overruling import Draft, no_record, override_record, save_overrides
from planning.workflows.quick_plan import quick_payload
from planning.workflows.rentals import Notice, approve_rentals, orderable
from planning.workflows.reproduction import reproduction_payload
from planning.workflows.rolling import Rolling
from planning.workflows.safekeeping import Place, Safekeeping
from planning.workflows.scenarios import Scenarios
from planning.workflows.thread import Threads
from planning.workflows.touring import Tour
from planning.workflows.uploads import Uploads
from planning.workflows.versions import Shelf, Versions, previous_version


class Desk:
    """What every page asks. Methods may be called from any thread; frames are shared, never changed."""

    def __init__(
        self,
        workspace: Workspace,
        threads: int = 1,
        solver: str = "HiGHS",
        planner: str = "planner",
        place: Place | None = None,
    ) -> None:
        self._workspace, self._planner = workspace, planner
        self._threads, self._solver = threads, solver
        self._reading = threading.Lock()
        self._jobs = Jobs(job_kinds(workspace), partial(record, workspace), cut_off(workspace))
        self._lay_out()
        place = place or Place.beside(workspace)
        self.first_run = FirstRun(workspace, place.demo, _today)
        self.tour = Tour(workspace.tour(), self.first_run.is_demo)
        backups = workspace.backups(place.backups, place.backups_kept)
        self.safekeeping = Safekeeping(workspace, backups, self.board, self._lay_out)

    def _lay_out(self) -> None:
        """Everything that remembers what it read from the workspace, as before the first look."""
        workspace = self._workspace
        with self._reading:
            self._network: Network | None = None
            self._forecast: StoredForecast | None = None
            self._lived: tuple[tuple[str, int], LiveRecord] | None = None
            self._outlooks = Outlooks()
            self._looks = LadderLooks(workspace)
            self._shelf = Shelf(workspace)
            self.uploads = Uploads(workspace, _today)
            self.versions = Versions(workspace, self._shelf)
            self.opened = Openings(workspace, self._shelf)
            self.deciding = Deciding(workspace, self._planner)
            self.threads = Threads(workspace)
            self.rolling = Rolling(workspace, self.uploads, self._shelf, _today)
            self.scenarios = Scenarios(
                workspace,
                self._shelf,
                _today,
                threads=self._threads,
                solver=self._solver,
                planner=self._planner,
            )

    def network(self) -> Network | None:
        """The network that holds, with what was derived and assumed; None before the first import."""
        with self._reading:
            held = self._workspace.network_hash()
            if self._network is None or self._network.input_hash != held:
                given = self._workspace.load_network(_today())
                self._network = None if given is None else complete(given)
            return self._network

    def plan(self) -> Plan | None:
        """The newest plan that is of no scenario; None before the first one."""
        return self.scenarios.plan()

    def today(self) -> date:
        """The day it is."""
        return _today()

    def is_stale(self) -> bool:
        """Whether the data have changed since the newest plan was made, other than by its own rentals."""
        plan, held = self.plan(), self._workspace.network_hash()
        if plan is None or held is None:
            return False
        return not self._workspace.says_itself(plan.summary["version"], plan.summary["input_hash"], held)

    def previous_version(self) -> int | None:
        """Version of the plan before the newest one; None when it is the only one."""
        return previous_version(self._workspace.plans())

    def previous_plan(self) -> Plan | None:
        """The plan before the newest one; None when that is the only one."""
        version = self.previous_version()
        return None if version is None else self._shelf.plan(version)

    def forecast(self) -> StoredForecast | None:
        """The newest forecast Takt made; None before the first one."""
        with self._reading:
            number = self._workspace.forecast_number()
            if self._forecast is None or self._forecast.number != number:
                self._forecast = self._workspace.load_forecast()
            return self._forecast

    def outlook(self) -> Outlook | None:
        """What will be confirmed, by the forecast that holds; None before the first import or forecast."""
        network = self.network()
        return None if network is None else self._outlooks.of(network, self.forecast())

    def look_back(self) -> LiveRecord | None:
        """What became of earlier forecasts; None before the first one."""
        network, stored = self.network(), self.forecast()
        if network is None or stored is None:
            return None
        key = network.input_hash, stored.number
        with self._reading:
            if self._lived is None or self._lived[0] != key:
                self._lived = key, look_back(self._workspace, network, stored)
            return self._lived[1]

    def override_record(self) -> pl.DataFrame:
        """Overrides whose week is over beside the model and what came; none before the first import."""
        network = self.network()
        return no_record() if network is None else override_record(self._workspace, network)

    def save_overrides(self, draft: Draft) -> ImportReceipt:
        """Let overrides hold in place of the forecast. See `overruling.save_overrides`."""
        return save_overrides(self.uploads, self.network(), draft)

    def ladder_steps(self) -> pl.DataFrame:
        """Every step of every deal, as the imports show it; none before the first. See `ladder_steps`."""
        network = self.network()
        return pl.DataFrame(schema=STEPS_SCHEMA) if network is None else self._looks.steps(network)

    def adopt_rates(self, rates: pl.DataFrame, drawn_on: str) -> ImportReceipt:
        """Let learned probabilities hold as those of stages.csv. See `ladder_looks.adopt`."""
        return adopt(self.uploads, self.network(), rates, drawn_on)

    def confirm_deal(self, order: Confirmation) -> ImportReceipt:
        """Let a deal become its order. See `confirming.confirm_deal`."""
        return confirm_deal(self.uploads, self.network(), order)

    def kept_aside(self) -> pl.DataFrame:
        """Rows of the last import that were kept aside, as the export table `rejected_rows`."""
        return self._workspace.rejected()

    def check_ledger(self) -> tuple[pl.DataFrame, int]:
        """Ledger entries (seq, fault) that are not what was written, and how many entries there are."""
        return self._workspace.verify_ledger(), self._workspace.ledger_head().count

    def export_zip(self, version: int, *, semicolons: bool = False) -> bytes:
        """The export folder of a plan, zipped; with semicolons and decimal commas for spreadsheets.

        Raises
        ------
        NothingToPlanError
            There is no plan of this version.
        """
        return zip_folder(load_version(self._workspace, version), semicolons=semicolons)

    def everything_zip(self) -> bytes:
        """All the workspace holds, zipped, to be read without Takt. See `everything`."""
        return everything_zip(self._workspace, _today())

    def export_workbook(self, version: int) -> bytes:
        """A plan as an Excel workbook; raises like `export_zip`."""
        return plan_workbook(load_version(self._workspace, version))

    def export_json(self, version: int) -> bytes:
        """Summary and tables of a plan as one JSON document; raises like `export_zip`."""
        return plan_document(load_version(self._workspace, version))

    def export_dates(self, version: int) -> bytes:
        """The decide-by dates of a plan as a calendar (.ics); raises like `export_zip`."""
        return decide_by_calendar(load_version(self._workspace, version), names_of(self.network()))

    def export_day_sheets(
        self, version: int, factories: Collection[str] = (), days: Collection[date] = ()
    ) -> bytes:
        """The schedule of a plan to print, whole or of these factories and days; raises like `export_zip`."""
        plan = load_version(self._workspace, version)
        return printable_schedule(plan, names_of(self.network()), factories, days)

    def start_replan(self) -> str:
        """Have a new plan made from the data as they are now; what comes back is the job's id.

        Where there is a plan of these weeks, a quick one around it comes first.

        Raises
        ------
        JobRunningError
            A plan is being made already.
        NothingToPlanError
            There is no network yet.
        """
        payload = planning_run.plan_payload(self._workspace, _today(), self._threads, self._solver)
        board = self.board()
        if board.active("plan") is None and board.active("quick") is None:
            quick = quick_payload(self._workspace, payload)
            if quick is not None:
                self._jobs.submit("quick", quick)
        return self._jobs.submit("plan", payload)

    def start_forecast(self) -> str:
        """Have a new forecast made from the data as they are now; what comes back is the job's id.

        Raises
        ------
        JobRunningError
            A forecast is being made already.
        NothingToPlanError
            There is no network yet, nothing to learn from, or the network brings its own forecast.
        """
        return self._jobs.submit("forecast", forecasting.forecast_payload(self._workspace, _today()))

    def start_scenario(self, name: str) -> str:
        """Have a scenario's plan made; what comes back is the job's id.

        Raises
        ------
        JobRunningError
            It is being made already.
        NothingToPlanError
            There is no network yet.
        ScenarioError
            There is no open scenario of this name.
        """
        return self._jobs.submit("scenario", self.scenarios.payload(name), name)

    def start_reproduction(self, version: int) -> str:
        """Have a version made again; what comes back is the job's id.

        Raises
        ------
        JobRunningError
            It is being made again already.
        NothingToPlanError
            There is no such version, or nobody knows what it was made from.
        """
        return self._jobs.submit(
            "reproduction", reproduction_payload(self._workspace, version), f"v{version}"
        )

    def orderable(self, version: int) -> pl.DataFrame:
        """The contracts the new rentals of a version would become. See `rentals.orderable`."""
        plan, network = self._shelf.plan(version), self.network()
        return pl.DataFrame() if plan is None or network is None else orderable(plan, network)

    def approve_rentals(
        self, version: int, contracts: Collection[str], notices: Collection[Notice] = ()
    ) -> ImportReceipt:
        """Order rentals of an approved plan and give its notices. See `rentals.approve_rentals`."""
        plan, network = load_version(self._workspace, version), self.network()
        if network is None:
            raise NothingToPlanError("There is no network yet. Import a network folder first.")
        return approve_rentals(self._workspace, self.uploads, plan, network, contracts, notices)

    def job(self) -> JobView | None:
        """The work under way, else what ended last, this app or the one before it; None without any."""
        return self.board().job

    def board(self) -> Board:
        """The work under way, what waits for its turn, and how the last of each kind ended."""
        return self._jobs.board()

    def cancel(self, job_id: str) -> None:
        """Ask the work to stop; the plan there is stays as it is."""
        self._jobs.cancel(job_id)

    def worker_pid(self) -> int | None:
        """Process id of the worker."""
        return self._jobs.worker_pid()

    def start(self) -> None:
        """Bring the worker up before there is work for it."""
        self._jobs.start()

    def close(self) -> None:
        """Stop the work and give the workspace back."""
        self._jobs.close()
        self._workspace.close()


def _today() -> date:
    return datetime.now().astimezone().date()


_desk: Desk | None = None


def the_desk() -> Desk:
    """The desk this process serves.

    Raises
    ------
    RuntimeError
        The app was not started through app.py.
    """
    if _desk is None:
        raise RuntimeError("no desk is open: pages are served by app.py")
    return _desk


@contextmanager
def serving(desk: Desk) -> Iterator[Desk]:
    """Let pages find this desk for as long as the context lasts."""
    global _desk  # noqa: PLW0603 - one process serves one workspace, and Streamlit hands pages nothing
    _desk = desk
    try:
        yield desk
    finally:
        _desk = None


@contextmanager
def open_desk(configuration: Configuration) -> Iterator[Desk]:
    """Open the configured workspace with its worker and serve it; both end with the context.

    Raises
    ------
    WorkspaceBusyError
        Another process has it open.
    """
    planner = configuration.planner
    workspace = Workspace.open(configuration.database, planner)
    place = Place(configuration.backups, configuration.backups_kept, configuration.data_folder / "demo")
    desk = Desk(workspace, configuration.threads, configuration.solver, planner, place)
    try:
        desk.start()
        with serving(desk):
            yield desk
    finally:
        desk.close()
