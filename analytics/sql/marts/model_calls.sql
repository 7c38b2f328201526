-- What models did and cost, over calls in [$since, $until): one row per provider, model and purpose, the costliest
-- first, at most $limit.
--   calls, failed            counts; failed is every status but ok
--   input_tokens, cached_tokens, thinking_tokens, output_tokens    sums
--   cost_usd                 US dollars
--   p50_ms, p95_ms           latency of calls that were answered
select
    provider,
    model,
    purpose,
    count(*) as calls,
    count(*) filter (where status <> 'ok') as failed,
    sum(input_tokens) as input_tokens,
    sum(cached_tokens) as cached_tokens,
    sum(thinking_tokens) as thinking_tokens,
    sum(output_tokens) as output_tokens,
    sum(cost_usd)::double as cost_usd,
    quantile_cont(latency_ms, 0.5) filter (where status = 'ok') as p50_ms,
    quantile_cont(latency_ms, 0.95) filter (where status = 'ok') as p95_ms
from model_call
where recorded_at >= $since and recorded_at < $until
group by provider, model, purpose
order by cost_usd desc, calls desc, provider, model, purpose
limit $limit
