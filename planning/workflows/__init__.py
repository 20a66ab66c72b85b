"""One function per planner's verb: import, forecast, plan, check, export; and the jobs they run in."""
