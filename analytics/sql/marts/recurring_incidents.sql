-- Faults that came back in the runs that ended in [$since, $until): one row per fingerprint and repository with two or
-- more runs, most runs first, at most $limit.
--   title, service, issue_type   of the latest run
--   runs, fixed, accepted        counts
--   first_seen, last_seen        times at which runs ended, UTC
--   cost_usd, total_s            money and seconds spent on it
with selected as (
    select * from run where recorded_at >= $since and recorded_at < $until and fingerprint <> ''
),

most_frequent as (
    select fingerprint, repository, count(*) as runs, max(recorded_at) as last_seen
    from selected
    group by fingerprint, repository
    having count(*) > 1
    order by runs desc, last_seen desc, fingerprint
    limit $limit
)

select
    fingerprint,
    repository,
    arg_max(title, recorded_at) as title,
    arg_max(service, recorded_at) as service,
    arg_max(issue_type, recorded_at) as issue_type,
    count(*) as runs,
    count(*) filter (where status = 'fixed') as fixed,
    count(*) filter (where is_accepted) as accepted,
    min(recorded_at) as first_seen,
    max(recorded_at) as last_seen,
    sum(cost_usd)::double as cost_usd,
    sum(duration_s) as total_s
from selected
semi join most_frequent using (fingerprint, repository)
group by fingerprint, repository
order by runs desc, last_seen desc, fingerprint
