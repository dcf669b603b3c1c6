-- What the product itself says at the end of the market: the step that the evidence alone reaches, or one above it.
insert into acted
select {method}, account, getvariable('ended')::date, null
from members
where reaches in ({steps})
