-- Which repairs work, over candidates judged in [$since, $until): one row per technique and rule, most judged first, at
-- most $limit. What learning counts from.
--   judged           candidates
--   fixed            judged fixed
--   chosen           became the run's patch
--   accepted         became the patch of a run that was accepted
--   fixed_rate       fixed / judged, 0..1
--   mean_rank        1-based place in the order of judging
--   mean_confidence  what was claimed, 0..1
select
    attempt.technique,
    attempt.rule,
    count(*) as judged,
    count(*) filter (where attempt.status = 'fixed') as fixed,
    count(*) filter (where is_chosen) as chosen,
    count(*) filter (where is_chosen and is_accepted) as accepted,
    fixed / judged as fixed_rate,
    avg(rank) as mean_rank,
    avg(attempt.confidence) as mean_confidence
from attempt
inner join run on run.id = attempt.history_id
where attempt.recorded_at >= $since and attempt.recorded_at < $until
group by attempt.technique, attempt.rule
order by judged desc, attempt.technique, attempt.rule
limit $limit
