-- Why runs that ended in [$since, $until) were not fixed: one row per status, reason and issue type, most runs first, at
-- most $limit. Digits are masked, so that reasons that differ in a number count together.
--   runs             with this reason
--   share_of_runs    of all runs in the period that were not fixed, 0..1
--   latest_id        the history id of the latest
with unfixed as (
    select *, regexp_replace(reason, '\d+', '#', 'g') as masked_reason
    from run
    where recorded_at >= $since and recorded_at < $until and status <> 'fixed'
)

select
    status,
    masked_reason as reason,
    issue_type,
    count(*) as runs,
    runs / sum(runs) over () as share_of_runs,
    arg_max(id, recorded_at) as latest_id
from unfixed
group by status, masked_reason, issue_type
order by runs desc, status, reason, issue_type
limit $limit
