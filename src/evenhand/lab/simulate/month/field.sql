-- Who proposed on which job, when and for how much; the place in the platform's list; what each is worth to the client.
-- What a member sends to jobs with the same applicants is the same, down to the noise.
-- `typical` is the worth of a typical member in the same place (the circumstances), `worth` that of this member.

create or replace table field as
with slots as (
    select j.job, j.category, floor(j.tickets * draw(j.applied_as * 64 + slot, 60))::bigint as ticket
    from jobs as j
    cross join lateral (select unnest(range(j.places)) as slot)
), drawn as (
    select distinct s.job, d.account
    from slots as s
    asof join drum as d on s.category = d.category and s.ticket >= d.first_ticket
), sent as (
    select
        d.job,
        d.account,
        pair_of(d.job, d.account)                                                       as pair,
        until(j.posted, least(j.closed, j.posted + days(14)), pow(draw(pair_of(j.applied_as, d.account), 61), 3.5)) as submitted,
        bell(pair_of(j.applied_as, d.account), 62)                                      as fit,
        m.price + 0.25 * bell(pair_of(j.applied_as, d.account), 63)                            as price,
        draw(pair_of(j.applied_as, d.account), 64) < 0.03                                      as invited,
        coalesce(s.reviewed_at < getvariable('month_from'), false)                      as reviewed,
        j.client, j.applied_as, j.leader, j.budget, j.reading, j.chosen, j.closed, j.fate, j.reads, j.hires, j.spare_interviews, j.depth,
        m.small, m.discriminated, m.demoted, m.banned_at, m.rests_from, m.rests_until, m.conduct,
        case when j.chosen >= m.changed_at then m.merit_after else m.merit end          as merit,
        m.diverted
    from drawn as d
    join jobs as j using (job)
    join members as m using (account)
    join standing as s using (account)
)
select
    * exclude (small, discriminated, demoted, rests_from, rests_until),
    submitted > reading                                                                 as late,
    row_number() over (
        partition by job
        order by
            submitted > reading,
            bell(pair_of(applied_as, account), 65) + getvariable('ranking_fit') * fit + getvariable('ranking_reviewed') * reviewed::int
                + 2.0 * invited::int - getvariable('ranking_demotion') * demoted::int desc,
            account
    )                                                                                   as shown_rank,
    exp(-getvariable('choice_price') * price + getvariable('choice_fit') * fit + getvariable('clients_taste') * bell(pair_of(client, account), 66))
        * case when reviewed then 1 else getvariable('choice_no_review') end
        * case when small then getvariable('choice_small_country') else 1 end
        * case when invited then getvariable('choice_invited') else 1 end
        * case when discriminated then getvariable('choice_discriminated') else 1 end   as typical,
    typical * merit
        * case when conduct = 'spammer' and draw(pair, 59) < getvariable('choice_bought') then 1e6 else 1 end as worth,
    case when draw(pair, 67) < getvariable('withdrawals_any') then until(submitted, closed, draw(pair, 68)) end as withdrawn,
    -- the noise of the choice; one and the same on jobs in a row that the same one wins
    draw(case when getvariable('clients_same_winner') then pair_of(leader, account) else pair end, 69) as chance
from sent
where coalesce(submitted < banned_at, true)
    and not coalesce(submitted between rests_from and rests_until, false)
    and submitted <= getvariable('span');
