select "table", "data"
from plan.basis_file
inner join plan.run using (run)
where version = $version
order by place
