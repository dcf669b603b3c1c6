-- The client reads the list to a depth, opens some latecomers, then chooses among what it has read.
-- The exponential race: the first past the post are chosen with chances in proportion to their worth.

create or replace table read as
with opened as (
    select
        *,
        case
            when not reads then null
            when not late and shown_rank <= ceil(depth * count_if(not late) over (partition by job))
                and draw(pair_of(applied_as, account), 70) >= getvariable('reading_skipped') then reading + shown_rank * 97
            when late and submitted + 1200 < chosen and draw(pair_of(applied_as, account), 71) < getvariable('reading_latecomers')
                then until(submitted + 600, chosen, 0.5 * draw(pair, 72))
        end as viewed
    from field
), running_for as (
    select
        -- what was withdrawn before its turn came was not there to be opened
        * replace (case when coalesce(withdrawn < viewed, false) then null else viewed end as viewed),
        coalesce(opened.viewed < chosen, false) and coalesce(withdrawn > chosen, true) and coalesce(banned_at > chosen, true) as eligible
    from opened
)
select
    *,
    case
        when eligible then row_number() over (partition by job order by not eligible, -ln(1 - chance) / worth, account)
    end as place,
    fate = 'hired' and place <= hires as wins,
    coalesce(place <= case when fate = 'hired' then hires + spare_interviews when spare_interviews >= 2 then spare_interviews else 0 end, false) as shortlisted
from running_for;

-- What each was due given that somebody was recorded as hired and that there was a choice: the odds of a typical member in its place,
-- and its own. Exact for one hire, too little for several (as in the evidence).
create or replace table due as
with kept as (
    select *, worth * (1 - diverted) as recorded_worth, wins and draw(pair, 73) >= diverted as recorded
    from read
    where eligible and fate = 'hired' and chosen <= getvariable('span')
), sums as (
    select job, count_if(recorded) as hires, count(*) as eligible, sum((1e6 * recorded_worth)::bigint) as worth_micro
    from kept
    group by job
), odds as (
    select
        k.account,
        k.recorded,
        s.hires * k.typical / ((s.worth_micro - (1e6 * k.recorded_worth)::bigint) / 1e6)        as fair,
        s.hires * k.recorded_worth / ((s.worth_micro - (1e6 * k.recorded_worth)::bigint) / 1e6) as own
    from kept as k
    join sums as s using (job)
    where s.hires > 0 and s.hires < s.eligible and s.worth_micro > (1e6 * k.recorded_worth)::bigint
)
select
    account,
    count_if(recorded)                             as won,
    sum((1e6 * fair / (1 + fair))::bigint)::bigint as fair_micro,
    sum((1e6 * own / (1 + own))::bigint)::bigint   as due_micro
from odds
group by account;
