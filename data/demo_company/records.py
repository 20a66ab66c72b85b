"""One record per table of the network folder: field names are the column names of its file."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    key: str
    value: str


@dataclass(frozen=True)
class Factory:
    factory: str
    name: str
    country: str
    latitude: float
    longitude: float
    floor_slots: int | None
    attended_hours_per_week: float
    unattended_hours_per_week: float
    overtime_hours_per_week: float
    overtime_cost_per_hour: float
    supervisors: int | None
    storage_units: int | None
    energy_price_per_kwh: float
    grid_kgco2e_per_kwh: float


@dataclass(frozen=True)
class Shift:
    factory: str
    weekday: int
    start: str
    end: str
    attended: bool


@dataclass(frozen=True)
class Market:
    market: str
    name: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Product:
    product: str
    name: str
    family: str
    price: float
    holding_cost_per_week: float
    late_cost_per_week: float
    lost_cost: float
    waste_cost: float


@dataclass(frozen=True)
class Robot:
    robot_model: str
    name: str
    process: str
    floor_slots: int
    robots_per_supervisor: float
    robots_per_operator: float | None
    power_kw: float
    availability: float


@dataclass(frozen=True)
class Routing:
    routing: str
    product: str
    factory: str
    revision: str
    effective_week: dt.date | None
    robot_model: str
    hours_per_unit: float
    setup_hours: float
    setup_cost: float
    typical_lot: int | None
    unit_cost: float
    energy_kwh_per_unit: float | None
    kgco2e_per_unit: float
    lights_out: bool
    min_lot: int
    batch_size: int | None
    # `yield` is a keyword of the language: the writer drops the underscore.
    yield_: float


@dataclass(frozen=True)
class Lane:
    factory: str
    market: str
    lead_time_weeks: int
    cost_per_unit: float
    kgco2e_per_unit: float


@dataclass(frozen=True)
class Offer:
    offer: str
    vendor: str
    robot_model: str
    factory: str | None
    weekly_rate: float
    min_term_weeks: int
    renewal_weeks: int
    notice_weeks: int
    lead_time_weeks: int
    mobilisation_fee: float
    demobilisation_fee: float
    max_units: int | None
    early_termination_share: float | None
    transfer_fee: float | None
    transfer_weeks: int
    included_hours_per_week: float | None
    overage_per_hour: float
    sla_uptime: float | None
    billing: str
    billing_rate: float | None


@dataclass(frozen=True)
class OfferTier:
    offer: str
    from_units: int
    weekly_rate: float


@dataclass(frozen=True)
class Contract:
    contract: str
    offer: str
    factory: str
    units: int
    weekly_rate: float | None
    on_rent_date: dt.date
    min_end_date: dt.date
    off_rent_date: dt.date | None
    status: str


@dataclass(frozen=True)
class Owned:
    factory: str
    robot_model: str
    units: int
    weekly_cost: float


@dataclass(frozen=True)
class Stock:
    factory: str
    product: str
    quantity: int


@dataclass(frozen=True)
class InTransit:
    factory: str
    market: str
    product: str
    arrive_week: dt.date
    quantity: int


@dataclass(frozen=True)
class FirmWork:
    work_order: str
    factory: str
    routing: str
    week: dt.date
    quantity_left: int
    status: str


@dataclass(frozen=True)
class CalendarWeek:
    factory: str
    week: dt.date
    robot_model: str | None
    attended_hours: float | None
    unattended_hours: float | None
    availability: float | None


@dataclass(frozen=True)
class Material:
    material: str
    name: str
    unit: str
    unit_cost: float
    kgco2e_per_unit: float
    lead_time_weeks: int
    recycled_share: float


@dataclass(frozen=True)
class BomLine:
    product: str
    routing: str | None
    material: str
    quantity_per_unit: float


@dataclass(frozen=True)
class Supply:
    material: str
    factory: str
    week: dt.date
    quantity: float
    unit_cost: float | None


@dataclass(frozen=True)
class Operators:
    factory: str
    process: str
    operators: int
    week: dt.date | None


@dataclass(frozen=True)
class Order:
    order_id: str
    line: int
    order_date: dt.date
    due_date: dt.date
    product: str
    market: str
    quantity: int
    quantity_shipped: int
    status: str
    customer: str
    priority: int
    unit_price: float


@dataclass(frozen=True)
class Opportunity:
    opportunity_id: str
    source: str
    observed_date: dt.date
    stage: str
    probability: float | None
    product: str
    market: str
    quantity: int
    expected_date: dt.date
    status: str
    order_id: str | None


@dataclass(frozen=True)
class Stage:
    stage: str
    position: int
    probability: float


@dataclass(frozen=True)
class History:
    date: dt.date
    product: str
    market: str
    quantity: int


@dataclass(frozen=True)
class Return:
    date: dt.date
    product: str
    market: str
    quantity: int


@dataclass(frozen=True)
class Override:
    product: str
    market: str
    week: dt.date
    quantity: int
    reason: str
    author: str
    expires: dt.date


@dataclass(frozen=True)
class Campaign:
    campaign: str
    channel: str
    product: str | None
    family: str | None
    market: str | None
    start_date: dt.date
    end_date: dt.date
    spend: float | None
    price: float | None
    competitor_price: float | None
    promotion: float | None


@dataclass(frozen=True)
class Activity:
    date: dt.date
    channel: str
    product: str | None
    family: str | None
    market: str
    impressions: int
    clicks: int
    visits: int
    carts: int
    leads: int
    spend: float
