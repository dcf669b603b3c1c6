-- The jobs of this part of the month.

create or replace table jobs as
select *
from posted
where job between getvariable('part_from') and getvariable('part_to');
