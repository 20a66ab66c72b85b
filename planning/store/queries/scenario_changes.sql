select scenario, change
from plan.scenario_change
order by scenario, place
