-- One to three devices of one's own, and beside them what belongs to a household, an agency, a cafe, or had another owner.
with holding as (
    select
        h.account,
        h.lot,
        h.registered,
        h.closed,
        own_or_other(h.person, h.other_devices, h.lot)                              as owner,
        own_or_other(p.household, h.other_network, h.lot)                           as home,
        if(h.careful, null, p.family_device)                                        as family_device,
        if(h.careful, null, p.cafe)                                                 as cafe,
        if(h.second, null, p.agency)                                                as agency,
        if(h.other_devices, null, p.second_hand)                                    as second_hand
    from holders as h
    join people as p using (person)
), used as (
    select
        *,
        'own'                                                                       as kind,
        owner * 4 + nth                                                             as device,
        if(often(lot * 4 + nth, 290, 'mobile'), -3000000000 - below(lot * 4 + nth, 291, 200), home) as place
    from holding
    cross join lateral (select unnest(range(1 + below(owner, 292, 3))) as nth)
    union all by name
    select *, 'family' as kind, family_device as device, home as place from holding where family_device is not null
    union all by name
    select *, 'cafe' as kind, cafe * 8 + below(lot, 293, 6) as device, -4000000000 - cafe as place from holding where cafe is not null
    union all by name
    select *, 'office' as kind, agency * 4 + below(lot, 294, 3) as device, -1 - agency as place from holding where agency is not null
    union all by name
    select *, 'own' as kind, second_hand * 4 as device, home as place from holding where second_hand is not null
)
select
    member_id(account)                                                              as account_id,
    'device-' || secret(kind, device)[:16]                                          as device_id,
    moment(registered)                                                              as first_seen_at,
    moment(until(registered, coalesce(closed, getvariable('span')), draw(lot, 295))) as last_seen_at,
    (10 + below(place, 296, 200))::varchar || '.' || below(place, 297, 256)::varchar || '.' || below(place, 298, 256)::varchar || '.0/24' as network
from used
order by account_id, device_id
