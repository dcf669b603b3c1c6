-- What was found beside what is there. A pair is an unordered one; who is in a file twice counts once.
-- `changed` is what the pair's accounts have changed between them, `between` what two people of a wrong link do share.

create temp table truth as from read_parquet(getvariable('truth_file'));
create temp table agencies as select account_id, agency_id from read_parquet(getvariable('accounts_file'));

create temp table pairs as
select
    l.account_id                                                                    as account_id_l,
    r.account_id                                                                    as account_id_r,
    list_distinct(l.changed || r.changed)                                           as changed,
    l.careful or r.careful                                                          as careful
from truth as l
join truth as r on l.person_id = r.person_id and l.account_id < r.account_id;

create temp table links as
select least(account_id_l, account_id_r) as account_id_l, greatest(account_id_l, account_id_r) as account_id_r, min(grade) as grade
from read_parquet(getvariable('links_file'))
group by all;

create temp table looked_at as
select distinct least(account_id_l, account_id_r) as account_id_l, greatest(account_id_l, account_id_r) as account_id_r
from read_parquet(getvariable('candidates_file'));

create temp table judged_pairs as
select
    p.*,
    l.account_id_l is not null                                                      as found,
    c.account_id_l is not null                                                      as reachable
from pairs as p
left join links as l using (account_id_l, account_id_r)
left join looked_at as c using (account_id_l, account_id_r);

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
join agencies as al on al.account_id = k.account_id_l
join agencies as ar on ar.account_id = k.account_id_r;
