-- The tables of the market, and the truth beside them.
create temp view accounts as
select account_id, 'freelancer' as role, timestamp '2024-01-01' + to_minutes(n % 500000) as registered_at,
    case when agency then 'agency-' || (person // 6)::varchar end as agency_id
from drawn;
create temp view identities as
select account_id,
    case when shortened then left(given, 1) || '.' else given end || ' '
        || case when misspelt then left(surname, 2) || substr(surname, 4) else surname end as name,
    given || '.' || surname || (case when new_mail then n else person end)::varchar || '@'
        || ['mail', 'letters', 'post', 'inbox'][1 + pick('host', case when new_mail then n else person end, 4)] || '.example' as email,
    '+49 1' || (500000000 + pick('phone', case when new_phone then -n - 1 else person end, 499999999))::varchar as phone,
    (case when wrong_birth then born + 1 else born end)::varchar as birth_date,
    case when moved then pick('new number', n, 300)::varchar || ' Hill Street, ' || (20000 + pick('new town', n, 3000))::varchar
        else address end as address,
    case when not no_document then md5('document' || (case when other_document then -n - 1 else person end)::varchar) end
        as document_hash,
    case when not no_payout then md5('payout' || (case when other_payout then -n - 1 else person end)::varchar) end as payout_hash,
    timestamp '2026-01-01' as recorded_at
from drawn;
create temp view devices as
select account_id, 'device-' || (case
        when cafe then 'cafe-' || pick('cafe', person, 500)::varchar
        when agency then 'office-' || (person // 6)::varchar
        when draw('family device', household) < 0.1 then 'home-' || household::varchar
        when new_device then 'own-' || (-n - 1)::varchar else 'own-' || person::varchar end) as device_id,
    timestamp '2025-01-01' as first_seen_at, timestamp '2025-12-01' as last_seen_at,
    case when cafe then 'cafe-' || pick('cafe', person, 500)::varchar
        when agency then 'office-' || (person // 6)::varchar
        when new_network then 'net-' || (-n - 1)::varchar else 'net-' || household::varchar end as network
from drawn;
create temp view truth as select account_id, person, household, second from drawn;
