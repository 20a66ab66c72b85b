"""Orders, opportunities and forecast become demand that is counted once."""

from planning.netting.net import NetDemand, net_demand

__all__ = ["NetDemand", "net_demand"]
