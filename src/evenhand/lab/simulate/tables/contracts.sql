-- A contract that was corrected carelessly stands there twice, with another value: nobody can tell which one holds.
select
    contract_id(pair)                                                     as contract_id,
    case when not hidden then job_id(job) end                             as job_id,
    member_id(account)                                                    as account_id,
    client_id(client)                                                     as client_id,
    moment(started)                                                       as started_at,
    moment(started + lasts)                                               as ended_at,
    value + copy                                                          as value_usd,
    case when started + lasts <= getvariable('span') then outcome end     as outcome
from hired
cross join lateral (select unnest(range(1 + corrected::int)) as copy)
order by pair, copy
