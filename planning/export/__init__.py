"""What a planner takes away: the plan's tables, its figures, and the folder they are written to."""
