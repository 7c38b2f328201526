-- What the caches saved, over look-ups in [$since, $until): one row per cache, most look-ups first, at most $limit.
--   lookups, hits    counts
--   hit_rate         hits / lookups, 0..1
--   similar_hits     hits by likeness rather than equality
--   saved_usd        what the hits would have cost, US dollars
select
    cache,
    count(*) as lookups,
    count(*) filter (where is_hit) as hits,
    hits / lookups as hit_rate,
    count(*) filter (where is_hit and "match" = 'similar') as similar_hits,
    sum(saved_usd)::double as saved_usd
from cache_lookup
where recorded_at >= $since and recorded_at < $until
group by cache
order by lookups desc, cache
limit $limit
