with parts as (
    select *, least(4, 1 + lasts // days(30)) as parts
    from hired
    -- nothing can be said of what was paid under a contract that cannot be told from another
    where not corrected
), paid as (
    select pair, nth, started + floor(lasts * (nth::double / parts))::bigint as paid_at, floor(value * 100 / parts) / 100 as amount
    from parts
    cross join lateral (select unnest(range(1, parts + 1)) as nth)
)
select
    'payment-' || pair::varchar || '-' || nth::varchar                    as payment_id,
    contract_id(pair)                                                     as contract_id,
    moment(paid_at)                                                       as paid_at,
    amount                                                                as amount_usd,
    case when draw(pair, 90) < 0.4 then round(amount / (8 + 40 * draw(pair, 91)), 1) end as hours
from paid
where paid_at <= getvariable('span')
order by pair, nth
