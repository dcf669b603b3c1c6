-- Group calibration (`STATISTICS.md` section 7): jobs with one hire, seen as a contest between groups.
-- It reads `field`, `contests` and `settled` of the activity, and ends in `guard_groups` (the groups with members
-- enough), `guard_fields` (a row per group and job) and `guard_tally` (what a group's sums are made of). A member is a
-- choice unit: an agency is one, and belongs to the groups of all its accounts.

-- Jobs with exactly one hire, of somebody who was there before the first choice: there the fair odds are exact. One
-- client is one taste, so its first such job speaks; and a month has said enough after its first :most_jobs.
create or replace temp table guard_contests as
select job, early_weight, quarter
from (
  select job, early_weight, date_trunc('quarter', settled_at) as quarter,
    row_number() over (partition by date_trunc('month', settled_at) order by job) as nth
  from (
    select t.job, t.early_weight, s.settled_at, row_number() over (partition by t.client order by t.job) as of_client
    from contests as t join settled as s on s.job = t.job
    where not t.shortlist and t.hires = 1 and t.early_hires = 1
  ) as single
  where of_client = 1
) as firsts
where nth <= :most_jobs;

create or replace temp table guard_names as
select (row_number() over (order by attribute, called))::integer as grp, attribute, called,
  attribute || '=' || called as name
from (
  select distinct 'country' as attribute, country as called from seen_accounts where :by_country
  union all
  select distinct 'category', category from seen_accounts where :by_category
  union all
  select distinct 'language', language from seen_accounts where :by_language
  union all
  select 'tenure', called
  from (select unnest(['under_90_days', 'under_365_days', '365_days_or_more']) as called) as bands where :by_tenure
) as named
where called is not null;

create or replace temp table guard_accounts as
select a.account, a.unit, a.registered_at, c.grp as country, k.grp as category, l.grp as language,
  case when :as_of < a.registered_at + interval 90 day
      then (select grp from guard_names where name = 'tenure=under_90_days')
    when :as_of < a.registered_at + interval 365 day
      then (select grp from guard_names where name = 'tenure=under_365_days')
    else (select grp from guard_names where name = 'tenure=365_days_or_more') end as tenure,
  b.accounts > 1 as shared
from seen_accounts as a
join (select unit, count(*) as accounts from seen_accounts group by unit) as b on b.unit = a.unit
left join guard_names as c on c.attribute = 'country' and c.called = a.country
left join guard_names as k on k.attribute = 'category' and k.called = a.category
left join guard_names as l on l.attribute = 'language' and l.called = a.language;

-- Everybody who was there before the choice competes, seen or not, withdrawn or not: a group that the client is not
-- shown, or not willing to read, is treated differently as well.
create or replace temp table guard_entries as
select f.account, f.unit, f.job, g.quarter, g.early_weight, sum(f.weight)::bigint as weight, bool_or(f.won) as won,
  min(f.submitted_at) as submitted_at
from field as f join guard_contests as g on g.job = f.job
where f.early and not f.shortlist
group by f.account, f.unit, f.job, g.quarter, g.early_weight;

create or replace temp table guard_rows as
select a.account, a.unit, a.shared, a.country, a.category, a.language,
  case when f.submitted_at < a.registered_at + interval 90 day
      then (select grp from guard_names where name = 'tenure=under_90_days')
    when f.submitted_at < a.registered_at + interval 365 day
      then (select grp from guard_names where name = 'tenure=under_365_days')
    else (select grp from guard_names where name = 'tenure=365_days_or_more') end as tenure,
  f.job, f.quarter, f.early_weight, f.weight, f.won
from guard_entries as f join guard_accounts as a on a.account = f.account;

-- Several accounts of one agency on one job are one unit, which stands in each of their groups once.
create or replace temp table guard_twins as
select unit, job from guard_rows where shared group by unit, job having count(*) > 1;

create or replace temp view guard_each as
select unit, country, category, language, tenure, job, quarter, early_weight, weight, won
from guard_rows as r anti join guard_twins as t on t.unit = r.unit and t.job = r.job
union all
select unit,
  case when row_number() over (partition by unit, job, country order by account) = 1 then country end,
  case when row_number() over (partition by unit, job, category order by account) = 1 then category end,
  case when row_number() over (partition by unit, job, language order by account) = 1 then language end,
  case when row_number() over (partition by unit, job, tenure order by account) = 1 then tenure end,
  job, quarter, early_weight, (sum(weight) over (partition by unit, job))::bigint, won
from (select r.* from guard_rows as r semi join guard_twins as t on t.unit = r.unit and t.job = r.job) as twins;

-- Members with more units in a quarter than may count; only theirs are put in order. Jobs are numbered as they settle.
create or replace temp table guard_busy as
select unit, quarter from guard_rows group by unit, quarter having count(*) > :most_units;

create or replace temp table guard_units as
select unit, country, category, language, tenure, job, early_weight, weight, won
from guard_each as r anti join guard_busy as b on b.unit = r.unit and b.quarter = r.quarter
union all
select unit, country, category, language, tenure, job, early_weight, weight, won
from (
  select r.*, dense_rank() over (partition by r.unit, r.quarter order by r.job) as nth
  from guard_each as r semi join guard_busy as b on b.unit = r.unit and b.quarter = r.quarter
) as ranked
where nth <= :most_units;

create or replace temp table guard_members as
select distinct unit, country, category, language, tenure from guard_units;

create or replace temp table guard_groups as
select n.grp, n.name, m.members
from (
  select grp, count(*) as members
  from (
    select unit, country as grp from guard_members union select unit, category from guard_members
    union select unit, language from guard_members union select unit, tenure from guard_members
  ) as placed
  group by grp having count(*) > :least_others
) as m
join guard_names as n on n.grp = m.grp;

-- Each group as one competitor: its members' weights against the rest of those who were there before the first choice.
create or replace temp table guard_fields as
select f.grp, f.job, f.weight, f.early_weight - f.weight as rest, f.won,
  case when f.weight <= :largest_odds * (f.early_weight - f.weight)
    then f.weight::double / (f.early_weight - f.weight) end as odds
from (
  select country as grp, job, sum(weight)::bigint as weight, max(early_weight) as early_weight, bool_or(won) as won
  from guard_units where country is not null group by country, job
  union all
  select category, job, sum(weight)::bigint, max(early_weight), bool_or(won)
  from guard_units where category is not null group by category, job
  union all
  select language, job, sum(weight)::bigint, max(early_weight), bool_or(won)
  from guard_units where language is not null group by language, job
  union all
  select tenure, job, sum(weight)::bigint, max(early_weight), bool_or(won)
  from guard_units where tenure is not null group by tenure, job
) as f
join guard_groups as g on g.grp = f.grp;

create or replace temp table guard_tally as
select grp, odds, count(*) as units, count(*) filter (won) as wins
from guard_fields where odds is not null group by grp, odds;
