-- Every forecast with the import whose data it was made from.
select forecast, created_at, input_hash, max(batch) as batch
from plan.forecast_run
left join raw.import_batch on network ->> '$.input_hash' = input_hash
group by forecast, created_at, input_hash
order by forecast
