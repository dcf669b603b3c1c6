-- What a part of the month leaves behind.

insert into running
select account, started + lasts
from hired
where started < getvariable('month_to') + days(31);

insert into tallies by name
select account, count(*) as sent, count(viewed) as read, count_if(hired and chosen <= getvariable('span')) as hired
from entries
group by account;

insert into tallies by name
select
    account,
    min(started + lasts + days(1)) filter (reviewed) as reviewed_at,
    max(started)                                     as last_won_at
from hired
group by account;

insert into tallies by name
select account, won, fair_micro, due_micro
from due;
