-- Chance without state: every draw is a hash of (seed, key, number of the draw), so no thread and no order of rows can change it.
-- `draw` is uniform on [0, 1), `bell` standard normal, `until` a moment `share` of the way between two moments.

create macro draw(key, nth) as (hash(xor(hash((key)::bigint), hash(getvariable('seed')::bigint * 1000 + nth))) >> 11) * 1.1102230246251565e-16;

create macro bell(key, nth) as sqrt(-2 * ln(1 - draw(key, nth))) * cos(2 * pi() * draw(key, nth + 500));

create macro until(a, b, share) as (a) + floor(((b) - (a)) * (share))::bigint;

-- Moments are seconds since the market opened; what lies after the last moment has not happened yet and is null.
create macro moment(seconds) as case when seconds <= getvariable('span') then getvariable('opened') + to_seconds((seconds)::bigint) end;

create table categories as
select
    category,
    name,
    sum(demand) over (order by category) - demand as share_from,
    0.5 + 1.4 * draw(category, 1)                as crowding,
    0.20 + 0.50 * draw(category, 2)              as unfilled
from (
    select i as category, name, (1.0 / (i + 4)) / sum(1.0 / (i + 4)) over () as demand
    from (
        select
            unnest(range(20)) as i,
            unnest(['web-development', 'graphic-design', 'writing', 'data-entry', 'translation', 'marketing', 'mobile-apps',
                    'video', 'accounting', 'support', 'research', 'illustration', 'sales', 'data-analysis', 'voice-over',
                    'testing', 'architecture', 'engineering', 'legal', 'music']) as name
    )
);

create table countries as
select
    country,
    language,
    sum(share) over (order by place) - share as share_from
from (
    values
        (1, 'IN', 'en', .20), (2, 'PK', 'ur', .10), (3, 'PH', 'en', .10), (4, 'US', 'en', .12), (5, 'BD', 'bn', .08), (6, 'UA', 'uk', .06),
        (7, 'GB', 'en', .05), (8, 'RU', 'ru', .05), (9, 'EG', 'ar', .04), (10, 'BR', 'pt', .04), (11, 'RS', 'sr', .03), (12, 'ES', 'es', .03),
        (13, 'MX', 'es', .02), (14, 'KE', 'sw', .02), (15, 'VN', 'vi', .02), (16, 'DE', 'de', .01), (17, 'PL', 'pl', .01), (18, 'NG', 'en', .01),
        (19, 'AR', 'es', .01)
) as t (place, country, language, share);
