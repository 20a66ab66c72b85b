"""What sessions and the server say to each other, and planners at work without browsers of their own.

Those speak Streamlit's protocol to the server: each opens pages and chooses filters with a pause to think in
between, reads all it is sent, and looks for work under way as often as the page asks it to. The server does
for it what it does for a browser.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PAGES = ("today", "signals", "forecast", "plan", "fleet", "schedule")
#: Pages a planner narrows down to a product, every third time they are opened.
NARROWED = frozenset({"forecast", "plan", "schedule"})
NARROWED_SHARE = 1 / 3


class Planner:
    """One session.

    Parameters
    ----------
    url : of the server.
    products : to narrow pages down to.
    think_seconds : between one page and the next.
    chance : decides which page comes next.
    """

    def __init__(self, url: str, products: list[str], think_seconds: float, chance: Random) -> None:
        self._url = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._products = products
        self._think_seconds = think_seconds
        self._chance = chance
        self._finished = asyncio.Event()
        self._hashes: dict[str, str] = {}
        self._at = ""
        self._query = ""
        self._looks: dict[str, asyncio.Task[None]] = {}
        self.opened = 0

    async def work(self) -> None:
        """Open pages until cancelled."""
        async with connect(self._url, subprotocols=["streamlit"], max_size=None) as connection:
            reading = asyncio.create_task(self._read(connection))
            try:
                await self._open(connection, "", "")
                while True:
                    # Nobody presses in step: a pause of think_seconds on average.
                    await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._think_seconds)
                    page = self._chance.choice(PAGES)
                    narrow = page in NARROWED and self._chance.random() < NARROWED_SHARE
                    query = f"product={self._chance.choice(self._products)}" if narrow else ""
                    await self._open(connection, self._hashes[page], query)
            finally:
                for task in (reading, *self._looks.values()):
                    task.cancel()

    async def _open(self, connection: ClientConnection, page_hash: str, query: str) -> None:
        for look in self._looks.values():
            look.cancel()
        self._looks.clear()
        self._at, self._query = page_hash, query
        self._finished.clear()
        await self._ask(connection)
        await self._finished.wait()
        self.opened += 1

    async def _ask(self, connection: ClientConnection, fragment: str = "") -> None:
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_script_hash = self._at
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.is_auto_rerun = bool(fragment)
        asked.rerun_script.widget_states.SetInParent()
        await connection.send(asked.SerializeToString())

    async def _read(self, connection: ClientConnection) -> None:
        async for data in connection:
            if not isinstance(data, bytes):
                continue
            said = ForwardMsg.FromString(data)
            match said.WhichOneof("type"):
                case "navigation":
                    self._hashes = {
                        page.url_pathname: page.page_script_hash for page in said.navigation.app_pages
                    }
                case "auto_rerun":
                    self._look_again(connection, said.auto_rerun.fragment_id, said.auto_rerun.interval)
                case "script_finished" if said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    self._finished.set()

    def _look_again(self, connection: ClientConnection, fragment: str, interval: float) -> None:
        if fragment in self._looks:
            self._looks[fragment].cancel()
        self._looks[fragment] = asyncio.create_task(self._look(connection, fragment, interval))

    async def _look(self, connection: ClientConnection, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._ask(connection, fragment)


class Wire:
    """What a browser's page hears: a click is answered once a run has ended that drew something anew.

    The document alone does not tell: a busy server lets it rest for a while before it answers. Looks for work
    under way are no answer; Streamlit may join one with an answer in the same run.
    """

    def __init__(self, page: Page) -> None:
        self.waiting = False
        self._drawn = False
        self._looks: set[str] = set()
        page.on("websocket", lambda socket: socket.on("framereceived", self._received))

    def expect(self) -> None:
        """Wait for an answer from now on."""
        self.waiting, self._drawn = True, False

    def _received(self, frame: bytes | str) -> None:
        if isinstance(frame, str):
            return
        said = ForwardMsg.FromString(frame)
        match said.WhichOneof("type"):
            case "auto_rerun":
                self._looks.add(said.auto_rerun.fragment_id)
            case "delta":
                self._drawn = self._drawn or said.delta.fragment_id not in self._looks
            case "script_finished" if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.waiting = self.waiting and not self._drawn


@contextmanager
def planners_at_work(
    url: str, number: int, products: list[str], think_seconds: float, seed: int
) -> Iterator[list[Planner]]:
    """Sessions in a thread of their own, at work until the context ends.

    Raises
    ------
    RuntimeError
        One of them ended by itself.
    """
    planners: list[Planner] = []
    ended: list[BaseException] = []
    stop = threading.Event()

    async def all_of_them() -> None:
        planners.extend(Planner(url, products, think_seconds, Random(seed + n)) for n in range(number))
        tasks = [asyncio.create_task(planner.work()) for planner in planners]
        await asyncio.to_thread(stop.wait)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                try:
                    await task
                except Exception as error:  # noqa: BLE001 - told where the context ends
                    ended.append(error)

    thread = threading.Thread(target=lambda: asyncio.run(all_of_them()))
    thread.start()
    try:
        yield planners
    finally:
        stop.set()
        thread.join()
    if ended:
        raise RuntimeError(f"{len(ended)} of {number} sessions ended by themselves: {ended[0]}")
