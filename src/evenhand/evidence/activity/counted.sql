-- Of the jobs of one client an account is scored on the first to settle: jobs are numbered in that order. A new episode
-- scores no client again: one taste is one decision, and when an episode began is an effect of who won.
create or replace temp table counted as
select o.shortlist, o.account, o.client, o.job, o.won, o.submitted_at, o.odds
from (
  select *, row_number() over (partition by shortlist, account, client order by job) as nth from scored
) as o
left join episodes as e on e.account = o.account
where (o.nth = 1 or :every_job) and o.submitted_at >= coalesce(e.evidence_from, :evidence_from);

drop table scored;

create or replace temp table odds as select distinct odds from counted;
