select
    member_id(h.account)                                                            as account_id,
    case when p.agency = p.person and not h.second then 'agency' else 'freelancer' end as role,
    moment(h.registered)                                                            as registered_at,
    case when not h.second then member_id(head.account) end                         as agency_id,
    moment(h.closed)                                                                as closed_at,
    h.closed_reason
from holders as h
join people as p using (person)
left join holders as head on head.person = p.agency and not head.second
order by account_id
