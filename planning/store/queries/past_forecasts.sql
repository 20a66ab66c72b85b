with started as (
    select forecast, min(week) as start_week
    from plan.forecast
    anti join plan.scenario_forecast using (forecast)
    group by forecast
),

latest as (
    select start_week, max(forecast) as forecast
    from started
    group by start_week
)

select latest.start_week, told.product, told.market, told.week, told.quantity, told.p10, told.p50, told.p90
from plan.forecast as told
inner join latest on told.forecast = latest.forecast
order by latest.start_week, told.product, told.market, told.week
