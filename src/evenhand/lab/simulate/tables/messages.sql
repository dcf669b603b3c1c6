-- Whoever is shortlisted is written to. Where a win is diverted, an address or a number goes over before the job ends without a hire;
-- a few others name one as well and are hired here all the same, and many messages hold harmless numbers.
-- A client comes back to whomever it favours when it is about to choose; many others hear nothing after their answer.
with threads as (
    select
        *,
        case
            when diverted then 'leaves'
            when draw(pair, 100) < getvariable('contacts_others') then 'shares'
            else 'plain'
        end as course,
        one_of(['whatsapp +44 7700 9{n}', 'telegram @work_{n}', 'name{n} at mailbox dot example', 'studio.{n}@mail.example', 'call me: 00 44 7700 9{n}',
                'skype live:.cid.{n}', 'my number is seven seven zero zero {n}', 'find me as work {n} on the green app'], draw(pair, 101)) as contact
    from entries
    where interviewed is not null
), lines as (
    select
        *,
        unnest([
            struct_pack(nth := 1, by_client := true, said := one_of(['Hello, your proposal looks good. When could you start?',
                'Hi! Have you done something like this before?', 'Thank you for the proposal. What would you need from us?',
                'Good day, could you do it for {n} in all?', 'Can you show an example of earlier work?'], draw(pair, 102))),
            struct_pack(nth := 2, by_client := false, said := case when course = 'plain' then one_of(['I could start on Monday and need about a week.',
                'Yes, twice this year; case {n} in my portfolio is close to it.', 'The files and a short call here would be enough.',
                'I have read the brief. Two rounds of changes are included.', 'Happy to. The order number of the last one was {n}.'], draw(pair, 103))
                else one_of(['Easier to talk elsewhere: ', 'I answer faster here: ', 'Please write to me, ', 'For the files: '], draw(pair, 104)) || contact end),
            struct_pack(nth := 3, by_client := true, said := case when course = 'leaves' then one_of(['Got it, I have written to you there.',
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
