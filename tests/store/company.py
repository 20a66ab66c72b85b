"""A small company as a network folder, in as many variants as a test needs."""

from datetime import date
from functools import cache

from planning.domain.network import Network
from planning.signals import Folder, validate

TODAY = date(2026, 11, 23)

FILES = {
    "settings.csv": "key,value\nstart_week,2026-11-30\nhorizon_weeks,8\ncurrency,\n",
    "factories.csv": "factory,name,supervisors\nPO,Porto,\nLY,Lyon,2\n",
    "routings.csv": "product,robot_model,hours_per_unit,lights_out\n0012,PRINTER,1.5,true\nBRK,MILL,0.25,\n",
    "offers.csv": "offer,robot_model,weekly_rate\nFLEX,MILL,700\nLONG,PRINTER,450\n",
    "owned.csv": "factory,robot_model,units\nPO,MILL,2\n",
    "orders.csv": (
        "order_id,line,due_date,product,market,quantity,customer\n"
        "00071,2,2026-12-11,0012,DE,4,\n"
        "00071,1,2026-12-04,BRK,DE,10.5,Åse & Søn\n"
        "A-1,,2026-12-18,0012,PT,3,=1+1\n"
    ),
    "history.csv": (
        "date,product,market,quantity\n2026-11-09,0012,DE,1\n2026-11-02,0012,DE,1\n2026-11-02,0012,DE,1\n"
    ),
}

PUBLISHED = {
    "production.csv": "factory,product,routing,week,quantity\nPO,BRK,BRK/MILL,2026-11-30,7\n",
    "plan.json": '{"plan_id": "p1", "version": 3, "start_week": "2026-11-30", "horizon_weeks": 8}',
}


def company(published: dict[str, str] | None = None, **changed: str) -> tuple[Folder, Network]:
    """The folder with some files changed (orders="…" for orders.csv), and what validation makes of it."""
    texts = FILES | {f"{name}.csv": text for name, text in changed.items()}
    files = {name: text.encode() for name, text in texts.items()}
    folder = Folder.from_files(files, {name: text.encode() for name, text in (published or {}).items()})
    return folder, validate(folder, TODAY)


@cache
def stocked(units: float) -> tuple[Folder, Network]:
    """The company with so many units of 0012 in Porto."""
    return company(stock=f"factory,product,quantity\nPO,0012,{units}\n")
