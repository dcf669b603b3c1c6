-- Before the opening: each established member had one invited job, done and reviewed. A field of one is evidence for nobody.

create table jobs as
select
    row_number() over (order by m.account)                                              as job,
    m.account,
    p.first_client + floor(p.size * draw(m.account, 30))::bigint                        as client,
    m.category,
    until(m.registered, -days(30), 0.9 * draw(m.account, 31))                           as posted,
    posted + days(2)                                                                    as chosen,
    posted + days(3)                                                                    as closed,
    'hired'                                                                             as outcome,
    round(30 + exp(4.6 + 1.0 * bell(m.account, 32)))                                    as budget,
    'entry'                                                                             as experience
from members as m
join pools as p using (category)
where m.established;

create table entries as
select
    job,
    account,
    pair_of(job, account)                                                               as pair,
    client,
    posted + 3600                                                                       as submitted,
    budget                                                                              as bid,
    null::bigint                                                                        as withdrawn,
    posted + days(1)                                                                    as viewed,
    1::bigint                                                                           as shown_rank,
    posted + days(1.5)                                                                  as interviewed,
    chosen,
    true                                                                                as invited,
    false                                                                               as diverted,
    true                                                                                as favoured
from jobs;

create table hired as
select
    pair,
    job,
    account,
    client,
    chosen                                                                              as started,
    days(3 + 12 * draw(pair, 80))                                                       as lasts,
    bid                                                                                 as value,
    'success'                                                                           as outcome,
    false                                                                               as hidden,
    false                                                                               as corrected,
    true                                                                                as reviewed
from entries;

update standing
set reviewed_at = h.started + h.lasts
from hired as h
where h.account = standing.account;

insert into clients_seen
select client, min(posted) from jobs group by client;
