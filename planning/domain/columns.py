"""Short names for the columns the schema is written in, and the ids every table shares."""

from typing import Any

from planning.domain.field import Field


def text(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "text", doc, **more)


def number(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "number", doc, **({"minimum": 0} | more))


def whole(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "whole", doc, **({"minimum": 0} | more))


def flag(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "flag", doc, **more)


def date(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "date", doc, **more)


def week(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "week", doc, **more)


def clock(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "time", doc, **more)


def share(name: str, doc: str = "", **more: Any) -> Field:
    return Field(name, "number", doc, **({"minimum": 0, "maximum": 1} | more))


FACTORY = text("factory", "the micro-factory", required=True, refers="factories")
MARKET = text("market", "the market", required=True, refers="markets")
PRODUCT = text("product", "the product", required=True, refers="products")
ROBOT = text("robot_model", "the robot model", required=True, refers="robots")
PLACE = (
    text("name", "what people call it"),
    text("country", "ISO 3166 code"),
    number("latitude", "degrees north", minimum=-90, maximum=90),
    number("longitude", "degrees east", minimum=-180, maximum=180),
)
AUDIENCE = (
    text("product", "the product, or empty for a whole family", refers="products"),
    text("family", "the family, or empty for one product"),
    text("market", "the market, or empty for all", refers="markets"),
)
