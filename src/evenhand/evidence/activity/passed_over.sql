-- Why each proposal of some accounts does not count towards being hired; a null `why` is one that does.
select account_id, job_id, submitted_at, why
from (
  select a.account_id, j.job_id, p.submitted_at,
    case
      when c.job is not null then null
      when p.first_at < greatest(coalesce(e.evidence_from, :evidence_from), :evidence_from) then 'before_start'
      when j.closed_at is null or j.closed_at > :as_of then 'job_open'
      when j.outcome in ('removed', 'cancelled') then 'job_removed'
      when v.job is not null then 'job_unreadable'
      when x.job is not null then 'job_excluded'
      when s.job is null then 'not_settled'
      when d.job is null then 'nobody_hired'
      when h.job is null and p.submitted_at >= d.first_at then 'after_first_hire'
      when h.job is null and :impressions and p.shown_rank is null then 'not_shown'
      when h.job is null and p.withdrawn_at < d.first_at then 'withdrawn'
      when h.job is null and :views and coalesce(p.viewed_at >= d.first_at, true) then 'not_viewed'
      when t.job is null then 'all_hired'
      when u.early and t.early_hires = 0 then 'late_hires_only'
      when u.early and t.early_hires * u.early_own > :largest_odds * (t.early_weight - u.early_weight)
        or not u.early and t.hires * u.own > :largest_odds * (t.weight - u.weight) then 'share_too_large'
      else 'same_client'
    end as why
  from (
    select *, min(submitted_at) over (partition by account, job) as first_at
    from seen_proposals where account in :accounts
  ) as p
  join market.accounts as a on a.account = p.account
  join market.jobs as j on j.job = p.job
  left join episodes as e on e.account = p.account
  left join (select account, job from counted where account in :accounts and not shortlist) as c
    on c.account = p.account and c.job = p.job
  left join voided_jobs as v on v.job = p.job
  left join excluded_jobs as x on x.job = p.job
  left join settled as s on s.job = p.job
  left join deciding as d on d.job = p.job and not d.shortlist
  left join chosen as h on h.job = p.job and h.unit = p.unit and not h.shortlist
  left join contests as t on t.job = p.job and not t.shortlist
  left join (
    select job, unit, bool_or(early) as early, sum(weight)::bigint as weight,
      (sum(weight) filter (early))::bigint as early_weight, sum(:own)::bigint as own,
      (sum(:own) filter (early))::bigint as early_own
    from field
    where not shortlist and job in (select job from field where account in :accounts) group by job, unit
  ) as u on u.job = p.job and u.unit = p.unit
) as own
where why is not null
order by account_id, submitted_at, job_id, why
