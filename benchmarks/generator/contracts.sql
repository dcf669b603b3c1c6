-- What came of the hires: contracts, payments, feedback; a few contracts without a job, a few hires long after closing.

create table hired as
select
    row_number() over (order by started, job, account) as contract,
    *
from (
    select
        c.job,
        c.account,
        j.client,
        c.pair,
        j.chosen + floor((c.place - 1) * 3 * 86400 * draw(c.pair, 60))::bigint
            + case when j.hires_late then j.closed - j.chosen + 31 * 86400 else 0 end   as started,
        floor(86400 * least(400, 1 + exp(2.7 + 1.1 * bell(c.pair, 61))))::bigint        as lasts,
        round(least(50000, 20 + exp(5.2 + 1.2 * bell(c.pair, 62))), 2)                  as value_usd,
        draw(c.pair, 63) < 0.004                                                        as off_the_board,
        case
            when draw(c.pair, 64) < 0.86 then 'success'
            when draw(c.pair, 64) < 0.94 then 'neutral'
            else 'failure'
        end                                                                             as outcome
    from chosen as c
    join jobs as j using (job)
    where c.fate = 'hired' and c.place <= c.hires
)
where started <= getvariable('span');

create table paid as
select
    contract,
    nth,
    parts,
    pair * 8 + nth                                                 as part,
    started + floor(lasts * (nth::double / parts))::bigint         as paid_at,
    floor(value_usd * 100 / parts) / 100                           as amount_usd
from (select *, least(4, 1 + lasts // (30 * 86400)) as parts from hired)
cross join lateral (select unnest(range(1, parts + 1)) as nth)
where started + floor(lasts * (nth::double / parts))::bigint <= getvariable('span');
