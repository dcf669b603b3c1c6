-- The field as one of the audited models weighs it: `weight` is a proposal's part in what others are measured against,
-- `own` the cautious one with which it is measured itself. A weight that the market gives is multiplied in.
create or replace temp table field as
select p.shortlist, p.job, p.unit, p.account, p.submitted_at, p.won, p.early, p.seen,
  greatest(1, floor(p.given::double * s.weight / 1000000 + 0.5)::bigint) as weight,
  greatest(1, floor(p.given::double * s.own / 1000000 + 0.5)::bigint) as own
from placed as p
join shares as s on s.variant = :variant and s.month = p.month and s.shortlist = p.shortlist::integer
  and s.band = p.band and s.circumstances = p.circumstances;
