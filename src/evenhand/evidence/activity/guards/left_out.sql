-- The guards without single units: on the jobs to which one contributed, the group's term is replaced by what it would
-- have been without it. It reads `guard_suspects` (the units in question) and ends in `guard_changes`.

create or replace temp table guard_suspect_units as
select u.* from guard_units as u semi join guard_suspects as s on s.unit = u.unit;

create or replace temp table guard_own as
select u.unit, f.grp, f.weight - u.weight as weight, f.rest + u.weight as rest, f.won and not u.won as won,
  f.odds as odds_before, f.won as won_before
from (
  select country as grp, job, unit, weight, won from guard_suspect_units
  union all select category, job, unit, weight, won from guard_suspect_units
  union all select language, job, unit, weight, won from guard_suspect_units
  union all select tenure, job, unit, weight, won from guard_suspect_units
) as u
join guard_fields as f on f.grp = u.grp and f.job = u.job;

create or replace temp table guard_changes as
select unit, grp, odds, sum(change)::bigint as units, (sum(case when won then change else 0 end))::bigint as wins
from (
  select unit, grp, odds_before as odds, won_before as won, -1 as change from guard_own where odds_before is not null
  union all
  select unit, grp, weight::double / rest, won, 1 from guard_own where weight > 0 and weight <= :largest_odds * rest
) as changes
group by unit, grp, odds;
