-- What a hand-written statement may not do. A REPLACE deletes without asking the triggers on deletion, so that what is
-- never changed also refuses to be inserted twice.

create trigger entries_are_never_changed before update on entries
begin
    select raise(abort, 'entries are never changed');
end

create trigger entries_are_never_deleted before delete on entries
begin
    select raise(abort, 'entries are never deleted');
end

create trigger checkpoints_are_never_changed before update on checkpoints
begin
    select raise(abort, 'checkpoints are never changed');
end

create trigger checkpoints_are_never_deleted before delete on checkpoints
begin
    select raise(abort, 'checkpoints are never deleted');
end

create trigger checkpoints_are_never_replaced before insert on checkpoints
when exists (select 1 from checkpoints where number = new.number)
begin
    select raise(abort, 'checkpoints are never replaced');
end

create trigger policies_are_never_changed before update on policies
begin
    select raise(abort, 'policies are never changed');
end

create trigger policies_are_never_deleted before delete on policies
begin
    select raise(abort, 'policies are never deleted');
end

create trigger policies_are_never_replaced before insert on policies
when exists (
    select 1 from policies
    where hash = new.hash or number = new.number or (name = new.name and version = new.version)
)
begin
    select raise(abort, 'policies are never replaced');
end

create trigger cases_stay_what_they_are before update on cases
when new.case_id <> old.case_id or new.account_id <> old.account_id
    or new.procedure <> old.procedure or new.opened_at <> old.opened_at
begin
    select raise(abort, 'a case keeps its account, its procedure and its beginning');
end

create trigger entries_keep_the_rules before insert on entries
begin
    select raise(abort, 'outdated: the number is taken')
    where exists (select 1 from entries where case_id = new.case_id and number >= new.number)
        or exists (select 1 from entries where sequence = new.sequence);
    select raise(abort, 'entries are numbered from 1 without a gap')
    where new.number <> 1 + coalesce((select max(number) from entries where case_id = new.case_id), 0);
    select raise(abort, 'the author is nobody on record, or disabled')
    where substr(new.author, 1, 7) = 'person:'
        and not exists (select 1 from people where name = substr(new.author, 8) and disabled_at is null);
    select raise(abort, 'no measure is imposed that no person confirmed')
    where new.kind = 'imposed' and not exists (
        select 1 from entries
        where case_id = new.case_id and kind = 'confirmed' and substr(author, 1, 7) = 'person:'
            and json_extract(body, '$.of') = json_extract(new.body, '$.of')
    );
    select raise(abort, 'an appeal is not decided by a person who took part before it was filed')
    where new.kind in ('upheld', 'partly', 'reversed') and substr(new.author, 1, 7) = 'person:' and exists (
        select 1 from entries
        where case_id = new.case_id and author = new.author and kind <> 'spoke'
            and number < (select max(number) from entries where case_id = new.case_id and kind = 'appealed')
    );
end
