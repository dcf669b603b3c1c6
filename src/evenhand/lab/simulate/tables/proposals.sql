select
    'proposal-' || pair::varchar                                          as proposal_id,
    job_id(job)                                                           as job_id,
    member_id(account)                                                    as account_id,
    moment(submitted)                                                     as submitted_at,
    bid                                                                   as bid_usd,
    moment(withdrawn)                                                     as withdrawn_at,
    moment(viewed)                                                        as viewed_at,
    shown_rank::integer                                                   as shown_rank,
    moment(interviewed)                                                   as interviewed_at,
    case when invited then 0 else 2 + least(14, floor(ln(1 + bid) / 1.2)) end::integer as credits,
    invited
from entries
order by job, account
