-- What validation complains about most in the runs that ended in [$since, $until): one row per level and code, the
-- complaint with most candidates first, at most $limit.
--   level, code, severity   of the complaint; severity is its most frequent one
--   candidates              candidates that drew it
--   runs                    runs in which a candidate drew it
--   share_of_judged         candidates / candidates on which the levels ran in the period, 0..1
--   example                 the message of the latest one
with selected as (
    select id, candidates_validated from run where recorded_at >= $since and recorded_at < $until
),

judged as (
    select sum(candidates_validated) as candidates from selected
),

by_candidate as (
    select
        level,
        code,
        history_id,
        candidate_id,
        any_value(severity) as severity,
        max(recorded_at) as recorded_at,
        any_value(message) as message
    from validation_issue
    semi join selected on selected.id = validation_issue.history_id
    group by level, code, history_id, candidate_id
)

select
    level,
    code,
    mode(severity) as severity,
    count(*) as candidates,
    count(distinct history_id) as runs,
    least(count(*) / nullif((select candidates from judged), 0), 1.0) as share_of_judged,
    arg_max(message, recorded_at) as example
from by_candidate
group by level, code
order by candidates desc, level, code
limit $limit
