-- Jobs with their clients, their crowd (how many propose), and the course of their days: posted, reviewed, hired, closed.

create table jobs as
with drawn as (
    select
        job,
        -- heavy tail: a few clients post hundreds of jobs, most of them one to five
        1 + floor(greatest(1, getvariable('jobs')::bigint // 3) * pow(draw(job, 30), 1.7))::bigint as client,
        floor(draw(job, 31) * getvariable('span'))::bigint               as posted,
        floor(86400 * least(60, 2 + exp(1.6 + 0.8 * bell(job, 32))))::bigint as days
    from range(1, getvariable('jobs')::bigint + 1) as t (job)
), placed as (
    select
        d.*,
        -- a client keeps to one category seven times in ten
        (select max(category) from categories where share_from <= draw(case when draw(job, 33) < 0.7 then -client else job end, 34)) as category
    from drawn as d
)
select
    p.job,
    p.client,
    p.category,
    p.posted,
    p.posted // 86400                                                     as posted_day,
    p.posted + p.days                                                     as closed,
    p.posted + floor(p.days * (0.25 + 0.25 * draw(p.job, 35)))::bigint    as reviewed,
    p.posted + floor(p.days * (0.55 + 0.43 * draw(p.job, 36)))::bigint    as chosen,
    c.crowding * exp(0.5 * bell(p.job, 37))                               as crowd,
    case
        when draw(p.job, 38) < 0.02 then 'removed'
        when draw(p.job, 38) < 0.08 then 'cancelled'
        when draw(p.job, 39) < c.unfilled then 'unfilled'
        else 'hired'
    end                                                                   as fate,
    case when draw(p.job, 40) < 0.85 then 1 when draw(p.job, 40) < 0.95 then 2 else 3 end as hires,
    floor(5 * draw(p.job, 41))::bigint                                    as spare_interviews,
    0.45 + 0.55 * draw(p.job, 42)                                         as read_share,
    draw(p.job, 43) < 0.7                                                 as read_though_unfilled,
    draw(p.job, 44) < 0.003                                               as hires_late
from placed as p
join categories as c using (category);
