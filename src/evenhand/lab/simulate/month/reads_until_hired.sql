-- The client reads from the top of the list; whoever suits is hired, and with the last hire it stops reading.
-- A client who means to hire reads on to the end if nobody suits; the job then ends without a hire.

create or replace table read as
with judged as (
    select
        *,
        reads and not late and coalesce(withdrawn > chosen, true) and coalesce(banned_at > chosen, true) as eligible,
        fate = 'hired' and eligible and chance < 1 - 1 / (1 + getvariable('reading_ready') * worth) as suits
    from field
), counted as (
    select *, sum(suits::int) over (partition by job order by shown_rank) as suited
    from judged
), opened as (
    select
        *,
        case
            when reads and not late and coalesce(withdrawn > reading + shown_rank * 97, true) and case when fate = 'hired' then suited - suits::int < hires else shown_rank <= ceil(depth * count_if(not late) over (partition by job)) end
                then reading + shown_rank * 97
        end as viewed
    from counted
)
select
    *,
    case when viewed is not null then suited end                                        as place,
    suits and viewed is not null                                                        as wins,
    wins or (viewed is not null and eligible and chance < 1 - 1 / (1 + 2 * getvariable('reading_ready') * worth)) as shortlisted
from opened;

-- What each was due where it was read by somebody who meant to hire, hired or not: reading is not an effect of its own worth.
create or replace table due as
with odds as (
    select
        account,
        getvariable('reading_ready') * typical as fair,
        getvariable('reading_ready') * worth   as own,
        diverted,
        wins and draw(pair, 73) >= diverted as recorded
    from read
    where eligible and viewed is not null and fate = 'hired' and chosen <= getvariable('span')
)
select
    account,
    count_if(recorded)                                              as won,
    sum((1e6 * fair / (1 + fair))::bigint)::bigint                  as fair_micro,
    sum((1e6 * (1 - diverted) * own / (1 + own))::bigint)::bigint   as due_micro
from odds
group by account;
