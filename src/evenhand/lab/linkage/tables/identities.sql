-- Who stands behind an account, as the account's holder wrote it.
with keyed as (
    select
        h.*,
        p.given,
        p.short,
        p.born,
        p.place,
        p.paid_through,
        if(h.other_family_name, f.family, p.family)                                 as family,
        own_or_other(p.person, h.other_email, h.lot)                                as email_key,
        own_or_other(p.phone, h.other_phone, h.lot)                                 as phone_key,
        own_or_other(p.place, h.moved, h.lot)                                       as place_key
    from holders as h
    join people as p using (person)
    join family_names as f on f.nth = below(h.lot, 260, 30000)
), named as (
    select
        *,
        case
            when reversed then family || ' ' || given
            when initial then left(given, 1) || '. ' || family
            when nickname then short || ' ' || family
            else given || ' ' || family
        end                                                                         as name,
        2 + below(lot, 261, length(name) - 2)                                       as slip,
        often(lot, 281, 'no_address')                                               as no_address,
        often(lot, 282, 'filler')                                                   as filled_address,
        often(lot, 262, 'moved_within') and not no_address and not filled_address   as moved_within,
        lower(strip_accents(given))                                                 as box_given,
        lower(strip_accents(family))                                                as box_family
    from keyed
), addressed as (
    -- who moved while holding the account is on record with both addresses
    select
        *,
        place_key                                                                   as lives_at,
        if(moved_within, until(registered, getvariable('span'), draw(lot, 286)), registered) as said_at
    from named
    union all
    select *, getvariable('accounts') * 3 + lot, registered
    from named
    where moved_within
), written as (
    select
        *,
        (1 + below(lives_at, 263, 180))::varchar || ' '
            || one_of(['Mill', 'Station', 'Garden', 'River', 'Market', 'School', 'Church', 'Hill', 'Bridge', 'Park', 'King', 'Lake'], draw(lives_at, 264))
            || ' Street, ' || lpad(below(lives_at, 265, 100000)::varchar, 5, '0') || ' '
            || one_of(['Corber', 'Ostwald', 'Tamarin', 'Belcourt', 'Navarra', 'Limgrad', 'Adenau', 'Rodmar'], draw(lives_at, 266)) as address,
        lpad(below(phone_key, 267, 1000000000)::varchar, 9, '0')                    as digits,
        -- the number makes a box one person's alone
        case
            when draw(email_key, 268) < 0.5 then box_given || '.' || box_family
            when draw(email_key, 268) < 0.8 then left(box_given, 1) || box_family
            else box_given
        end || email_key::varchar                                                   as box,
        one_of(['mail', 'post', 'inbox', 'letters'], draw(email_key, 269)) || '.example' as host
    from addressed
)
select
    member_id(account)                                                              as account_id,
    case
        when often(lot, 271, 'no_name') then null
        when misspelt and draw(lot, 272) < 0.4 then left(name, slip - 1) || substr(name, slip + 1)
        when misspelt and draw(lot, 272) < 0.7 then left(name, slip) || substr(name, slip)
        when misspelt then left(name, slip - 1) || substr(name, slip + 1, 1) || substr(name, slip, 1) || substr(name, slip + 2)
        else name
    end                                                                             as name,
    case
        when often(lot, 273, 'no_email') then null
        when rewritten_email and draw(lot, 274) < 0.5 then upper(left(box, 1)) || substr(box, 2) || '@' || host
        when rewritten_email then box || '+work@' || host
        else box || '@' || host
    end                                                                             as email,
    case
        when often(lot, 275, 'no_phone') then null
        when often(lot, 276, 'filler') then '0000000000'
        when rewritten_phone then '0' || digits[:3] || '-' || digits[4:6] || '-' || digits[7:]
        else '+' || (10 + below(phone_key, 277, 80))::varchar || ' ' || digits
    end                                                                             as phone,
    case
        when often(lot, 278, 'no_birth_date') then null
        when often(lot, 279, 'filler') then '1970-01-01'
        when wrong_birth_date and draw(lot, 280) < 0.4 and day(born) <= 12 then strftime(born, '%Y-%d-%m')
        when wrong_birth_date and draw(lot, 280) < 0.7 then (born + 1)::varchar
        when wrong_birth_date then (born + interval 10 year)::date::varchar
        else born::varchar
    end                                                                             as birth_date,
    case
        when no_address then null
        when filled_address then 'n/a'
        when rewritten_address and draw(lot, 283) < 0.5 then replace(address, ' Street,', ' St.,')
        when rewritten_address then upper(address)
        else address
    end                                                                             as address,
    case when not often(lot, 284, 'no_document') then secret('document', own_or_other(person, other_document, lot)) end as document_hash,
    case when not often(lot, 285, 'no_payout') then secret('payout', own_or_other(if(second, person, coalesce(paid_through, person)), other_payout, lot)) end as payout_hash,
    moment(said_at)                                                                 as recorded_at
from written
order by account_id, recorded_at
