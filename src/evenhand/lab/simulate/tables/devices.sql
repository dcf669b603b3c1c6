-- One to three devices per member; a duplicate often goes on using the old ones. Some machines are shared by people who have nothing else in common.
with used as (
    select
        m.account,
        nth,
        m.registered,
        case
            when m.linked_to is not null and draw(m.account * 4 + nth, 140) < 0.6 then m.person * 4 + nth
            when nth = 0 and draw(m.account, 141) < 0.02 then -(m.account // 8)
            else m.account * 4 + nth
        end                                                               as device,
        if(m.linked_to is not null and draw(m.account, 142) < 0.5, m.person, m.account) as place,
        least(m.banned_at, s.quit_at, getvariable('span') - days(20 * draw(m.account * 4 + nth, 143))) as last_seen
    from members as m
    join standing as s using (account)
    cross join lateral (select unnest(range(1 + floor(3 * pow(draw(m.person, 144), 2))::bigint)) as nth)
    where m.registered <= getvariable('span')
)
select
    member_id(account)                                                    as account_id,
    'device-' || md5(device::varchar || '-' || getvariable('seed')::varchar)[:16] as device_id,
    moment(first_seen)                                                    as first_seen_at,
    moment(greatest(first_seen, last_seen))                               as last_seen_at,
    (10 + floor(200 * draw(place, 145)))::bigint::varchar || '.' || floor(256 * draw(place, 146))::bigint::varchar || '.'
        || floor(256 * draw(place, 147))::bigint::varchar || '.0/24'      as network
from (select *, until(registered, greatest(registered, last_seen), nth * 0.3) as first_seen from used)
order by account, nth
