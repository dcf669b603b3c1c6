-- People, and what they share with others. A negative key stands for what is nobody's own: a tower, an office, a cafe, a carrier.

create macro often(key, nth, share) as draw(key, nth) < getvariable(share);
create macro below(key, nth, count) as floor((count) * draw(key, nth))::bigint;

create table people as
with blocks as (
    select
        person,
        person // 5 * 5                                                             as block,
        -- in truth as to the evidence, accounts of an agency are one unit
        (8 / getvariable('agency'))::bigint                                         as apart
    from range(getvariable('people')) as t (person)
), housed as (
    select
        person,
        case
            when often(block, 201, 'households_of_five') then block
            when draw(block, 201) < getvariable('households_of_five') + getvariable('households_of_two') then person - (person - block) % 2
            else person
        end                                                                         as household,
        draw(block, 201) between getvariable('households_of_five')
            and getvariable('households_of_five') + getvariable('households_of_two') and person < block + 4 as of_two,
        case when person >= apart and person % apart < 8 then person - person % apart end as agency
    from blocks
), related as (
    select
        *,
        of_two and often(household, 202, 'twins')                                   as twin,
        of_two and draw(household, 202) >= 1 - getvariable('namesakes')             as namesake,
        case when often(person, 203, 'own_family_name') and not of_two then person else household end as lineage
    from housed
)
select
    r.person,
    r.household,
    r.agency,
    g.given,
    g.short,
    f.family,
    date '1955-01-01' + below(if(r.twin, r.household, r.person), 206, 18000)::integer as born,
    case
        when often(r.person, 207, 'recycled_phone') then below(r.person, 208, getvariable('people'))
        when often(r.household, 209, 'landline') then r.household
        else r.person
    end                                                                             as phone,
    case
        when r.agency is not null and often(r.agency, 210, 'agency_office') then -1 - r.agency
        when often(r.household, 211, 'tower') then -2000000000 - below(r.household, 212, getvariable('towers'))
        else r.household
    end                                                                             as place,
    case when often(r.agency, 213, 'agency_pays') then -1 - r.agency end            as paid_through,
    case when often(r.household, 214, 'family_device') then r.household end         as family_device,
    case when often(r.person, 215, 'cafe') then below(r.person, 216, getvariable('cafes')) end as cafe,
    case when often(r.person, 217, 'second_hand') then below(r.person, 218, getvariable('people')) end as second_hand
from related as r
join given_names as g on g.nth = floor(2000 * pow(draw(if(r.namesake, r.household, r.person), 204), 2.5))
join family_names as f on f.nth = floor(30000 * pow(draw(r.lineage, 205), 2.5));
