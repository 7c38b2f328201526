-- Whether confidence means what it says, over candidates judged in [$since, $until) whose levels ran: one row per tenth
-- of the confidence that has candidates, lowest first, at most $limit.
--   bin              0 for confidences in [0, 0.1), ... 9 for [0.9, 1]
--   candidates       in the bin
--   mean_confidence  what was claimed, 0..1
--   fixed_rate       what came true: share judged fixed, 0..1
--   low, high        Wilson interval of fixed_rate, 95 %
--   brier            mean squared difference of claim and outcome, 0 (best) to 1
with judged as (
    select
        least(greatest(floor(confidence * 10), 0), 9)::integer as bin,
        confidence,
        (status = 'fixed')::integer as is_fixed
    from attempt
    semi join run on run.id = attempt.history_id
    where attempt.recorded_at >= $since and attempt.recorded_at < $until and is_valid is not null
),

by_bin as (
    select
        bin,
        count(*) as candidates,
        avg(confidence) as mean_confidence,
        avg(is_fixed) as fixed_rate,
        avg((confidence - is_fixed) ** 2) as brier,
        1.96 ** 2 as z2
    from judged
    group by bin
),

bounded as (
    select
        *,
        (fixed_rate + z2 / (2 * candidates)) / (1 + z2 / candidates) as centre,
        sqrt(z2 * (fixed_rate * (1 - fixed_rate) + z2 / (4 * candidates)) / candidates) / (1 + z2 / candidates) as margin
    from by_bin
)

select
    bin,
    candidates,
    mean_confidence,
    fixed_rate,
    greatest(centre - margin, 0) as low,
    least(centre + margin, 1) as high,
    brier
from bounded
order by bin
limit $limit
