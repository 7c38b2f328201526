-- The runs that ended at or after $since, newest first, at most $limit of them; $status null: of any status.
select *
from run
where recorded_at >= $since and ($status is null or status = $status)
order by recorded_at desc, id desc
limit $limit
