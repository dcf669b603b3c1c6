-- One row per account with an identity or a device: written alike, so that spelling is no difference. Null is unknown.
-- Of several identities of one account the last that says something counts, column by column.
with folded as (
    -- Marks are taken off where they are accents or vowel points; in an Indian or Japanese name they are letters.
    select account_id, recorded_at, birth_date, document_hash, payout_hash, email,
        translate(phone, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９', '0123456789012345678901234567890123456789') as phone,
        case when regexp_matches(name, '[^\x00-\x{6ff}\x{1e00}-\x{206f}]') then nfc_normalize(name)
            else strip_accents(name) end as name,
        case when regexp_matches(address, '[^\x00-\x{6ff}\x{1e00}-\x{206f}]') then nfc_normalize(address)
            else strip_accents(address) end as address
    from identities
), written as (
    select account_id, recorded_at,
        nullif(trim(regexp_replace(translate(lower(name), 'ςı', 'σi'),
            '[^a-z0-9\x{c0}-\x{1fff}\x{2070}-\x{2fff}\x{3040}-\x{10ffff}]+', ' ', 'g')), '') as name,
        nullif(regexp_replace(lower(trim(email)), '\+[^@]*@', '@'), '') as email,
        nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 9), '') as phone,
        case when regexp_matches(birth_date, '^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} *$')
            and not starts_with(trim(birth_date), '0000') then try_cast(trim(birth_date) as date)::varchar end as birth_date,
        nullif(trim(regexp_replace(translate(lower(address), 'ςı', 'σi'),
            '[^a-z0-9\x{c0}-\x{1fff}\x{2070}-\x{2fff}\x{3040}-\x{10ffff}]+', ' ', 'g')), '') as address,
        nullif(trim(document_hash), '') as document,
        nullif(trim(payout_hash), '') as payout
    from folded
), identity as (
    select account_id, first_value(name ignore nulls) over latest as name,
        first_value(email ignore nulls) over latest as email, first_value(phone ignore nulls) over latest as phone,
        first_value(birth_date ignore nulls) over latest as birth_date,
        first_value(address ignore nulls) over latest as address,
        first_value(document ignore nulls) over latest as document,
        first_value(payout ignore nulls) over latest as payout
    from written
    window latest as (
        partition by account_id
        order by recorded_at desc nulls last, name, email, phone, birth_date, address, document, payout
        rows between unbounded preceding and unbounded following
    )
    qualify row_number() over latest = 1
), used as (
    select account_id,
        list_sort(list_distinct(list(device_id) filter (device_id not in (
            select device_id from devices group by device_id having count(distinct account_id) > 50)))) as devices,
        list_sort(list_distinct(list(network) filter (network is not null))) as networks
    from devices group by account_id
), known as (
    select coalesce(i.account_id, u.account_id) as account_id,
        i.name, i.email, i.phone, i.birth_date, i.address, i.document,
        -- An agency pays out to one account and works on its own machines: that its members share those says nothing.
        case when a.agency_id is null or count(*) over (partition by a.agency_id, i.payout) = 1 then i.payout end as payout,
        case when a.agency_id is null and len(u.devices) between 1 and 50 then u.devices end as devices,
        case when a.agency_id is null and len(u.networks) between 1 and 50 then u.networks end as networks
    from identity as i full join used as u using (account_id)
    left join accounts as a on a.account_id = coalesce(i.account_id, u.account_id)
), crowded as (
    -- What more than fifty accounts have is nobody's own: a placeholder, a hash of nothing, a public machine.
    select *,
        email in (select email from known where email is not null group by email having count(*) > 50) as many_email,
        phone in (select phone from known where phone is not null group by phone having count(*) > 50) as many_phone,
        address in (select address from known where address is not null group by address having count(*) > 50) as many_address,
        document in (select document from known where document is not null group by document having count(*) > 50) as many_document,
        payout in (select payout from known where payout is not null group by payout having count(*) > 50) as many_payout,
        (name, birth_date) in (select (name, birth_date) from known
            where name is not null and birth_date is not null group by name, birth_date having count(*) > 50) as many_birth_date,
        (left(name, 3), birth_date) in (select (left(name, 3), birth_date) from known
            where name is not null and birth_date is not null group by left(name, 3), birth_date having count(*) > 50) as many_given
    from known
)
select account_id, name,
    -- One byte a character, so that a likeness of bytes is one of characters.
    case when strlen(name) = length(name) then name else array_to_string(list_transform(string_split(name, ''),
        lambda c: case when ord(c) < 128 then c else chr(33 + ord(c) % 94) end), '') end as letters,
    case when many_given then null else left(name, 3) end as given,
    case when many_email then null else email end as email,
    case when many_phone then null else phone end as phone,
    case when many_birth_date then null else birth_date end as birth_date,
    case when many_address then null else address end as address,
    case when many_document then null else document end as document,
    case when many_payout then null else payout end as payout,
    devices, networks, many_email, many_phone, many_address, many_document, many_payout, many_birth_date
from crowded
