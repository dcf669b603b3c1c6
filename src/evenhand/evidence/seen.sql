-- What `as_of` sees. A row is seen when its own time has come and that of every row it refers to, so that the
-- whole market at `as_of` and a market cut off at `as_of` give the same answer (`DATA.md`, "Time travel").
-- In every join the larger side stands first: an engine may take joins as they stand and hold the second side in memory.

create or replace temp table late_accounts as
select account from market.accounts where registered_at > :as_of;

create or replace temp table unseen_jobs as
select job from market.jobs where posted_at > :as_of
union
select j.job from market.jobs as j semi join late_accounts as l on l.account = j.client;

create or replace temp view seen_proposals as
select p.* from market.proposals as p
anti join late_accounts as l on l.account = p.account
anti join unseen_jobs as u on u.job = p.job
where p.submitted_at <= :as_of;

-- A proposal that cannot be read, or whose account is not there yet, competes as a unit of its own (M2).
create or replace temp view seen_strays as
select job, submitted_at from market.strays where submitted_at is null or submitted_at <= :as_of
union all
select p.job, p.submitted_at from market.proposals as p semi join late_accounts as l on l.account = p.account
where p.submitted_at <= :as_of;

create or replace temp view seen_contracts as
select c.*, a.unit from market.contracts as c join market.accounts as a on a.account = c.account
anti join late_accounts as l on l.account = c.account
anti join late_accounts as k on k.account = c.client
anti join unseen_jobs as u on u.job = c.job
where c.started_at <= :as_of;

-- Jobs on which somebody was hired that we cannot read: dropped for everybody.
create or replace temp table voided_jobs as
select distinct job from (
  select job from market.lost_contracts where started_at is null or started_at <= :as_of
  union all
  select c.job from market.contracts as c semi join late_accounts as l on l.account = c.account
  where c.started_at <= :as_of
  union all
  select c.job from market.contracts as c semi join late_accounts as l on l.account = c.client
  where c.started_at <= :as_of
) as lost where job is not null;

create or replace temp table seen_accounts as
select account, account_id, unit, role, registered_at, country, category, language,
  case when closed_at <= :as_of then closed_at end as closed_at
from market.accounts where registered_at <= :as_of;

-- Wins that nobody can see: of contracts that name no job, or none that is known, or whose winner's proposal cannot be read.
create or replace temp table hidden_wins as
select count(*) as contracts, count(*) filter (c.job is null or u.job is not null or c.unread) as hidden
from (
  select job, false as unread from market.lost_contracts where started_at is null or started_at <= :as_of
  union all
  select c.job, q.contract is not null
  from market.contracts as c
  left join (
    select distinct s.contract from seen_contracts as s
    semi join seen_strays as p on p.job = s.job
    anti join (
      select p.job, p.unit from seen_proposals as p semi join seen_strays as t on t.job = p.job
    ) as o on o.job = s.job and o.unit = s.unit
  ) as q on q.contract = c.contract
  where c.started_at <= :as_of
) as c
left join unseen_jobs as u on u.job = c.job;
