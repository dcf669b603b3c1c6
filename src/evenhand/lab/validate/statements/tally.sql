-- What each method did: whoever had the odds of an innocent when it was acted on was innocent.
with judged as (
    select
        a.method,
        a.day - a.began as days,
        m.*,
        case when m.changed_at::date <= a.day then m.theta_after else m.theta end >= getvariable('floor') as innocent
    from acted as a
    join members as m using (account)
)
select
    method,
    count(*)                                                                     as acted,
    count_if(not innocent)                                                       as guilty,
    median(days) filter (not innocent)                                           as median_days,
    {groups}
from judged
group by method
