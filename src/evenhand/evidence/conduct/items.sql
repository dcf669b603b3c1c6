-- Which items count at `as_of` (R14): seen by then, not before the rule or the episode, not expired (R24), done by the
-- account itself, and, between two who met on the platform, within the 24 months in which they agreed to work on it.
-- It reads `found`, what detectors hand over, and the incidents that people reported.

-- When two accounts met here: the first proposal, message or contract between them.
create or replace temp table pairs as
select one, other, min("at") as met_at from (
  select p.account as one, j.client as other, p.submitted_at as "at"
  from seen_proposals as p join market.jobs as j on j.job = p.job
  union all
  select account, client, started_at from seen_contracts
  union all
  select sender, recipient, sent_at from seen_messages
) as meetings
group by one, other;

create or replace temp table told_items as
select account_id, kind, "at", source, seen_by, what, words, offered_by, other_id, grade, asked from found
union all
select account_id, kind, happened_at, coalesce(source, 'a report'), seen_by, what, null::varchar,
  case when kind = 'contact_offered' then offered_by else coalesce(offered_by, account_id) end, other_id,
  null::varchar, false
from market.incidents;

create or replace temp table items as
select a.account, t.account_id, t.kind, t."at", t.source, t.seen_by, t.what, t.words, t.offered_by, t.other_id, t.grade, t.asked,
  m.met_at + interval :period day as period_until
from told_items as t
join seen_accounts as a on a.account_id = t.account_id
left join seen_accounts as o on o.account_id = t.other_id
left join (
  select one, other, min(met_at) as met_at from (
    select one, other, met_at from pairs union all select other, one, met_at from pairs
  ) as both_ways group by one, other
) as m on m.one = a.account and m.other = o.account
left join episodes as e on e.account = a.account
left join reversals as r on r.account = a.account
where t."at" <= :as_of and t."at" >= :evidence_from and (e.evidence_from is null or t."at" >= e.evidence_from)
  and t.kind in (:kinds)
  -- A link lasts: where an appeal was won, only one with an account that was opened since is put to the member again.
  and (t.kind <> 'linked_account' or r.reversed_at is null
    or greatest(a.registered_at, o.registered_at) > r.reversed_at)
  and (t.kind not in ('contact_offered', 'used_by_another') or t."at" > :as_of - interval :strike day)
  and (t.kind <> 'paid_outside' or t."at" > :as_of - interval :period day)
  -- Who writes to a colleague of the same agency, or to themselves, takes no work anywhere.
  and (t.kind <> 'contact_offered' or (t.offered_by = t.account_id and coalesce(a.unit <> o.unit, true)))
  and (t.kind not in ('contact_offered', 'paid_outside') or m.met_at is null
    or t."at" < m.met_at + interval :period day);

create or replace temp table met as
select distinct o.account, o.step
from openings as o join items as i on i.account = o.account and i."at" > o.since;
