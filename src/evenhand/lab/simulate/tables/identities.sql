-- Who stands behind an account. A duplicate's papers are those of the closed account, with slips of the pen, a new mail address, and often
-- a new telephone. Some members share a household with another: the same address, and nothing else.
with people as (
    select
        m.account,
        m.person,
        m.linked_to is not null                                           as again,
        m.registered,
        one_of(['Ana', 'Ben', 'Chidi', 'Dana', 'Emre', 'Farah', 'Goran', 'Hana', 'Ivan', 'Jamila', 'Kofi', 'Lena', 'Mateo', 'Nadia', 'Omar', 'Priya',
                'Quentin', 'Rosa', 'Samir', 'Tala', 'Ugo', 'Vera', 'Wanjiru', 'Ximena', 'Yusuf', 'Zoya'], draw(person, 120))   as given,
        one_of(['Ad', 'Bel', 'Cor', 'Dim', 'El', 'Far', 'Gom', 'Has', 'Ilk', 'Jov', 'Kar', 'Lim', 'Mor', 'Nor', 'Ost', 'Pet', 'Ram', 'Sil', 'Tam', 'Ul'], draw(person, 121))
            || one_of(['an', 'ber', 'chi', 'do', 'ek', 'fi', 'gar', 'hov', 'in', 'ko', 'la', 'man'], draw(person, 122))
            || one_of(['ev', 'ic', 'ez', 'son', 'ari', 'wala', 'oglu', 'ski', 'uddin', 'a', 'er', 'i'], draw(person, 123))    as family,
        case when draw(person, 124) < 0.03 then person // 2 else person end as household
    from members as m
    where m.registered <= getvariable('span')
), written as (
    select
        *,
        given || ' ' || family                                            as name,
        2 + floor((length(given || ' ' || family) - 2) * draw(account, 125))::bigint as slip
    from people
)
select
    member_id(account)                                                    as account_id,
    case
        when again and draw(account, 126) < 0.5 then left(name, slip - 1) || substr(name, slip + 1)
        when again and draw(account, 126) < 0.7 then left(name, slip - 1) || substr(name, slip + 1, 1) || substr(name, slip, 1) || substr(name, slip + 2)
        when again and draw(account, 126) < 0.8 then family || ' ' || given
        else name
    end                                                                   as name,
    lower(given) || '.' || lower(family) || (account % 9973)::varchar || '@' || one_of(['mail', 'post', 'inbox', 'letters'], draw(account, 127)) || '.example' as email,
    '+' || (10 + floor(80 * draw(key_phone, 128)))::bigint::varchar || ' ' || lpad((floor(1e9 * draw(key_phone, 129)))::bigint::varchar, 9, '0') as phone,
    strftime(date '1960-01-01' + floor(16000 * draw(person, 130) + if(again and draw(account, 131) < 0.15, 1, 0))::integer, '%Y-%m-%d') as birth_date,
    (1 + floor(180 * draw(household, 132)))::bigint::varchar || ' ' || one_of(['Mill', 'Station', 'Garden', 'River', 'Market', 'School', 'Church', 'Hill'], draw(household, 133))
        || if(again and draw(account, 134) < 0.5, ' St', ' Street') || ', ' || lpad((floor(1e5 * draw(household, 135)))::bigint::varchar, 5, '0') as address,
    md5('document' || if(again and draw(account, 136) < 0.7, account, person)::varchar || getvariable('seed')::varchar) as document_hash,
    md5('payout' || if(again and draw(account, 137) < 0.4, account, person)::varchar || getvariable('seed')::varchar) as payout_hash,
    moment(registered)                                                    as recorded_at
from (select *, if(again and draw(account, 138) < 0.6, account, person) as key_phone from written)
order by account
