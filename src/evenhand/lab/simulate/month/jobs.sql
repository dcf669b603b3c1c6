-- The jobs posted this month, as many as the tickets of their category fill, with their clients and the course of their days:
-- posted, read, chosen, closed. They are lived through part by part, so that a month of any size fits into memory.

create or replace table posted as
with categories_now as (
    select c.*, d.tickets, greatest(1, round(d.tickets / 1000 / c.applicants))::bigint as jobs
    from (select category, sum(tickets)::bigint as tickets from drum group by category) as d
    join categories as c using (category)
), numbered as (
    select *, unnest(range(jobs)) as nth
    from categories_now
), placed as (
    select
        * exclude (jobs),
        getvariable('first_job') + row_number() over (order by category, nth) - 1       as job,
        job - nth % getvariable('clients_jobs_in_a_row')::bigint                        as leader
    from numbered
), owned as (
    select
        p.*,
        case when getvariable('clients_same_applicants') then leader else job end       as applied_as,
        o.first_client + floor(o.size * pow(draw(leader, 40), 1.3))::bigint             as client
    from placed as p
    -- one client in eight works in another category than its own
    join pools as o on o.category = case when draw(leader, 41) < 0.125 then floor(getvariable('categories') * draw(leader, 42))::bigint else p.category end
), timed as (
    select
        *,
        until(getvariable('month_from'), getvariable('month_to'), draw(job, 43))        as posted,
        days(least(40, 3 + exp(1.9 + 0.7 * bell(job, 44))))                             as lasts
    from owned
)
select
    t.job,
    t.leader,
    t.applied_as,
    t.client,
    t.category,
    t.tickets,
    t.posted,
    t.posted + t.lasts                                                                  as closed,
    until(t.posted, t.posted + t.lasts, 0.30 + 0.20 * draw(t.job, 45))                  as reading,
    until(t.posted, t.posted + t.lasts, 0.60 + 0.35 * draw(t.job, 46))                  as chosen,
    case
        when draw(t.applied_as, 50) < getvariable('hires_three') then 3
        when draw(t.applied_as, 50) < getvariable('hires_three') + getvariable('hires_two') then 2
        else 1
    end                                                                                 as hires,
    least(60, greatest(6, round(
        t.applicants * exp(0.4 * bell(t.applied_as, 47) - 0.08) * (1 + getvariable('hires_crowd') * (hires - 1))
    )))::bigint                                                                         as places,
    case
        when c.vanishing then 'vanished'
        when draw(t.job, 48) < 0.01 then 'removed'
        when draw(t.job, 48) < 0.06 then 'cancelled'
        -- what vanishing clients and called off jobs leave over of the category's share
        when draw(t.job, 49) < 1 - (1 - t.ghosting) / ((1 - getvariable('clients_vanishing')) * 0.94) then 'unfilled'
        else 'hired'
    end                                                                                 as fate,
    floor(4 * draw(t.job, 51))::bigint                                                  as spare_interviews,
    getvariable('reading_depth_low')
        + (getvariable('reading_depth_high') - getvariable('reading_depth_low')) * draw(t.job, 52) as depth,
    not c.vanishing and (fate = 'hired' or draw(t.job, 53) < 0.75)                      as reads,
    round(least(50000, 30 + exp(5.2 + 1.1 * bell(t.job, 54))))                          as budget,
    case when draw(t.job, 55) < 0.3 then 'entry' when draw(t.job, 55) < 0.8 then 'intermediate' else 'expert' end as experience
from timed as t
join clients as c using (client);
