-- The least that the evidence statement needs: the four tables with numbered keys, as they stand, nothing checked.

create schema market;

create table market.accounts as
select
    row_number() over (order by account_id)::integer                              as account,
    account_id,
    dense_rank() over (order by coalesce(agency_id, account_id))::integer         as unit,
    role, registered_at, country, category, language, closed_at
from '{market}/accounts.parquet';

create table market.jobs as
select
    row_number() over (order by j.closed_at nulls last, j.posted_at, j.job_id)::integer as job,
    j.job_id,
    a.account                                                                     as client,
    j.posted_at, j.closed_at, j.outcome, j.category, j.budget_usd, j.experience
from '{market}/jobs.parquet' as j
join market.accounts as a on a.account_id = j.client_id;

create table market.proposals as
select
    j.job, a.account, a.unit,
    p.submitted_at, p.withdrawn_at, p.viewed_at, p.interviewed_at, p.shown_rank,
    1000000::bigint                                                               as weight
from '{market}/proposals.parquet' as p
join market.jobs as j using (job_id)
join market.accounts as a using (account_id);

create table market.contracts as
select
    row_number() over (order by c.contract_id)::integer                           as contract,
    c.contract_id, j.job, a.account,
    b.account                                                                     as client,
    c.started_at, c.ended_at, c.value_usd, c.outcome
from '{market}/contracts.parquet' as c
left join market.jobs as j using (job_id)
join market.accounts as a using (account_id)
join market.accounts as b on b.account_id = c.client_id;

create table market.strays (job integer, submitted_at timestamp);
create table market.lost_contracts (job integer, started_at timestamp);
create temp table episodes (account integer, evidence_from timestamp);
create temp table openings (account integer, step varchar, since timestamp);
