-- Facts of every account that `as_of` sees: none is evidence for or against anyone. They exempt, describe, group.

create or replace temp table worked as
select account, count(*) as hires,
  count(*) filter (started_at > :as_of - interval 365 day) as contracts_365d,
  sum(floor(value_usd * 100 + 0.5)::bigint) filter (started_at > :as_of - interval 365 day) as value_cents,
  min(started_at) filter (ended_at > :as_of or (ended_at is null and outcome is null)) as running_since
from seen_contracts group by account;

create or replace temp table repeated as
select account, count(*) as repeat_clients
from (select account, client from seen_contracts group by account, client having count(*) >= 2) as pairs
group by account;

create or replace temp table paid as
select c.account, sum(floor(p.amount_usd * 100 + 0.5)::bigint) as paid_cents,
  sum(floor(p.hours * 100 + 0.5)::bigint) as paid_centihours
from market.payments as p join seen_contracts as c on c.contract = p.contract
where p.paid_at <= :as_of and p.paid_at > :as_of - interval 365 day
group by c.account;

-- Which facts this market can know at all: a fact without its source is null for everybody (E5).
create or replace temp table known as
select p.payments, p.hours, c.contract_values, c.contract_ends,
  exists (select 1 from market.breaks as b join seen_accounts as a on a.account = b.account where b.from_at <= :as_of)
    as breaks
from (
  select count(*) > 0 as payments, count(p.hours) > 0 as hours
  from market.payments as p join seen_contracts as c on c.contract = p.contract where p.paid_at <= :as_of
) as p
cross join (
  select count(value_usd) > 0 as contract_values, count(*) filter (ended_at <= :as_of) > 0 as contract_ends
  from seen_contracts
) as c;

-- A gap of 90 days cannot hide inside a window of 90, so first and last proposal of each window tell every pause.
create or replace temp table active as
select account, floor(epoch(submitted_at) / 7776000)::bigint as ninety_days,
  min(submitted_at) as first_at, max(submitted_at) as last_at, count(*) as proposals
from seen_proposals group by account, ninety_days;

create or replace temp table proposed as
select account, sum(proposals)::bigint as proposals, max(last_at) as last_at,
  max(first_at) filter (first_at >= before_at + interval 90 day) as back_at
from (
  select w.*, coalesce(lag(w.last_at) over (partition by w.account order by w.ninety_days), a.registered_at) as before_at
  from active as w join seen_accounts as a on a.account = w.account
) as spells
group by account;

create or replace temp table rested as
select account,
  bool_or(until_at is null or until_at > :as_of) as on_break,
  bool_or((until_at is null or until_at > :as_of) and from_at <= :as_of - interval 14 day) as on_long_break,
  max(until_at) filter (until_at <= :as_of and until_at >= from_at + interval 14 day) as back_at
from market.breaks where from_at <= :as_of
group by account;

create or replace temp table facts as
select a.account, a.account_id, :as_of as as_of, a.closed_at, a.role, a.country, a.category, a.language,
  floor((epoch(:as_of) - epoch(a.registered_at)) / 86400)::bigint as account_age_days,
  (case
    when paid_cents is not null then paid_cents
    when value_cents is not null then value_cents
    when k.payments or k.contract_values then 0
  end)::double / 100 as earned_usd_365d,
  coalesce(w.contracts_365d, 0) as contracts_365d,
  (case when paid_centihours is not null then paid_centihours when k.hours then 0 end)::double / 100 as hours_365d,
  coalesce(r.repeat_clients, 0) as repeat_clients,
  case when k.contract_ends
    then coalesce(floor((epoch(:as_of) - epoch(w.running_since)) / 86400)::bigint, 0) end as running_contract_days,
  case
    when b.on_long_break or p.last_at <= :as_of - interval 90 day then 0
    else floor((epoch(:as_of) - epoch(greatest(p.back_at, b.back_at))) / 86400)::bigint
  end as days_since_pause,
  case when k.breaks then coalesce(b.on_break, false) end as on_break,
  coalesce(p.proposals, 0) as proposals,
  coalesce(w.hires, 0) as hires
from seen_accounts as a
cross join known as k
left join worked as w on w.account = a.account
left join repeated as r on r.account = a.account
left join paid as m on m.account = a.account
left join proposed as p on p.account = a.account
left join rested as b on b.account = a.account;
