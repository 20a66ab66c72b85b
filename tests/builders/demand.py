"""What comes in beside the small company's orders: two years of history, a campaign, deals in the making."""

import math
from datetime import date, timedelta

FIRST_WEEK = date(2024, 11, 18)
WEEKS = 104
SOLD = (("0001", "uk", 20), ("0002", "uk", 8), ("0003", "pt", 10))


def history() -> str:
    """history.csv: a gentle season with some unrest in it."""
    rows = [
        f"{FIRST_WEEK + timedelta(weeks=week)},{product},{market},{_sold(level, week)}"
        for product, market, level in SOLD
        for week in range(WEEKS)
    ]
    return "\n".join(["date,product,market,quantity", *rows, ""])


def _sold(level: int, week: int) -> int:
    return round(level * (1 + 0.3 * math.sin(2 * math.pi * week / 52))) + week * 7 % 5


DEMAND = {
    "history": history(),
    "campaigns": """campaign,channel,product,market,start_date,end_date,promotion
spring,deal,0001,uk,2026-03-02,2026-03-22,1
winter,deal,0001,uk,2026-12-14,2026-12-27,1
""",
    "opportunities": """opportunity_id,source,observed_date,stage,product,market,quantity,expected_date,status
OP-1,trade fair,2026-11-10,quoted,0001,uk,40,2027-01-15,open
OP-2,web enquiry,2026-11-12,lead,0003,pt,200,2027-01-08,open
OP-3,web enquiry,2026-06-01,verbal,0002,uk,10,2026-09-30,open
""",
}
