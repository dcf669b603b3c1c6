-- What the month leaves behind for the next: contracts that run, first reviews, wins, who gives up.

delete from running where ends <= getvariable('month_to');

create or replace table standing as
with busy as (
    select account, count(*)::int as running
    from running
    group by account
), tallied as (
    select
        account,
        min(reviewed_at) as reviewed_at,
        max(last_won_at) as last_won_at,
        sum(sent)        as sent,
        sum(read)        as read,
        sum(hired)       as hired,
        sum(won)         as won,
        sum(fair_micro)  as fair_micro,
        sum(due_micro)   as due_micro
    from tallies
    group by account
), carried as (
    select
        s.account,
        least(s.reviewed_at, t.reviewed_at)                     as reviewed_at,
        coalesce(b.running, 0)                                  as running,
        greatest(s.last_won_at, t.last_won_at)                  as last_won_at,
        s.quit_at,
        (s.sent + coalesce(t.sent, 0))::bigint                  as sent,
        (s.read + coalesce(t.read, 0))::bigint                  as read,
        (s.hired + coalesce(t.hired, 0))::bigint                as hired,
        (s.won + coalesce(t.won, 0))::bigint                    as won,
        (s.fair_micro + coalesce(t.fair_micro, 0))::bigint      as fair_micro,
        (s.due_micro + coalesce(t.due_micro, 0))::bigint        as due_micro
    from standing as s
    left join busy as b using (account)
    left join tallied as t using (account)
)
select
    c.* replace (
        -- who gives up sends nothing more, and closes the account when the last answers have come
        case
            when c.quit_at is null and m.registered < getvariable('month_from')
                and draw(pair_of(getvariable('month'), c.account), 36) < getvariable('churn_monthly') * m.stays
                    * case when coalesce(c.last_won_at, m.registered) < getvariable('month_to') - days(180) then getvariable('churn_without_a_win') else 1 end
                then getvariable('month_to') + days(42 + 30 * draw(c.account, 37))
            else c.quit_at
        end as quit_at
    )
from carried as c
join members as m using (account);

truncate tallies;

create or replace table clients_seen as
select client, min(first_posted) as first_posted
from (
    select client, posted as first_posted from posted
    union all
    select client, first_posted from clients_seen
)
group by client;
