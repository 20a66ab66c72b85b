"""The sources Takt knows, and which of them a header is of."""

from collections.abc import Sequence

from planning.signals.sources import hubspot, invoices, order_lines, platforms, salesforce, shopify
from planning.signals.sources.headers import headers
from planning.signals.sources.meaning import Source

_UNDERSTOOD = {
    "shopify": shopify.understand,
    "hubspot": hubspot.understand,
    "salesforce": salesforce.understand,
    "salesforce_items": salesforce.items_alone,
    "invoices": invoices.understand,
    "order_lines": order_lines.understand,
    "ga4": platforms.understood_by(platforms.GA4),
    "google_ads": platforms.understood_by(platforms.GOOGLE_ADS),
    "meta": platforms.understood_by(platforms.META),
    "klaviyo": platforms.understood_by(platforms.KLAVIYO),
}
#: Every source by its name.
SOURCES = {name: Source(name, told, _UNDERSTOOD[name]) for name, told in headers().items()}


def meaning_of(header: Sequence[str]) -> Source | None:
    """The source a file with this header is of; of several the one that knows most of its columns.

    Parameters
    ----------
    header : the file's columns as written.
    """
    fitting = [source for source in SOURCES.values() if source.headers.fits(header)]
    return max(fitting, key=lambda source: len(source.headers.found(header)), default=None)
