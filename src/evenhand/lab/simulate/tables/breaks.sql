select
    member_id(account)                                                    as account_id,
    moment(rests_from)                                                    as "from",
    make_timestamp((getvariable('opened') + rests_until) * 1000000)       as until,
    case when draw(account, 110) < 0.5 then 'break' when draw(account, 110) < 0.7 then 'illness' when draw(account, 110) < 0.9 then 'care' else 'declared' end as kind
from members
where rests_from between registered + 1 and getvariable('span')
order by account
