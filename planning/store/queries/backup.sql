select made_at, why
from audit.backup
