-- What the market records of it: shortlists, withdrawals, hires. A diverted win leaves a chat and no hire.

create or replace table entries as
with settled as (
    select *, wins and draw(pair, 73) < diverted as is_diverted
    from read
)
select
    job,
    account,
    pair,
    client,
    conduct,
    submitted,
    round(budget * exp(price), 2)                                                       as bid,
    case
        when wins and draw(pair, 74) < getvariable('withdrawals_winners') then until(viewed, chosen, 0.9)
        when not wins and conduct <> 'borderline' and submitted < chosen and draw(pair, 75) < getvariable('withdrawals_losers')
            then until(greatest(submitted, coalesce(viewed, submitted)), chosen, 0.99)
        else withdrawn
    end                                                                                 as withdrawn,
    viewed,
    case when viewed is not null or not getvariable('reading_ranks_read_only') then shown_rank end as shown_rank,
    case when shortlisted then until(viewed, chosen, 0.1 + 0.7 * draw(pair, 76)) end    as interviewed,
    chosen,
    invited,
    is_diverted                                                                         as diverted,
    wins and not is_diverted                                                            as hired,
    wins or coalesce(place = 1, false)                                                  as favoured,
    place
from settled;

create or replace table hired as
with begun as (
    select
        e.*,
        j.closed,
        j.budget,
        case
            when draw(e.pair, 77) < getvariable('hires_late') then j.closed + days(31 + 29 * draw(e.pair, 78))
            when getvariable('hires_after_closing') > 0 then j.closed + days(getvariable('hires_after_closing') + draw(e.pair, 78))
            else e.chosen + floor((j.closed - e.chosen) * 0.9 * draw(e.pair, 78))::bigint
        end                                                                             as started,
        case when m.changed_at <= e.chosen then 0.6 else 1 end * m.success              as succeeds
    from entries as e
    join jobs as j using (job)
    join members as m using (account)
    where e.hired
)
select
    pair,
    job,
    account,
    client,
    started,
    days(least(400, 1 + exp(2.6 + 1.0 * bell(pair, 80))))                               as lasts,
    round(least(100000, bid * exp(0.3 * bell(pair, 81))), 2)                            as value,
    case
        when draw(pair, 82) < succeeds then 'success'
        when draw(pair, 82) < succeeds + 0.6 * (1 - succeeds) then 'neutral'
        else 'failure'
    end                                                                                 as outcome,
    draw(pair, 83) < getvariable('hires_hidden')                                        as hidden,
    conduct = 'borderline' and draw(pair, 84) < getvariable('corrections_borderline_wins') as corrected,
    draw(pair, 85) < 0.65                                                               as reviewed
from begun
where started <= getvariable('span');

create or replace table jobs as
select
    j.* exclude (fate),
    case
        when h.job is not null then 'hired'
        when j.fate in ('removed', 'cancelled') then j.fate
        else 'unfilled'
    end as outcome
from jobs as j
left join (select distinct job from entries where hired) as h using (job);
