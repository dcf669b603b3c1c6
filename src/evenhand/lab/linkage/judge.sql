-- What was found beside what is there. A pair is an unordered one; who is in a file twice counts once.
-- `changed` is what a pair's accounts have changed between them, `between` what two people of a wrong link do share.

create temp view truth as from read_parquet(getvariable('market') || '/truth.parquet');
create temp view accounts as select account_id, agency_id from read_parquet(getvariable('market') || '/accounts.parquet');

create temp table pairs as
select
    l.account_id                                                                    as account_id_l,
    r.account_id                                                                    as account_id_r,
    list_distinct(l.changed || r.changed)                                           as changed,
    l.careful or r.careful                                                          as careful
from truth as l
join truth as r on l.person_id = r.person_id and l.account_id < r.account_id;

create temp table links as
select
    least(account_id_l, account_id_r)                                               as account_id_l,
    greatest(account_id_l, account_id_r)                                            as account_id_r,
    min(coalesce(grade, 'none'))                                                    as grade
from read_parquet(getvariable('links'))
group by all;

create temp view identities as from read_parquet(getvariable('market') || '/identities.parquet');
create temp view devices as from read_parquet(getvariable('market') || '/devices.parquet');
create temp table records as
{records};

create temp table judged_pairs as
select
    p.*,
    k.account_id_l is not null                                                      as found,
    coalesce({blocked}, false)                                                      as reachable
from pairs as p
join records as l on l.account_id = p.account_id_l
join records as r on r.account_id = p.account_id_r
left join (from links where grade in {claims}) as k using (account_id_l, account_id_r);

create temp table judged_links as
select
    k.grade,
    case
        when l.person_id = r.person_id then 'one person'
        when l.household_id = r.household_id then 'household'
        when al.agency_id = ar.agency_id then 'agency'
        else 'strangers'
    end                                                                             as between
from links as k
join truth as l on l.account_id = k.account_id_l
join truth as r on r.account_id = k.account_id_r
join accounts as al on al.account_id = k.account_id_l
join accounts as ar on ar.account_id = k.account_id_r;
