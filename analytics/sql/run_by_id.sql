-- The runs whose id begins with $prefix.
select *
from run
where starts_with(id::varchar, $prefix)
