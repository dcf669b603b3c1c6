-- What a hand-written statement may not do. The refusals stand at the statement, so that even one that meets no row fails.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception using
        message = tg_table_name || ' are never ' || case tg_op when 'UPDATE' then 'changed' else 'deleted' end,
        errcode = 'integrity_constraint_violation';
end
$$

create trigger entries_are_never_changed before update or delete or truncate on entries
for each statement execute function refuse_change()

create trigger checkpoints_are_never_changed before update or delete or truncate on checkpoints
for each statement execute function refuse_change()

create trigger policies_are_never_changed before update or delete or truncate on policies
for each statement execute function refuse_change()

create function keep_case() returns trigger language plpgsql as $$
begin
    raise exception using
        message = 'a case keeps its account, its procedure and its beginning',
        errcode = 'integrity_constraint_violation';
end
$$

create trigger cases_stay_what_they_are before update on cases for each row
when (new.case_id <> old.case_id or new.account_id <> old.account_id
    or new.procedure <> old.procedure or new.opened_at <> old.opened_at)
execute function keep_case()

create function keep_rules() returns trigger language plpgsql as $$
declare
    latest integer := coalesce((select max(number) from entries where case_id = new.case_id), 0);
    broken text;
begin
    if new.number <= latest then
        broken := 'outdated: the number is taken';
    elsif new.number <> latest + 1 then
        broken := 'entries are numbered from 1 without a gap';
    elsif new.author like 'person:%' and not exists (
        select 1 from people where name = substr(new.author, 8) and disabled_at is null
    ) then
        broken := 'the author is nobody on record, or disabled';
    elsif new.kind = 'imposed' and not exists (
        select 1 from entries
        where case_id = new.case_id and kind = 'confirmed' and author like 'person:%'
            and cast(body as json) ->> 'of' = cast(new.body as json) ->> 'of'
    ) then
        broken := 'no measure is imposed that no person confirmed';
    elsif new.kind in ('upheld', 'partly', 'reversed') and new.author like 'person:%' and exists (
        select 1 from entries
        where case_id = new.case_id and author = new.author and kind <> 'spoke'
            and number < (select max(number) from entries where case_id = new.case_id and kind = 'appealed')
    ) then
        broken := 'an appeal is not decided by a person who took part before it was filed';
    end if;
    if broken is not null then
        raise exception using message = broken, errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$

create trigger entries_keep_the_rules before insert on entries for each row execute function keep_rules()
