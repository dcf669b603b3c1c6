-- Who proposed, when, and what the client saw of it. The place in the list is chance, so that what was read is no effect of who is good.

create table fields as
select job, places, ceil(places * read_share) as read
from (select *, least(60, greatest(6, round(getvariable('scale') * crowd)))::bigint as places from jobs);

create macro pair(job, account) as (job)::bigint * 16777216 + account;

create table drawn as
with slots as (
    select
        j.job,
        s.first_ticket + (draw(j.job * 64 + slot, 50) * s.live)::bigint % s.live as ticket,
        slot
    from jobs as j
    join fields as f using (job)
    join supply as s on s.category = j.category and s.day = j.posted_day
    cross join lateral (select unnest(range(1, f.places + 1)) as slot)
)
select job::integer as job, account::integer as account, min(slot)::integer as shown_rank
from slots
join tickets using (ticket)
group by job, account;

-- All that is kept of a hundred million rows is kept narrow: the course of the job stands with the job.
create table proposals as
with sent as (
    select
        d.job,
        d.account,
        d.shown_rank,
        pair(d.job, d.account)                                                    as pair,
        until(j.posted, j.closed, pow(draw(pair(d.job, d.account), 51), 2.2))     as submitted,
        j.reviewed, j.chosen, j.closed,
        m.theta,
        d.shown_rank <= f.read and (j.fate = 'hired' or j.read_though_unfilled)   as shown
    from drawn as d
    join jobs as j using (job)
    join fields as f using (job)
    join members as m using (account)
    where m.left_at is null or m.left_at > j.closed
), seen as (
    select
        *,
        case when draw(pair, 52) < 0.04 then until(submitted, closed, draw(pair, 53)) end as withdrawn,
        case
            when shown and submitted < reviewed then reviewed + shown_rank * 97
            when shown and submitted + 3600 < chosen then until(submitted + 600, chosen, 0.3 * draw(pair, 54))
        end                                                                       as viewed
    from sent
)
select
    job, account, shown_rank,
    submitted::integer                                                            as submitted,
    withdrawn::integer                                                            as withdrawn,
    viewed::integer                                                               as viewed,
    -- the exponential race: the first past the post are chosen with chances in proportion to theta
    case when viewed < chosen and coalesce(withdrawn > chosen, true) then -ln(1 - draw(pair, 55)) / theta end as race
from seen;

drop table drawn;

-- The interviewed of a job and, among them, the hired.
create table chosen as
select
    p.job,
    p.account,
    pair(p.job, p.account)                                                        as pair,
    row_number() over (partition by p.job order by p.race, p.account)             as place,
    j.fate,
    j.hires,
    until(least(greatest(j.reviewed + 6100, p.viewed), j.chosen - 1), j.chosen, draw(pair(p.job, p.account), 56)) as interviewed
from proposals as p
join jobs as j using (job)
where p.race is not null
qualify place <= case
    when j.fate = 'hired' then j.hires + j.spare_interviews
    when j.spare_interviews >= 2 then j.spare_interviews
    else 0
end;
