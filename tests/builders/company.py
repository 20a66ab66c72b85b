"""A small company as a network folder: two factories, three products, one offer, too few robots."""

from pathlib import Path

FILES = {
    "settings": """key,value
as_of,2026-11-23
horizon_weeks,8
gap,0.02
time_limit_seconds,20
""",
    "factories": """factory,name,attended_hours_per_week
leeds,Leeds,40
porto,Porto,40
""",
    "routings": """product,robot_model,hours_per_unit
0001,printer,0.5
0002,printer,0.8
0003,mill,0.4
""",
    "offers": """offer,vendor,robot_model,weekly_rate,min_term_weeks,notice_weeks,mobilisation_fee
flex,Robora,printer,90,2,1,20
""",
    "owned": """factory,robot_model,units
leeds,printer,1
porto,mill,1
""",
    "orders": """order_id,order_date,due_date,product,market,quantity,customer,unit_price
SO-1,2026-11-02,2026-11-27,0001,uk,150,Ada,40
SO-2,2026-11-05,2026-12-11,0002,uk,30,Ada,60
SO-3,2026-11-09,2026-12-18,0001,pt,140,Bela,40
SO-4,2026-11-12,2026-12-04,0003,pt,50,Bela,25
0012,2026-11-16,2027-01-08,0002,uk,45,Cy,60
""",
}


def write_company(folder: Path, **changed: str) -> Path:
    """Write the folder; `changed` replaces the content of single files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (FILES | changed).items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder
