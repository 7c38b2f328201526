-- The metrics of the runs that ended in [$since, $until): one row per value of $dimension, most runs first.
-- $dimension is 'all' (one row), 'day', 'issue_type', 'domain', 'severity', 'generator', 'strategy', 'engine', 'model',
-- 'repository', 'service', 'technique' or 'rule'; a run without a value counts under '(none)'.
--   value                  of the dimension; 'all' for 'all'
--   runs                   finished and refused
--   refused, fixed, plausible, unfixed, failed   runs by status
--   success_rate           generation success rate: fixed of those that were let to try, 0..1
--   offered_rate           fixed or plausible of those that were let to try, 0..1
--   validation_pass_rate   candidates that passed the levels, of those on which the levels ran, 0..1
--   mean_s, p50_s, p95_s   generation time of runs that were let to try, seconds
--   cost_usd               all money spent, by refused runs too
--   cost_per_generation_usd     cost_usd for each run that was let to try
--   accepted               runs whose patch a person or a policy took
--   cost_per_accepted_usd  cost_usd for each accepted run
--   cache_hits, cache_lookups, cache_hit_rate    0..1
--   median_tried           candidates tried until the verdict, median of fixed runs
-- A rate without a denominator is null.
with selected as (
    select
        *,
        coalesce(case $dimension
            when 'all' then 'all'
            when 'day' then day::varchar
            when 'issue_type' then issue_type
            when 'domain' then domain
            when 'severity' then severity
            when 'generator' then nullif(generator, '')
            when 'strategy' then strategy
            when 'engine' then engine
            when 'model' then model
            when 'repository' then nullif(repository, '')
            when 'service' then service
            when 'technique' then technique
            when 'rule' then rule
        end, '(none)') as value
    from run
    where recorded_at >= $since and recorded_at < $until
),

counted as (
    select
        value,
        count(*) as runs,
        count(*) filter (where is_finished) as finished,
        count(*) filter (where status = 'refused') as refused,
        count(*) filter (where status = 'fixed') as fixed,
        count(*) filter (where status = 'plausible') as plausible,
        count(*) filter (where status = 'unfixed') as unfixed,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where is_accepted) as accepted,
        sum(candidates_valid) as valid,
        sum(candidates_validated) as validated,
        avg(duration_s) filter (where is_finished) as mean_s,
        quantile_cont(duration_s, [0.5, 0.95]) filter (where is_finished) as quantiles_s,
        sum(cost_usd)::double as cost_usd,
        sum(cache_hits) as cache_hits,
        sum(cache_lookups) as cache_lookups,
        median(candidates_tried) filter (where status = 'fixed') as median_tried
    from selected
    group by value
)

select
    value,
    runs,
    refused,
    fixed,
    plausible,
    unfixed,
    failed,
    fixed / nullif(finished, 0) as success_rate,
    (fixed + plausible) / nullif(finished, 0) as offered_rate,
    valid / nullif(validated, 0) as validation_pass_rate,
    mean_s,
    quantiles_s[1] as p50_s,
    quantiles_s[2] as p95_s,
    cost_usd,
    cost_usd / nullif(finished, 0) as cost_per_generation_usd,
    accepted,
    cost_usd / nullif(accepted, 0) as cost_per_accepted_usd,
    cache_hits,
    cache_lookups,
    cache_hits / nullif(cache_lookups, 0) as cache_hit_rate,
    median_tried
from counted
order by runs desc, value
