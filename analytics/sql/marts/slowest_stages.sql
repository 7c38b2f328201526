-- Where the time goes in the runs that ended in [$since, $until): one row per stage, the costliest first, at most $limit.
--   runs              runs that entered the stage
--   total_s           seconds over all runs
--   share_of_time     of all stages' seconds, 0..1
--   p50_s, p95_s      seconds in one run
with stage_times as (
    select unnest(stages, recursive := true)
    from run
    where recorded_at >= $since and recorded_at < $until
),

by_stage as (
    select
        stage,
        count(*) as runs,
        sum(seconds) as total_s,
        quantile_cont(seconds, [0.5, 0.95]) as quantiles_s
    from stage_times
    group by stage
)

select
    stage,
    runs,
    total_s,
    total_s / nullif(sum(total_s) over (), 0) as share_of_time,
    quantiles_s[1] as p50_s,
    quantiles_s[2] as p95_s
from by_stage
order by total_s desc, stage
limit $limit
