-- One row per account with an identity or a device: written alike, so that spelling is no difference. Null is unknown.
with identity as (
    select account_id,
        nullif(trim(regexp_replace(lower(strip_accents(name)), '[^a-z0-9\x{80}-\x{10ffff}]+', ' ', 'g')), '') as name,
        nullif(regexp_replace(lower(trim(email)), '\+[^@]*@', '@'), '') as email,
        nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 9), '') as phone,
        case when regexp_matches(birth_date, '^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} *$')
            then try_cast(trim(birth_date) as date)::varchar end as birth_date,
        nullif(trim(regexp_replace(lower(strip_accents(address)), '[^a-z0-9\x{80}-\x{10ffff}]+', ' ', 'g')), '') as address,
        nullif(document_hash, '') as document,
        nullif(payout_hash, '') as payout
    from identities
    qualify row_number() over (partition by account_id order by recorded_at desc nulls last) = 1
), used as (
    select account_id,
        list_sort(list_distinct(list(device_id))) as devices,
        list_sort(list_distinct(list(network) filter (network is not null))) as networks
    from devices group by account_id
)
select coalesce(i.account_id, u.account_id) as account_id,
    i.name, left(i.name, 3) as given, i.email, i.phone, i.birth_date, i.address, i.document,
    -- An agency pays out to one account and works on its own machines: that its members share those says nothing.
    case when a.agency_id is null or count(*) over (partition by a.agency_id, i.payout) = 1 then i.payout end as payout,
    case when a.agency_id is null and len(u.devices) between 1 and 50 then u.devices end as devices,
    case when a.agency_id is null and len(u.networks) between 1 and 50 then u.networks end as networks
from identity as i full join used as u using (account_id)
left join accounts as a on a.account_id = coalesce(i.account_id, u.account_id)
