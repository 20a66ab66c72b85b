select *
from core.{table}
