-- Group calibration (`STATISTICS.md` section 7): what counted towards being hired, seen as a contest between groups.
-- It reads `counted`, `contests` and `settled` of the activity, and ends in `guard_groups` (the groups with members
-- enough), `guard_fields` (a row per group and job) and `guard_tally` (what a group's sums are made of). A member is a
-- choice unit: an agency is one, and belongs to the groups of all its accounts.

-- Jobs with exactly one hire, of somebody who was there before the first choice: there the fair odds are exact.
create or replace temp table guard_contests as
select t.job, t.early_weight, date_trunc('quarter', s.settled_at) as quarter
from contests as t join settled as s on s.job = t.job
where not t.shortlist and t.hires = 1 and t.early_hires = 1;

-- The unit's weight is read back from its odds, weight / (early_weight - weight): whole millionths, so nothing is lost.
create or replace temp table guard_rows as
select c.account, a.unit, c.job, g.quarter, g.early_weight,
  round(g.early_weight * c.odds / (1 + c.odds))::bigint as weight, c.won,
  case when c.submitted_at < a.registered_at + interval 90 day then 0
    when c.submitted_at < a.registered_at + interval 365 day then 1 else 2 end as tenure
from counted as c
join guard_contests as g on g.job = c.job
join seen_accounts as a on a.account = c.account
where not c.shortlist;

-- Members with more units in a quarter than may count; only theirs are put in order. Jobs are numbered as they settle.
create or replace temp table guard_busy as
select unit, quarter from guard_rows group by unit, quarter having count(*) > :most_units;

create or replace temp view guard_units as
select r.account, r.unit, r.tenure, r.job, r.early_weight, r.weight, r.won
from guard_rows as r anti join guard_busy as b on b.unit = r.unit and b.quarter = r.quarter
union all
select account, unit, tenure, job, early_weight, weight, won
from (
  select r.*, dense_rank() over (partition by r.unit, r.quarter order by r.job) as nth
  from guard_rows as r semi join guard_busy as b on b.unit = r.unit and b.quarter = r.quarter
) as ranked
where nth <= :most_units;

-- Names of the groups of every account that contributes, by the band of tenure in which it did.
create or replace temp table guard_members as
select m.account, m.unit, m.tenure, n.name
from (select distinct account, unit, tenure from guard_units) as m
join (
  select account, null::integer as tenure, 'country=' || country as name from seen_accounts where :by_country
  union all
  select account, null::integer, 'category=' || category from seen_accounts where :by_category
  union all
  select account, null::integer, 'language=' || language from seen_accounts where :by_language
) as n on n.account = m.account
where n.name is not null
union all
select distinct account, unit, tenure, case tenure when 0 then 'tenure=under_90_days'
  when 1 then 'tenure=under_365_days' else 'tenure=365_days_or_more' end
from guard_units where :by_tenure;

create or replace temp table guard_groups as
select (row_number() over (order by name))::integer as grp, name, members
from (
  select name, count(distinct unit) as members from guard_members group by name having count(distinct unit) > :least_others
) as large;

create or replace temp table guard_places as
select m.account, m.unit, m.tenure, g.grp from guard_members as m join guard_groups as g on g.name = m.name;

-- Units of several accounts, of which more than one may stand in the same group on the same job.
create or replace temp table guard_agencies as
select unit from guard_places group by unit having count(distinct account) > 1;

-- Each group as one competitor: its members' weights against the rest of those who were there before the first choice.
create or replace temp table guard_fields as
select grp, job, weight, early_weight - weight as rest, won,
  case when weight <= :largest_odds * (early_weight - weight) then weight::double / (early_weight - weight) end as odds
from (
  select grp, job, sum(weight)::bigint as weight, max(early_weight) as early_weight, bool_or(won) as won
  from (
    select p.grp, u.job, u.weight, u.early_weight, u.won
    from guard_units as u join guard_places as p on p.account = u.account and p.tenure = u.tenure
    anti join guard_agencies as a on a.unit = u.unit
    union all
    select grp, job, weight, early_weight, won
    from (
      select distinct p.grp, u.job, u.unit, u.weight, u.early_weight, u.won
      from guard_units as u join guard_places as p on p.account = u.account and p.tenure = u.tenure
      semi join guard_agencies as a on a.unit = u.unit
    ) as agencies
  ) as members
  group by grp, job
) as fields;

create or replace temp table guard_tally as
select grp, odds, count(*) as units, count(*) filter (won) as wins
from guard_fields where odds is not null group by grp, odds;
