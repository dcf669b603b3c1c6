-- Members: of which kind, what they are worth to a client, how often they propose. All that an account does in a month
-- depends on this and on `standing`, which is carried from month to month.
-- The accounts of an agency are one unit to the evidence, so they are one in truth: of one kind and worth, there since one day.

create table lots as
with housed as (
    select account, case when account >= 250 and account % 250 < 5 then account - account % 250 else account end as house
    from range(1, getvariable('accounts') + 1) as t (account)
), numbered as (
    select account, house, draw(house, 10) as lot
    from housed
), sorted as (
    select n.account, n.house, k.kind, k.returns > 0 as returns
    from numbered as n
    join kinds as k on n.lot >= k.share_from and n.lot < k.share_to
), originals as (
    select account as original, row_number() over (order by draw(account, 11), account) as nth
    from sorted
    where returns
), copies as (
    select account, row_number() over (order by account) as nth
    from sorted
    where kind = 'duplicate'
), links as (
    select account, original
    from copies
    join originals using (nth)
)
select
    s.account,
    -- where nobody is left to be a duplicate of, the account is an ordinary one
    case when s.kind = 'duplicate' and l.original is null then 'ordinary' else s.kind end as kind,
    coalesce(l.original, s.account)                                                     as person,
    l.original                                                                          as linked_to,
    -- the platform closes the account of whoever returns under another
    case when b.account is not null then until(0, getvariable('span'), 0.2 + 0.5 * draw(s.account, 12)) end as banned_at,
    s.house,
    s.account % 250 < 5 and s.account >= 250 and l.original is null                     as in_agency
from sorted as s
left join links as l using (account)
left join links as b on b.original = s.account;

create table members as
with traits as (
    select
        l.* exclude (house),
        o.kind                                                                          as conduct,
        o.house,
        o.banned_at                                                                     as original_banned_at
    from lots as l
    join lots as o on o.account = l.person
), placed as (
    select
        t.*,
        (select max(category) from category_lots where share_from <= draw(house, 13))   as category,
        (select max(struct_pack(share_from, country, language, small)) from countries where share_from <= draw(person, 14)) as home,
        -- a duplicate comes some days after the closing, an original was there for months before it
        case
            when linked_to is not null then original_banned_at + days(2 + 30 * draw(account, 15))
            else least(
                coalesce(banned_at - days(120), getvariable('span')),
                case
                    when draw(house, 16) < getvariable('arrivals_before_opening') then -days(3 * 365 * draw(house, 17))
                    else floor(0.97 * getvariable('span') * draw(house, 17))::bigint
                end
            )
        end                                                                             as registered
    from traits as t
), valued as (
    select
        p.*,
        case
            when k.merit_spread > 0 then greatest(0.6, least(2.2, exp(k.merit_spread * bell(house, 18) - k.merit_spread ** 2 / 2)))
            else log_between(k.merit_low, k.merit_high, draw(house, 19))
        end                                                                             as merit,
        k.diverted_low + (k.diverted_high - k.diverted_low) * draw(house, 20)          as diverted,
        case when k.after_high > 0 then log_between(k.after_low, k.after_high, draw(house, 21)) end as merit_after,
        case when k.after_high > 0 then until(greatest(0, registered), getvariable('span'), 0.4 + 0.2 * draw(house, 22)) end as changed_at,
        getvariable('volume_proposals_per_month') * k.volume
            * least(getvariable('volume_most'), exp(k.volume_spread * bell(person, 23) - k.volume_spread ** 2 / 2)) as rate,
        k.price + 0.35 * bell(person, 24)                                               as price,
        k.success,
        k.stays,
        linked_to is null and registered < -days(40) and draw(account, 25) < k.established as established,
        case when draw(account, 26) < 0.025 then until(greatest(0, registered), getvariable('span'), draw(account, 27)) end as rests_from
    from placed as p
    join kinds as k on k.kind = p.conduct
)
select
    *,
    rests_from + days(7 + 80 * draw(account, 28))                                       as rests_until,
    home.small                                                                          as small,
    home.country = getvariable('choice_discriminated_country')                          as discriminated,
    home.country = getvariable('ranking_demoted_country')                               as demoted
from valued;

-- What is carried from month to month. Shares are millionths, whole so that their sums do not depend on the order.
create table standing as
select
    account,
    null::bigint as reviewed_at,
    0            as running,
    null::bigint as last_won_at,
    null::bigint as quit_at,
    0::bigint    as sent,
    0::bigint    as read,
    0::bigint    as hired,
    0::bigint    as won,
    0::bigint    as fair_micro,
    0::bigint    as due_micro
from members;

create table running (account bigint, ends bigint);

-- What the parts of one month add to that.
create table tallies (
    account bigint, reviewed_at bigint, last_won_at bigint, sent bigint, read bigint, hired bigint, won bigint, fair_micro bigint, due_micro bigint
);
