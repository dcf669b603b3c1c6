-- What counted towards being hired, month by month.
create macro month_of(day) as datediff('month', getvariable('opened')::date, day) + 1;
create macro end_of(month) as last_day(getvariable('opened')::date + to_months((month - 1)::integer));

create table monthly_units as
select account, month_of(day) as month, 0 as job, won, odds
from units
where not shortlist;

create table terms as {terms};

create table month_sums as {sums};
