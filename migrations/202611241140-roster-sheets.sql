-- Sheets of the other offices: who truly sits in class (在校花名册), poor households (脱贫户, 防返贫), relief (民政), the disabled
-- (残联), and aid (资助). They are batches like the register and the roll; they name children and place none of them on a base.

alter table source_batch drop constraint source_batch_kind_check;
alter table source_batch add constraint source_batch_kind_check
  check (kind in ('population', 'floating', 'roll', 'attendance', 'poverty', 'relief', 'disability', 'aid'));
alter table import_sheet drop constraint import_sheet_kind_check;
alter table import_sheet add constraint import_sheet_kind_check
  check (kind in ('population', 'floating', 'roll', 'attendance', 'poverty', 'relief', 'disability', 'aid'));
alter table column_memory drop constraint column_memory_kind_check;
alter table column_memory add constraint column_memory_kind_check
  check (kind in ('population', 'floating', 'roll', 'attendance', 'poverty', 'relief', 'disability', 'aid'));

-- Lists of households name adults too: counted, and left where they are.
alter table source_batch add column aside_count int not null default 0;
alter table source_batch drop constraint source_batch_counts;
alter table source_batch add constraint source_batch_counts
  check (stored_count + refused_count + aside_count = row_count and repair_count <= stored_count);

-- `listed`: a list of an office names the child there.
alter table tie drop constraint tie_kind_check;
alter table tie add constraint tie_kind_check
  check (kind in ('registered', 'living', 'roll', 'school', 'answers', 'listed'));

-- What a list of a class says of a child on its day.
create table class_presence (
  record_id   bigint primary key,
  child_id    bigint not null,
  school_id   int not null,
  class_id    int,
  grade       smallint check (grade between 0 and 12),
  -- In class; away with leave; not in class; gone elsewhere; a word that nobody understood; a word for out of school.
  mark        text not null check (mark in ('present', 'leave', 'absent', 'gone', 'unclear', 'lost')),
  -- School days in a row without leave; null not told.
  absent_days smallint check (absent_days >= 0)
);
create index class_presence_child on class_presence (child_id);
create trigger refers_insert after insert on class_presence referencing new table as written for each statement
  execute function check_references('record_id', 'source_record', 'record_id', 'child_id', 'child', 'child_id', 'school_id', 'school', 'unit_id', 'class_id', 'school_class', 'class_id');
create trigger refers_update after update on class_presence referencing new table as written for each statement
  execute function check_references('child_id', 'child', 'child_id');

alter table class_presence enable row level security;
alter table class_presence force row level security;
grant select on class_presence to baoxue_unit, baoxue_city;
grant select, insert, update on class_presence to baoxue_system;
create policy seen_by_unit on class_presence for select to baoxue_unit
  using (exists (select 1 from child c where c.child_id = class_presence.child_id));
create policy seen_by_city on class_presence for select to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')::int) is not null);
create policy all_to_system on class_presence to baoxue_system using (true) with check (true);

-- The functions belong to the system; who owns them replaces them, and their grants stay.
grant create on schema public to baoxue_system;
set local role baoxue_system;

-- A list that names a child gives sight of it; a duty only where nothing else places the child.
create or replace function retie_children(those bigint[], on_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with held as (
    select t.child_id, u.path, t.kind, t.valid @> on_day as is_live,
      bool_or(t.valid @> on_day) over (partition by t.child_id) as has_live,
      bool_or(t.valid @> on_day and t.kind = 'living') over (partition by t.child_id) as has_home,
      bool_or(t.valid @> on_day and t.kind <> 'listed') over (partition by t.child_id) as has_place,
      rank() over (partition by t.child_id order by lower(t.valid) desc) as age
    from public.tie t join public.unit u on u.unit_id = t.unit_id where t.child_id = any (those)
  ), live as (
    select h.child_id, a.unit, not (h.kind = 'registered' and h.has_home) and not (h.kind = 'listed' and h.has_place) as has_duty
    from held h cross join lateral unnest(h.path) as a (unit)
    where h.is_live or (not h.has_live and h.age = 1)
  ), seen as materialized (
    select c.child_id, coalesce(array_agg(distinct l.unit order by l.unit) filter (where l.unit is not null), '{}') as units,
      coalesce(array_agg(distinct l.unit order by l.unit) filter (where l.has_duty), '{}') as duty
    from unnest(those) as c (child_id) left join live l on l.child_id = c.child_id group by c.child_id
  ), told as materialized (
    select r.record_id, seen.units, seen.duty
    from seen cross join lateral (
      select o.record_id from public.source_record o where o.child_id = seen.child_id and o.same_as is null offset 0) r
  ), entered as materialized (
    select e.record_id, seen.units
    from seen cross join lateral (
      select o.record_id, o.units from public.roll_entry o where o.child_id = seen.child_id offset 0) e
    where e.units is distinct from seen.units
  ), tagged as materialized (
    select g.tag_id, seen.duty
    from seen cross join lateral (
      select o.tag_id, o.units from public.person_tag o where o.child_id = seen.child_id offset 0) g
    where g.units is distinct from seen.duty
  ), children as (
    update public.child c set units = seen.units from seen
    where c.child_id = seen.child_id and c.units is distinct from seen.units
  ), identities as (
    update public.person_identity i set units = told.units from told
    where i.record_id = told.record_id and i.units is distinct from told.units
  ), rolls as (
    update public.roll_entry e set units = entered.units from entered where e.record_id = entered.record_id
  ), contacts as (
    update public.person_contact p set units = told.duty from told
    where p.record_id = told.record_id and p.units is distinct from told.duty
  )
  update public.person_tag g set units = tagged.duty from tagged where g.tag_id = tagged.tag_id;
end $$;

-- A list of an office says who a child is only where neither register nor roll does.
create or replace function refresh_shown(those bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with best as (
    select distinct on (r.child_id) r.child_id, coalesce(r.same_as, r.record_id) as record_id
    from public.source_record r join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
    where r.child_id = any (those)
    order by r.child_id, case b.kind when 'population' then 0 when 'floating' then 1 when 'roll' then 2 else 3 end,
      b.as_of_day desc, r.record_id desc
  ), reach as (
    select distinct on (r.child_id) r.child_id, coalesce(r.same_as, r.record_id) as record_id
    from public.source_record r join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
      join public.person_contact p on p.record_id = coalesce(r.same_as, r.record_id)
    where r.child_id = any (those)
    order by r.child_id, b.kind not in ('population', 'floating', 'roll'), b.as_of_day desc, r.record_id desc
  )
  update public.child c set identity_id = best.record_id, contact_id = reach.record_id
  from unnest(those) as t (child_id) left join best on best.child_id = t.child_id left join reach on reach.child_id = t.child_id
  where c.child_id = t.child_id
    and (c.identity_id, c.contact_id) is distinct from (best.record_id, reach.record_id)
$$;

-- Whom the newest list of a place does not name any more, the older list does not speak of any more either.
create or replace function current_records(child bigint) returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select record_id from (
    select distinct on (b.kind) b.kind, coalesce(r.same_as, r.record_id) as record_id, r.unit_id, b.as_of_day, b.batch_id
    from public.source_record r join public.source_batch b on b.batch_id = r.batch_id and b.undone_at is null
    where r.child_id = child order by b.kind, b.as_of_day desc, r.record_id desc) told
  where kind not in ('poverty', 'relief', 'disability') or not exists (
    select from public.unit u join public.batch_cover c on c.unit_id = any (u.path)
      join public.source_batch nb on nb.batch_id = c.batch_id and nb.kind = told.kind and nb.undone_at is null
    where u.unit_id = told.unit_id and (nb.as_of_day, nb.batch_id) > (told.as_of_day, told.batch_id))
$$;

reset role;
set local role baoxue_owner;
revoke create on schema public from baoxue_system;
