-- Who proposed, when, and what the client saw of it. The place in the list is chance, so that what was read is no effect of who is good.

create table fields as
select job, places, ceil(places * read_share) as read
from (select *, least(60, greatest(6, round(getvariable('scale') * crowd)))::bigint as places from jobs);

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
select job, account, min(slot) as shown_rank
from slots
join tickets using (ticket)
group by job, account;

create table proposals as
with sent as (
    select
        d.job,
        d.account,
        d.shown_rank,
        d.job * 16777216 + d.account                                              as pair,
        until(j.posted, j.closed, pow(draw(d.job * 16777216 + d.account, 51), 2.2)) as submitted,
        j.reviewed, j.chosen, j.closed, j.fate, j.hires, j.spare_interviews,
        m.theta,
        d.shown_rank <= f.read and (j.fate = 'hired' or j.read_though_unfilled) as shown
    from drawn as d
    join jobs as j using (job)
    join fields as f using (job)
    join members as m using (account)
    where m.left_at is null or m.left_at > j.closed
), seen as (
    select
        * exclude (shown),
        case when draw(pair, 52) < 0.04 then until(submitted, closed, draw(pair, 53)) end as withdrawn,
        case
            when shown and submitted < reviewed then reviewed + shown_rank * 97
            when shown and submitted + 3600 < chosen then until(submitted + 600, chosen, 0.3 * draw(pair, 54))
        end                                                                       as viewed
    from sent
)
select
    *,
    -- the exponential race: the first past the post are chosen with chances in proportion to theta
    case when viewed < chosen and coalesce(withdrawn > chosen, true) then -ln(1 - draw(pair, 55)) / theta end as race
from seen;

-- The interviewed of a job and, among them, the hired.
create table chosen as
select
    job,
    account,
    pair,
    row_number() over (partition by job order by race, account) as place,
    fate,
    hires,
    until(least(greatest(reviewed + 6100, viewed), chosen - 1), chosen, draw(pair, 56)) as interviewed
from proposals
where race is not null
qualify place <= case
    when fate = 'hired' then hires + spare_interviews
    when spare_interviews >= 2 then spare_interviews
    else 0
end;
