select profile, saved_at, content::varchar as content
from raw.profile
order by saved_at desc, profile
