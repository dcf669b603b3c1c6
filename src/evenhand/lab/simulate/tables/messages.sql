-- Whoever is shortlisted is written to. Where a win is diverted, an address or a number goes over before the job ends without a hire,
-- named by the member, by the client, or where no message shows it. Many who divert nothing name one as well: some once in a
-- while, some by habit, some because they are asked; others are offered one and decline. All these are hired like anybody.
-- A client comes back to whomever it favours when it is about to choose; many others hear nothing after their answer.
with threads as (
    select
        *,
        case
            when diverted and draw(pair, 108) < getvariable('contacts_unseen') then 'unseen'
            when diverted and draw(pair, 108) < getvariable('contacts_unseen') + getvariable('contacts_by_client') then 'follows'
            when diverted then 'shares'
            when draw(pair, 100) < case when draw(account, 109) < getvariable('contacts_habitual') then getvariable('contacts_habit')
                else getvariable('contacts_others') end then 'shares'
            when draw(pair, 110) >= getvariable('contacts_clients') then 'plain'
            when draw(pair, 111) < getvariable('contacts_declined') then 'declines'
            when draw(pair, 111) < (1 + getvariable('contacts_declined')) / 2 then 'gives'
            else 'passes'
        end as course,
        course = 'follows' or course in ('declines', 'passes') and draw(pair, 112) < 0.5 as client_names,
        course = 'gives' or course in ('declines', 'passes') and not client_names as client_asks,
        one_of(['whatsapp +44 7700 9{n}', 'telegram @work_{n}', 'name{n} at mailbox dot example', 'studio.{n}@mail.example', 'call me: 00 44 7700 9{n}',
                'skype live:.cid.{n}', 'my number is seven seven zero zero {n}', 'find me as work {n} on the green app'], draw(pair, 101)) as contact,
        one_of(['I could start on Monday and need about a week.',
                'Yes, twice this year; case {n} in my portfolio is close to it.', 'The files and a short call here would be enough.',
                'I have read the brief. Two rounds of changes are included.', 'Happy to. The order number of the last one was {n}.'], draw(pair, 103)) as answer
    from entries
    where interviewed is not null
), lines as (
    select
        *,
        unnest([
            struct_pack(nth := 1, by_client := true, said := one_of(['Hello, your proposal looks good. When could you start?',
                'Hi! Have you done something like this before?', 'Thank you for the proposal. What would you need from us?',
                'Good day, could you do it for {n} in all?', 'Can you show an example of earlier work?'], draw(pair, 102))
                || case when client_names then one_of([' It is easier elsewhere: ', ' You reach me here: '], draw(pair, 113)) || contact
                    when client_asks then one_of([' What is your whatsapp?', ' Can you send me your email?'], draw(pair, 113)) else '' end),
            struct_pack(nth := 2, by_client := false, said := case
                when course in ('shares', 'gives') then one_of(['Easier to talk elsewhere: ', 'I answer faster here: ', 'Please write to me, ', 'For the files: '], draw(pair, 104)) || contact
                when course = 'declines' then one_of(['I would rather stay here. ', 'I''d prefer to keep everything on the platform. '], draw(pair, 104)) || answer
                else answer end),
            struct_pack(nth := 3, by_client := true, said := case when diverted then one_of(['Got it, I have written to you there.',
                'Ok, saves us the fee. Talk soon.', 'Added you. I will close the job here.', 'Thanks, see you there.'], draw(pair, 105))
                when course = 'plain' and not favoured and draw(pair, 106) < 0.4 then null
                else one_of(['Thank you, I will let you know.', 'Understood. I am comparing a few offers.', 'Great, that is all I wanted to know.'], draw(pair, 105)) end)
        ]) as line
    from threads
)
select
    'message-' || pair::varchar || '-' || line.nth::varchar               as message_id,
    case when line.by_client then client_id(client) else member_id(account) end as sender_id,
    case when line.by_client then member_id(account) else client_id(client) end as recipient_id,
    moment(sent)                                                          as sent_at,
    replace(line.said, '{n}', (1000 + floor(90000 * draw(pair, 107)))::bigint::varchar) as text,
    job_id(job)                                                           as job_id,
    'thread-' || pair::varchar                                            as thread_id
from (select *, until(interviewed, chosen, if(favoured, 0.31, 0.25) * line.nth) as sent from lines)
where line.said is not null and sent <= getvariable('span')
order by pair, line.nth
