select stop
from audit.tour
order by seen_at
