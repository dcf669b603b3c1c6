-- Who would have joined when, had the set been of these sizes, and of which sizes it then would have been.
create or replace temp table joined as
select account, min(day) as day
from candidates
join sizes using (day)
where exp(least(log_e, 700)) * {level} * size >= (select count(*) from members)
group by account;

create or replace temp table sizes as
select s.day, (sum(coalesce(j.accounts, 0)) over (order by s.day))::bigint as size
from sizes as s
left join (select day, count(*) as accounts from joined group by day) as j using (day);
