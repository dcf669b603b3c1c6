-- People, their households, their accounts; a share of the accounts is a person's second one. Every draw is a hash of
-- the seed, of what is drawn and of the row, so that the same seed gives the same rows whatever the threads do.
create temp macro draw(what, row) as (hash($seed::varchar || '/' || what || '/' || row::varchar) >> 11)::double / 9007199254740992.0;
create temp macro pick(what, row, count) as (draw(what, row) * count)::bigint % count;
create temp macro syllables(row) as
    ['ba', 'ren', 'mi', 'lo', 'ka', 'ste', 'ri', 'jo', 'an', 'del', 'ma', 'tov', 'sa', 'lin', 'ne', 'gar'][1 + row % 16]
    || ['ra', 'no', 'vi', 'la', 'men', 'to', 'sha', 'ki', 'do', 'ner', 'lu', 'be', 'ska', 'rin', 'go', 'th'][1 + (row // 16) % 16]
    || ['', 'son', 'ez', 'ova', 'wi', 'dar', 'mann', 'ic'][1 + (row // 256) % 8];
create temp table people as
select p as person,
    p - (draw('with the neighbour', p) < 0.3)::bigint as household,
    syllables(floor(400 * pow(draw('given', p), 2))::bigint + 7) as given,
    date '1955-01-01' + pick('birth', p, 18000)::integer as born,
    draw('abroad', p) < 0.02 as cafe,
    draw('office', p) < 0.03 as agency
from range($people::bigint) as r(p);
create temp table persons as
select person, household, given, born, cafe, agency,
    syllables(floor(2048 * pow(draw('surname', case when draw('own surname', person) < 0.2 then -person else household end), 1.5))::bigint)
        as surname,
    pick('number', household, 300)::varchar || ' '
        || ['Hill', 'River', 'Station', 'Park', 'Mill', 'Church', 'Bridge', 'Garden'][1 + pick('street', household, 8)]
        || ' Street, ' || (10000 + pick('town', household, 3000))::varchar as address
from people;
create temp table made as
select a as n, 'member-' || lpad(a::varchar, 8, '0') as account_id, a >= $people::bigint as second,
    case when a < $people::bigint then a else pick('whose', a, $people::bigint) end as person
from range($accounts::bigint) as r(a);
create temp table drawn as
select m.n, m.account_id, m.person, m.second, p.household, p.cafe, p.agency, p.born, p.given, p.surname, p.address,
    m.second and draw('typo', n) < 0.2 as misspelt, m.second and draw('short', n) < 0.05 as shortened,
    m.second and draw('born wrong', n) < 0.05 as wrong_birth, m.second and draw('moved', n) < 0.5 as moved,
    m.second and draw('new mail', n) < 0.7 as new_mail, m.second and draw('new phone', n) < 0.6 as new_phone,
    draw('no document', n) < (case when m.second then 0.3 else 0.15 end) as no_document,
    m.second and draw('other document', n) < 0.1 as other_document,
    draw('no payout', n) < 0.1 as no_payout, m.second and draw('other payout', n) < 0.4 as other_payout,
    m.second and draw('new device', n) < 0.5 as new_device, m.second and draw('new network', n) < 0.6 as new_network
from made as m join persons as p using (person);
