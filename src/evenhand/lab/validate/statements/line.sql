-- A line that is drawn once: whoever is beyond it at the end of a day is acted on that day.
insert into acted
select {method}, account, min(day) filter ({when}) as acted_on, min(day)
from {path}
group by account
having acted_on is not null
