-- One table for each kind of ledger event; the models in analytics/events.py say what the columns mean.
-- Times are UTC. No keys and no indexes: rows are only ever added, and each id once.

create table generation (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    started_at timestamp,
    host varchar,
    version varchar,
    repository varchar,
    commit_sha varchar,
    content_hash varchar,
    source_files integer,
    test_files integer,
    incident_id varchar,
    title varchar,
    incident_source varchar,
    service varchar,
    fingerprint varchar,
    is_test boolean,
    occurred_at timestamp,
    issue_type varchar,
    severity varchar,
    domain varchar,
    complexity varchar,
    root_cause varchar,
    analysis_confidence double,
    fallback_used boolean,
    suspects struct(path varchar, "function" varchar, line integer, score double, evidence varchar[])[],
    engine varchar,
    generator varchar,
    technique varchar,
    rule varchar,
    strategy varchar,
    strategy_propensity double,
    model varchar,
    prompt_version varchar,
    prompt_hash varchar,
    confidence double,
    chosen_rank integer,
    attempts integer,
    candidates_tried integer,
    candidates_judged integer,
    candidates_validated integer,
    candidates_valid integer,
    test_runs integer,
    status varchar,
    reason varchar,
    is_valid boolean,
    validation_score double,
    input_tokens bigint,
    output_tokens bigint,
    cost_usd decimal(12, 6),
    cache_hits integer,
    cache_lookups integer,
    duration_s double,
    stages struct(stage varchar, seconds double)[],
    files struct(path varchar, added integer, removed integer)[]
);

create table hypothesis (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    rank integer,
    statement varchar,
    confidence double,
    path varchar,
    "function" varchar,
    line integer,
    evidence varchar[]
);

create table attempt (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    rank integer,
    candidate_id varchar,
    technique varchar,
    rule varchar,
    generator varchar,
    issue_type varchar,
    domain varchar,
    confidence double,
    status varchar,
    reason varchar,
    is_chosen boolean,
    is_valid boolean,
    validation_score double,
    levels struct(level varchar, passed boolean, score double, duration_ms double)[],
    suspicions varchar[],
    resolves varchar[],
    fixed_tests integer,
    broken_tests integer,
    files struct(path varchar, added integer, removed integer)[]
);

create table patch (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    candidate_id varchar,
    patch varchar
);

create table validation_issue (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    candidate_id varchar,
    level varchar,
    code varchar,
    severity varchar,
    message varchar,
    path varchar,
    line integer
);

create table test_run (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    phase varchar,
    candidate_id varchar,
    command varchar[],
    passed integer,
    failed integer,
    errors integer,
    skipped integer,
    failing varchar[],
    flaky varchar[],
    duration_s double,
    exit_code integer,
    ended_by varchar,
    sandbox varchar
);

create table model_call (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    purpose varchar,
    provider varchar,
    model varchar,
    prompt_version varchar,
    prompt_hash varchar,
    status varchar,
    error varchar,
    input_tokens bigint,
    cached_tokens bigint,
    thinking_tokens bigint,
    output_tokens bigint,
    cost_usd decimal(12, 6),
    latency_ms double,
    tries integer
);

create table cost (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    category varchar,
    item varchar,
    amount_usd decimal(12, 6),
    reserved_usd decimal(12, 6)
);

create table cache_lookup (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    cache varchar,
    is_hit boolean,
    "match" varchar,
    saved_usd decimal(12, 6),
    duration_ms double
);

create table decision (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    subject varchar,
    chosen varchar,
    options struct(name varchar, propensity double)[],
    source varchar,
    reason varchar,
    learned_version varchar
);

create table outcome (
    id uuid,
    recorded_at timestamp,
    history_id uuid,
    run_id varchar,
    verdict varchar,
    actor varchar,
    "comment" varchar,
    link varchar
);

-- One row for each time that a fold read a segment: how far, and whether the segment can grow no more.
create table ledger_progress (
    segment varchar,
    end_byte bigint,
    is_sealed boolean,
    folded_at timestamp
);

-- One row for each line that is not a record.
create table ledger_quarantine (
    segment varchar,
    start_byte bigint,
    reason varchar,
    line varchar,
    quarantined_at timestamp
);
