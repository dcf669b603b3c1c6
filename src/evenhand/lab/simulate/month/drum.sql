-- Who is in the market this month, and how much each wants to propose: its tickets, thousandths of a proposal.
-- A member proposes less the more contracts it has running, and nothing in an idle month or during a break.

create or replace table drum as
with wanted as (
    select
        m.account,
        m.category,
        floor(1000 * m.rate * pow(getvariable('volume_capacity'), s.running))::bigint as tickets
    from members as m
    join standing as s using (account)
    where m.registered < getvariable('month_from')
        and s.quit_at is null
        and coalesce(m.banned_at > getvariable('month_from'), true)
        and not coalesce(getvariable('month_from') between m.rests_from and m.rests_until, false)
        and draw(pair_of(getvariable('month'), m.account), 35) >= getvariable('volume_idle_months')
)
select account, category, tickets, (sum(tickets) over (partition by category order by account) - tickets)::bigint as first_ticket
from wanted
where tickets > 0;
