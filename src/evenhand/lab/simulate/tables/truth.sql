-- For judges only. `fair_wins` is what a typical member in the same places would have won, `due_wins` what this one had to expect,
-- `wins` what it won there: where a choice was made among several whom the client had read.
with members_truth as (
    select
        member_id(m.account)                                              as account_id,
        m.kind,
        m.conduct,
        m.merit * (1 - m.diverted)                                        as theta,
        m.merit_after * (1 - m.diverted)                                  as theta_after,
        case when m.changed_at <= getvariable('span') then moment(m.changed_at) end as changed_at,
        m.merit,
        m.diverted                                                        as diverted_share,
        case when m.linked_to is not null then member_id(m.linked_to) end as linked_to,
        m.small                                                           as small_country,
        m.discriminated,
        m.demoted,
        c.ghosting                                                        as category_ghosting,
        c.applicants                                                      as category_applicants,
        m.registered >= 0                                                 as newcomer,
        s.sent                                                            as proposals,
        s.read                                                            as proposals_viewed,
        s.hired                                                           as hires,
        s.won                                                             as wins,
        s.fair_micro / 1e6                                                as fair_wins,
        s.due_micro / 1e6                                                 as due_wins
    from members as m
    join standing as s using (account)
    join categories as c using (category)
    where m.registered <= getvariable('span')
)
select * from members_truth
union all by name
select
    client_id(client)                                                     as account_id,
    case when c.vanishing then 'vanishing_client' else 'client' end       as kind
from clients_seen
join clients as c using (client)
order by account_id
