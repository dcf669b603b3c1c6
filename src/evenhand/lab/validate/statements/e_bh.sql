-- Cumulative e-BH (`STATISTICS.md` section 3, Theorem 2) with one weight for everybody of a fixed family, day by day:
-- the e-value of the day, accounts acted on frozen. Only e >= 1 / level can ever be enough.
create or replace temp table candidates as
select account, log_e, unnest(range(day::timestamp, until::timestamp, interval 1 day))::date as day
from (
    select account, day, coalesce(lead(day) over (partition by account order by day), getvariable('ended')::date) as until, {e} as log_e, {when} as may
    from evidence_path
)
where may and log_e >= ln(1 / {level});

create or replace temp table sizes as
select day, (select count(distinct account) from candidates) as size
from (select distinct day from candidates);
