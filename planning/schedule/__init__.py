"""Week plan → work orders on numbered robots within the shifts, earliest due first."""

from planning.schedule.schedule import lay_out

__all__ = ["lay_out"]
