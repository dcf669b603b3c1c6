-- The tables as a marketplace hands them over, one statement each, in the order of its identifiers. The last one is the truth, for judges only.

create view out_accounts as
select
    account_id,
    role,
    getvariable('opened') + to_seconds(registered)                        as registered_at,
    agency_id,
    home.country                                                          as country,
    (select name from categories as c where c.category = m.category)      as category,
    home.language                                                         as language,
    moment(left_at)                                                       as closed_at,
    case when left_at is not null then 'left' end                         as closed_reason
from members as m
union all
select
    format('client-{:07d}', client),
    'client',
    getvariable('opened') + to_seconds(min(posted) - floor(draw(client, 70) * 90 * 86400)::bigint - 1),
    null,
    (select max(struct_pack(share_from, country)) from countries where share_from <= draw(-client, 71)).country,
    null, null, null, null
from jobs
group by client
order by account_id;

create view out_jobs as
select
    format('job-{:09d}', j.job)                                           as job_id,
    format('client-{:07d}', j.client)                                     as client_id,
    moment(j.posted)                                                      as posted_at,
    moment(j.closed)                                                      as closed_at,
    case
        when j.closed > getvariable('span') then null
        when j.fate = 'hired' and h.job is null then 'unfilled'
        else j.fate
    end                                                                   as outcome,
    c.name                                                                as category,
    round(least(50000, 30 + exp(5.2 + 1.2 * bell(j.job, 72))))            as budget_usd,
    case when draw(j.job, 73) < 0.3 then 'entry' when draw(j.job, 73) < 0.8 then 'intermediate' else 'expert' end as experience
from jobs as j
join categories as c using (category)
left join (select distinct job from hired) as h using (job)
order by j.job;

create view out_proposals as
select
    format('proposal-{:010d}', row_number() over ())                      as proposal_id,
    format('job-{:09d}', job)                                             as job_id,
    format('freelancer-{:07d}', account)                                  as account_id,
    moment(submitted)                                                     as submitted_at,
    moment(withdrawn)                                                     as withdrawn_at,
    moment(viewed)                                                        as viewed_at,
    shown_rank,
    moment(interviewed)                                                   as interviewed_at
from (
    select
        p.job, p.account, p.submitted, p.withdrawn, p.viewed, p.shown_rank,
        case when c.place > 1 or draw(pair(p.job, p.account), 57) < 0.9 then c.interviewed end as interviewed
    from proposals as p
    left join chosen as c using (job, account)
    where p.submitted <= getvariable('span')
    order by p.submitted, p.job, p.account
);

create view out_contracts as
select
    format('contract-{:08d}', contract)                                   as contract_id,
    case when not off_the_board then format('job-{:09d}', job) end        as job_id,
    format('freelancer-{:07d}', account)                                  as account_id,
    format('client-{:07d}', client)                                       as client_id,
    moment(started)                                                       as started_at,
    moment(started + lasts)                                               as ended_at,
    value_usd,
    case when started + lasts <= getvariable('span') then outcome end     as outcome
from hired
order by contract;

create view out_payments as
select
    format('payment-{:08d}-{}', contract, nth)                            as payment_id,
    format('contract-{:08d}', contract)                                   as contract_id,
    moment(paid_at)                                                       as paid_at,
    amount_usd,
    case when draw(contract, 65) < 0.4 then round(amount_usd / (8 + 40 * draw(contract, 66)), 1) end as hours
from paid
order by contract, nth;

create view out_feedback as
select
    format('contract-{:08d}', contract)                                   as contract_id,
    side                                                                  as by,
    moment(started + lasts + 86400)                                       as given_at,
    case outcome when 'success' then 5.0 when 'neutral' then 4.0 else 2.0 end - 0.5 * (draw(contract, 67) < 0.2)::int as stars,
    side = 'client' and draw(contract, 68) < 0.3                          as private
from hired
cross join (select unnest(['client', 'freelancer']) as side)
where started + lasts + 86400 <= getvariable('span') and draw(contract * 2 + (side = 'client')::int, 69) < 0.6
order by contract, side;

create view out_breaks as
select
    account_id,
    moment(begins)                                                        as "from",
    moment(begins + lasts)                                                as "until",
    case when draw(account, 74) < 0.5 then 'break' when draw(account, 74) < 0.7 then 'illness' when draw(account, 74) < 0.9 then 'care' else 'declared' end as kind
from (
    select *, floor(draw(account, 75) * getvariable('span'))::bigint as begins, floor(86400 * (7 + 60 * draw(account, 76)))::bigint as lasts
    from members
    where draw(account, 77) < 0.02
)
where begins > registered
order by account_id;

create view out_truth as
select
    account_id,
    round(theta / (select avg(m.theta) from proposals join members as m using (account)), 4) as odds_ratio
from members
order by account_id;
