-- Benjamini and Hochberg (1995) anew at the end of every day, among all accounts of whom anything is known by then.
insert into acted
with spells as (
    select account, day, coalesce(lead(day) over (partition by account order by day), getvariable('ended')::date) as until, p
    from {path}
), tested as (
    select day, sum(count(*)) over (order by day) as accounts
    from (select account, min(day) as day from {path} group by account)
    group by day
), small as (
    select account, p, unnest(range(day::timestamp, until::timestamp, interval 1 day))::date as day
    from spells
    where p <= {level}
), ranked as (
    select account, s.day, p, row_number() over (partition by s.day order by p, account) as rank, t.accounts
    from small as s
    asof join tested as t on s.day >= t.day
), rejected as (
    select day, max(rank) as rank
    from ranked
    where p <= rank * {level} / accounts
    group by day
), joined as (
    select r.account, min(r.day) as day
    from ranked as r
    join rejected as x on x.day = r.day and r.rank <= x.rank
    group by r.account
)
select {method}, account, j.day, began
from joined as j
join (select account, min(day) as began from {path} group by account) using (account)
