-- One row per finished run, connection tests of alert senders left out, with what became of its patch.
-- Units: times are UTC, duration_s is seconds, cost_usd is US dollars.
--   day          the day on which the run ended
--   verdict      the last outcome that was recorded: approved, rejected, delivered, merged, reverted or recurred
--   is_accepted  the last verdict on its patch is approved or merged
--   is_finished  it was let to try: anything but refused
with last_verdict as (
    select history_id, arg_max(verdict, recorded_at) as verdict
    from outcome
    group by history_id
)

select
    generation.*,
    generation.recorded_at::date as day,
    last_verdict.verdict,
    coalesce(last_verdict.verdict in ('approved', 'merged'), false) as is_accepted,
    generation.status <> 'refused' as is_finished
from generation
left join last_verdict on last_verdict.history_id = generation.id
where not generation.is_test
