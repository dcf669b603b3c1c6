-- Categories of work and countries. Ghosting and competition vary from category to category, each by itself.

create table categories as
with named as (
    select i as category, name
    from (
        select
            unnest(range(20)) as i,
            unnest(['web-development', 'graphic-design', 'writing', 'data-entry', 'translation', 'marketing', 'mobile-apps',
                    'video', 'accounting', 'support', 'research', 'illustration', 'sales', 'data-analysis', 'voice-over',
                    'testing', 'architecture', 'engineering', 'legal', 'music']) as name
    )
    where i < getvariable('categories')
), ordered as (
    select
        *,
        (row_number() over (order by draw(category, 1), category) - 0.5) / getvariable('categories') as by_ghosting,
        (row_number() over (order by draw(category, 2), category) - 0.5) / getvariable('categories') as by_applicants
    from named
)
select
    category,
    name,
    (1.0::double / (category + 6)) / sum(1.0::double / (category + 6)) over ()                         as share,
    getvariable('categories_ghosting_low')
        + (getvariable('categories_ghosting_high') - getvariable('categories_ghosting_low')) * by_ghosting as ghosting,
    log_between(getvariable('categories_applicants_low'), getvariable('categories_applicants_high'), by_applicants) as applicants
from ordered;

-- The running share from which a category's lot begins.
create table category_lots as
select category, sum(share) over (order by category) - share as share_from
from categories;

create table countries as
select
    country,
    language,
    share <= 0.02                              as small,
    sum(share) over (order by place) - share   as share_from
from (
    values
        (1, 'IN', 'en', .20::double), (2, 'PK', 'ur', .10), (3, 'PH', 'en', .10), (4, 'US', 'en', .12), (5, 'BD', 'bn', .08), (6, 'UA', 'uk', .06),
        (7, 'GB', 'en', .05), (8, 'RU', 'ru', .05), (9, 'EG', 'ar', .04), (10, 'BR', 'pt', .04), (11, 'RS', 'sr', .03), (12, 'ES', 'es', .03),
        (13, 'MX', 'es', .02), (14, 'KE', 'sw', .02), (15, 'VN', 'vi', .02), (16, 'DE', 'de', .01), (17, 'PL', 'pl', .01), (18, 'NG', 'en', .01),
        (19, 'AR', 'es', .01)
) as t (place, country, language, share);

-- Clients stand in pools, one per category, as large as its share of the jobs.
create table pools as
select
    category,
    size,
    1 + (sum(size) over (order by category) - size)::bigint as first_client
from (
    select
        category,
        greatest(1, ceil(getvariable('accounts') * getvariable('clients_per_member') * (share / applicants) / sum(share / applicants) over ()))::bigint as size
    from categories
);

create table clients as
select
    client,
    draw(-client, 5) < getvariable('clients_vanishing')                                             as vanishing,
    (select max(struct_pack(share_from, country)) from countries where share_from <= draw(-client, 6)).country as country
from (select unnest(range(first_client, first_client + size)) as client from pools);

create table clients_seen (client bigint, first_posted bigint);
