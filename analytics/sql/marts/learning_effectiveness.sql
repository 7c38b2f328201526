-- Whether generation got better over the runs that ended in [$since, $until): one row.
-- The runs that were let to try are cut at their median time into an earlier and a later half. Both halves are weighted
-- by the issue types of the later one, so that a change in what breaks is not taken for a change in quality; a type that
-- one half lacks is left out.
--   earlier_runs, later_runs      runs of the types that both halves have
--   earlier_rate, later_rate      share of them that was fixed, weighted, 0..1
--   effectiveness                 later_rate - earlier_rate, -1..1; null with fewer than 20 runs in either half
--   standard_error                of the effectiveness, from the binomial variance of each type
with selected as (
    select issue_type, status = 'fixed' as is_fixed, ntile(2) over (order by recorded_at, id) as half
    from run
    where is_finished and recorded_at >= $since and recorded_at < $until
),

by_type as (
    select
        issue_type,
        count(*) filter (where half = 1) as earlier_runs,
        count(*) filter (where half = 2) as later_runs,
        avg(is_fixed::integer) filter (where half = 1) as earlier_rate,
        avg(is_fixed::integer) filter (where half = 2) as later_rate
    from selected
    group by issue_type
    having earlier_runs > 0 and later_runs > 0
),

weighted as (
    select *, later_runs / sum(later_runs) over () as weight from by_type
)

select
    coalesce(sum(earlier_runs), 0) as earlier_runs,
    coalesce(sum(later_runs), 0) as later_runs,
    sum(weight * earlier_rate) as earlier_rate,
    sum(weight * later_rate) as later_rate,
    case when sum(earlier_runs) >= 20 and sum(later_runs) >= 20
        then sum(weight * (later_rate - earlier_rate))
    end as effectiveness,
    sqrt(sum(weight ** 2 * (
        earlier_rate * (1 - earlier_rate) / earlier_runs + later_rate * (1 - later_rate) / later_runs
    ))) as standard_error
from weighted
