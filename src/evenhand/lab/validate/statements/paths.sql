-- What every method looks at, day by day: `members` with their truth and groups, `evidence_path` with what the product
-- counted, `naive_path` with what a platform sees. A row per account and day on which something became known.

-- P(X <= hires), X binomial. Of independent trials with different chances and the same mean it is an upper bound
-- wherever hires <= mean - 1 (Hoeffding 1956), so a p-value; further up it is of no use to anybody.
create macro binomial_tail(hires, trials, chance) as
    case
        when hires >= trials * chance then 1.0
        else list_sum(list_transform(
            range(hires + 1),
            lambda k: exp(lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + k * ln(chance) + (trials - k) * ln(1 - chance))
        ))
    end;

create table members as
with categories as (
    select *, row_number() over (order by (1 - category_ghosting) / category_applicants, category_ghosting) as nth, count(*) over () as many
    from (select distinct category_ghosting, category_applicants from truth where theta is not null)
)
select
    row_number() over (order by account_id)::integer as account,
    account_id,
    t.conduct,
    t.theta,
    t.theta_after,
    t.changed_at,
    c.nth <= ceil(c.many / 4)                        as hard,
    t.newcomer,
    t.small_country,
    t.kind = 'low_volume_high_value'                 as low_volume,
    t.demoted or t.discriminated                     as harmed,
    t.theta < 0.2                                    as core,
    coalesce(e.fair_wins, 0)                         as fair_wins,
    t.fair_wins                                      as true_fair_wins,
    coalesce(e.reaches, 'none')                      as reaches
from truth as t
join categories as c using (category_ghosting, category_applicants)
left join evidence as e using (account_id)
where t.theta is not null;

create table units as
select m.account, c.outcome = 'shortlist' as shortlist, c.settled_at, c.settled_at::date as day, c.job_id, c.chosen as won, c.odds, c.log_e
from counted as c
join members as m using (account_id);

-- Outcomes of one day are looked at together, at its end. Chances are summed in whole 1e-12, so that no order matters.
create table evidence_path as
with daily as (
    select
        account,
        day,
        max_by(log_e, (settled_at, job_id)) filter (not shortlist)                          as hire,
        max_by(log_e, (settled_at, job_id)) filter (shortlist)                              as shortlist,
        count(*) filter (not shortlist)                                                     as decided,
        count(*) filter (not shortlist and won)                                             as wins,
        coalesce(sum(round(
            1e12 * getvariable('floor') * odds / (1 + getvariable('floor') * odds)
        )::bigint) filter (not shortlist), 0)::bigint                                       as expected
    from units
    group by account, day
), so_far as (
    select
        account,
        day,
        coalesce(last_value(hire ignore nulls) over past, 0)                                as log_e_hire,
        coalesce(last_value(shortlist ignore nulls) over past, 0)                           as log_e_shortlist,
        (sum(decided) over past)::bigint                                                    as decided,
        (sum(wins) over past)::bigint                                                       as wins,
        (sum(expected) over past)::bigint / 1e12                                            as expected
    from daily
    window past as (partition by account order by day)
)
select
    account,
    day,
    log_e_hire,
    case
        when getvariable('shortlists')
            then greatest(log_e_hire, log_e_shortlist) + ln(1 + exp(-abs(log_e_hire - log_e_shortlist))) - ln(2)
        else log_e_hire
    end                                                                                     as log_e,
    case when decided = 0 then 1.0 else binomial_tail(wins, decided, expected / decided) end as p
from so_far;

-- A platform without fair shares knows an outcome when the contract starts or the job closes, whoever was seen.
create table naive_path as
with hires as (
    select job_id, account_id, min(started_at) as started_at
    from contracts
    where job_id is not null
    group by all
), known as (
    select m.account, coalesce(h.started_at, j.closed_at)::date as day, h.started_at is not null as hired
    from proposals as p
    join members as m using (account_id)
    join jobs as j using (job_id)
    left join hires as h using (job_id, account_id)
), daily as (
    select account, day, count(*) as proposals, count_if(hired) as hires
    from known
    where day is not null
    group by all
), site as (
    select day, sum(sum(hires)) over (order by day) / sum(sum(proposals)) over (order by day) as rate
    from daily
    group by day
), so_far as (
    select d.account, d.day, (sum(d.proposals) over past)::bigint as proposals, (sum(d.hires) over past)::bigint as hires, s.rate
    from daily as d
    join site as s using (day)
    window past as (partition by account order by day)
)
select *, binomial_tail(hires, proposals, getvariable('floor') * rate) as p
from so_far;

-- Who was acted on by which method, and at the end of which day; filled by the methods.
create table acted (method varchar, account integer, day date, began date);
