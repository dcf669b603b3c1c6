select
    contract_id(pair)                                                     as contract_id,
    side                                                                  as by,
    moment(given_at)                                                      as given_at,
    case outcome when 'success' then 5.0 when 'neutral' then 4.0 else 2.0 end
        - 0.5 * (draw(pair, if(side = 'client', 92, 93)) < 0.25)::int     as stars,
    side = 'client' and draw(pair, 94) < 0.2                              as private
from (select *, started + lasts + days(1) as given_at from hired where not corrected)
cross join (select unnest(['client', 'freelancer']) as side)
where given_at <= getvariable('span') and (side = 'client' and reviewed or side = 'freelancer' and draw(pair, 95) < 0.55)
order by pair, side
