-- Accounts: whose each is, when it came, and what a second one has that the first had not.

create table holders as
with lots as (
    select
        lot,
        lot >= getvariable('people')                                                as second,
        if(lot < getvariable('people'), lot, below(lot, 230, getvariable('people'))) as person
    from range(getvariable('accounts')) as t (lot)
), returners as (
    select distinct person from lots where second
), dated as (
    select
        l.*,
        floor(0.8 * getvariable('span') * draw(person, 231))::bigint                as first_came,
        until(first_came, getvariable('span'), 0.1 + 0.6 * draw(person, 232))       as first_closed,
        case
            when r.person is not null then if(often(person, 233, 'banned'), 'terms', null)
            when often(person, 234, 'gave_up') then 'left'
            when often(person, 235, 'excluded') then 'terms'
        end                                                                         as first_closed_reason
    from lots as l
    left join returners as r using (person)
), came as (
    select
        *,
        case
            when not second then first_came
            when first_closed_reason is not null then until(first_closed, getvariable('span'), 0.01 + 0.4 * draw(lot, 236))
            else until(first_came, getvariable('span'), 0.01 + 0.9 * draw(lot, 236))
        end                                                                         as registered,
        second and often(lot, 237, 'careful')                                       as careful
    from dated
)
select
    -- numbered as they came, so that a number tells nothing
    row_number() over (order by registered, lot)                                    as account,
    lot,
    person,
    second,
    careful,
    registered,
    case when not second then first_closed_reason end                               as closed_reason,
    case when closed_reason is not null then first_closed end                       as closed,
    second and not careful and often(lot, 240, 'misspelt')                          as misspelt,
    second and not careful and often(lot, 241, 'nickname')                          as nickname,
    second and not careful and often(lot, 242, 'initial')                           as initial,
    second and not careful and often(lot, 243, 'reversed')                          as reversed,
    second and not careful and often(lot, 244, 'other_family_name')                 as other_family_name,
    second and not careful and often(lot, 245, 'wrong_birth_date')                  as wrong_birth_date,
    careful or (second and often(lot, 246, 'other_email'))                          as other_email,
    second and draw(lot, 246) >= 1 - getvariable('rewritten_email')                 as rewritten_email,
    careful or (second and often(lot, 247, 'other_phone'))                          as other_phone,
    second and draw(lot, 247) >= 1 - getvariable('rewritten_phone')                 as rewritten_phone,
    careful or (second and often(lot, 248, 'moved'))                                as moved,
    second and draw(lot, 248) >= 1 - getvariable('rewritten_address')               as rewritten_address,
    careful or (second and often(lot, 249, 'other_document'))                       as other_document,
    careful or (second and often(lot, 250, 'other_payout'))                         as other_payout,
    careful or (second and often(lot, 251, 'other_devices'))                        as other_devices,
    careful or (second and often(lot, 252, 'other_network'))                        as other_network
from came;

-- What is a person's own bears the person's key, what is an account's alone bears a key beyond all people's.
create macro own_or_other(person, other, lot) as if(other, getvariable('accounts') + (lot), person);

create macro secret(what, key) as md5(what || '-' || (key)::varchar || '-' || getvariable('seed')::varchar);
