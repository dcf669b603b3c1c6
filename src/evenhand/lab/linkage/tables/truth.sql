-- For judges only. `changed` is what a second account has that differs from what the first would have said, left out or written otherwise aside.
select
    member_id(h.account)                                                            as account_id,
    'person-' || h.person::varchar                                                  as person_id,
    'household-' || p.household::varchar                                            as household_id,
    h.second,
    h.careful,
    list_filter([
        if(h.misspelt or h.nickname or h.initial or h.reversed or h.other_family_name, 'name', null),
        if(h.wrong_birth_date, 'birth_date', null),
        if(h.other_email, 'email', null),
        if(h.other_phone, 'phone', null),
        if(h.moved, 'address', null),
        if(h.other_document, 'document', null),
        if(h.other_payout, 'payout', null),
        if(h.other_devices, 'device', null),
        if(h.other_network, 'network', null)
    ], lambda what: what is not null)                                               as changed
from holders as h
join people as p using (person)
order by account_id
