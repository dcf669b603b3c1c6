-- Members, what they are worth against their field (`theta`), and how often they propose (`tickets`).
-- Four in a hundred are far below any floor: theta 0.02 to 0.1; a quarter of those flood the market with proposals.

create table members as
with drawn as (
    select
        account,
        -- the five accounts of an agency work in one category; its first account is the agency itself
        case when account % 250 < 5 then account - account % 250 else account end as house,
        account % 250 < 5 and account >= 250                                      as in_agency,
        draw(account, 10) < 0.04                                                  as far_below,
        draw(account, 11) < 0.25                                                  as floods
    from range(1, getvariable('accounts')::bigint + 1) as t (account)
)
select
    account,
    format('freelancer-{:07d}', account)                                          as account_id,
    case when in_agency and account = house then 'agency' else 'freelancer' end   as role,
    case when in_agency then format('freelancer-{:07d}', house) end               as agency_id,
    (select max(category) from categories where share_from <= draw(house, 12))    as category,
    (select max(struct_pack(share_from, country, language)) from countries where share_from <= draw(account, 13)) as home,
    -- three in five were members before the market's first day
    case
        when draw(account, 14) < 0.6 then -floor(draw(account, 15) * 2 * 365 * 86400)::bigint
        else floor(draw(account, 15) * getvariable('span'))::bigint
    end                                                                           as registered,
    case
        when far_below then 0.02 * pow(5, draw(account, 16))
        when draw(account, 17) < 0.03 then 0.3 + 0.2 * draw(account, 16)
        else least(2.2, greatest(0.6, exp(0.3 * bell(account, 18) - 0.03)))
    end                                                                           as theta,
    case
        when far_below and floods then 100 + floor(240 * draw(account, 19))::bigint
        else 1 + floor(5 * least(20, exp(1.2 * bell(account, 20))))::bigint
    end                                                                           as tickets,
    case when draw(account, 21) < 0.02 then floor(draw(account, 22) * getvariable('span'))::bigint end as left_at
from drawn;

-- Every proposal is drawn as a ticket of its category. Tickets are numbered by the day from which they are in the drum,
-- so the tickets alive on a day are a prefix of the category's numbers.
create table drums as
select
    account,
    category,
    greatest(0, registered // 86400 + 1)                                                            as from_day,
    (sum(tickets) over (order by category, greatest(0, registered // 86400 + 1), account) - tickets)::bigint as first_ticket,
    tickets
from members;

create table tickets as
select first_ticket + unnest(range(tickets)) as ticket, account
from drums;

create table supply as
select
    d.category,
    d.day,
    d.first_ticket,
    coalesce(sum(n.tickets) over (partition by d.category order by d.day), 0)::bigint as live
from (
    select category, day, first_ticket
    from (select category, min(first_ticket) as first_ticket from drums group by category)
    cross join range(getvariable('span')::bigint // 86400 + 1) as t (day)
) as d
left join (select category, from_day, sum(tickets) as tickets from drums group by category, from_day) as n
    on n.category = d.category and n.from_day = d.day;
