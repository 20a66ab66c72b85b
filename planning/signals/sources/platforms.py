"""GA4, Google Ads, Meta and Klaviyo: what a row of each report is."""

from collections.abc import Callable

import polars as pl

from planning.signals.sources.activity import Platform, activity_meaning
from planning.signals.sources.meaning import Meaning
from planning.signals.sources.settings import SourceSettings

GA4 = Platform("GA4 visits", "GA4", ("channel", "campaign", "product", "market"), {})
GOOGLE_ADS = Platform("Google Ads by day", "Google Ads", ("campaign", "group", "ad", "product", "market"), {})
META = Platform("Meta ads by day", "Meta", ("campaign", "group", "ad", "channel", "product", "market"), {})
#: An e-mail is seen by those it was delivered to; a campaign's variants add up to its own row.
KLAVIYO = Platform("Klaviyo campaigns", "Klaviyo", ("campaign", "variant"), {"impressions": "delivered"})


def understood_by(platform: Platform) -> Callable[[pl.DataFrame, SourceSettings], Meaning]:
    """Reports of `platform` as activity."""

    def understand(rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
        absent = [
            name for name in ("until", "channel", "product", "market", "currency") if name not in rows.columns
        ]
        return activity_meaning(
            platform,
            rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent),
            settings,
        )

    return understand
