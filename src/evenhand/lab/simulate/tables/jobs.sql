select
    job_id(job)                                                           as job_id,
    client_id(client)                                                     as client_id,
    moment(posted)                                                        as posted_at,
    moment(closed)                                                        as closed_at,
    case when closed <= getvariable('span') then outcome end              as outcome,
    c.name                                                                as category,
    budget                                                                as budget_usd,
    experience
from jobs
join categories as c using (category)
order by job
