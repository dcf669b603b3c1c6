insert into acted
select {method}, account, j.day, began
from joined as j
join (select account, min(day) as began from evidence_path group by account) using (account)
