-- Chance without state: every draw is a hash of (seed, key, number of the draw), so no thread and no order of rows can change it.
-- `draw` is uniform on [0, 1), `bell` standard normal, `until` a moment `share` of the way between two moments.

create macro draw(key, nth) as (hash(xor(hash((key)::bigint), hash(getvariable('seed')::bigint * 2000 + nth))) >> 11) * 1.1102230246251565e-16;

create macro bell(key, nth) as sqrt(-2 * ln(1 - draw(key, nth))) * cos(2 * pi() * draw(key, nth + 1000));

create macro log_between(low, high, share) as (low) * pow((high) / (low), share);

create macro until(a, b, share) as (a) + floor(((b) - (a)) * (share))::bigint;

create macro days(n) as floor(86400 * (n))::bigint;

-- One number for a member on a job, or for a client and a member.
create macro pair_of(a, b) as (a)::bigint * 16777216 + (b)::bigint;

-- Moments are seconds since the market opened; what lies after the last moment has not happened yet and is null.
create macro moment(seconds) as
    case when (seconds) <= getvariable('span') then make_timestamp((getvariable('opened') + (seconds)) * 1000000) end;

create macro member_id(n) as 'member-' || lpad((n)::varchar, 8, '0');
create macro client_id(n) as 'client-' || lpad((n)::varchar, 8, '0');
create macro job_id(n) as 'job-' || lpad((n)::varchar, 9, '0');
create macro contract_id(n) as 'contract-' || (n)::varchar;

create macro one_of(words, share) as words[1 + floor(len(words) * (share))::bigint];
