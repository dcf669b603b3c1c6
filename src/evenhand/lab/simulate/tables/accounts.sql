with closings as (
    select m.*, least(m.banned_at, s.quit_at) as closed
    from members as m
    join standing as s using (account)
), everybody as (
    select
        member_id(account)                                                as account_id,
        case when in_agency and account = house then 'agency' else 'freelancer' end as role,
        moment(registered)                                                as registered_at,
        case when in_agency then member_id(house) end                     as agency_id,
        home.country                                                      as country,
        c.name                                                            as category,
        home.language                                                     as language,
        moment(closed)                                                    as closed_at,
        case when closed > getvariable('span') then null when closed = banned_at then 'terms' when closed is not null then 'left' end as closed_reason
    from closings
    join categories as c using (category)
    union all
    select
        client_id(client),
        'client',
        moment(s.first_posted - 1 - days(60 * draw(-client, 7))),
        null,
        c.country,
        null, null, null, null
    from clients_seen as s
    join clients as c using (client)
)
select *
from everybody
where registered_at is not null
order by account_id
