-- Two trees: divisions (GB/T 2260 and the statistical code, dated) and units (who works and answers); schools, staff and
-- dated posts. In every table `from_day` is the first day in force and `until_day` the first day no longer in force.

-- 1. Divisions ------------------------------------------------------------------------------------------------------

create table division (
  division_id int generated always as identity primary key,
  parent_id   int references division (division_id),
  level       text not null check (level in ('city', 'district', 'township', 'village')),
  -- Null: not published yet.
  code        text constraint division_code_shape check (code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
  -- The last published code of a township that changed district, until its new one is known.
  former_code text constraint division_former_code_shape check (former_code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
  name        text not null,
  from_day    date not null,
  until_day   date,
  constraint division_days check (until_day > from_day),
  constraint division_root check ((level = 'city') = (parent_id is null)),
  constraint division_code_once exclude using gist (code with =, daterange(from_day, until_day) with &&),
  constraint division_name_once exclude using gist (parent_id with =, name with =, daterange(from_day, until_day) with &&)
);
create index division_former_code on division (former_code) where former_code is not null;

-- Who follows an abolished division. Where one district is split, the rows of its townships are the rule of the split.
create table division_successor (
  division_id  int not null references division (division_id),
  successor_id int not null references division (division_id),
  primary key (division_id, successor_id),
  constraint division_successor_other check (division_id <> successor_id)
);
create index division_successor_back on division_successor (successor_id);

-- 2. Units ----------------------------------------------------------------------------------------------------------

create table unit (
  unit_id     int generated always as identity primary key,
  parent_id   int,
  -- Copied from the parent by the trigger, so that "what may stand under what" is one check.
  parent_kind text,
  kind        text not null check (kind in ('city', 'district', 'zone', 'centre', 'township', 'village', 'school')),
  code        text not null,
  name        text not null,
  from_day    date not null,
  until_day   date,
  -- From the city down to the unit itself; `units` columns hold copies of it.
  path        int[] not null,
  constraint unit_kind_of unique (unit_id, kind),
  constraint unit_parent foreign key (parent_id, parent_kind) references unit (unit_id, kind),
  constraint unit_days check (until_day > from_day),
  constraint unit_stands_under check (
    case kind
      when 'city' then parent_id is null
      when 'district' then parent_kind = 'city'
      when 'zone' then parent_kind = 'city'
      when 'centre' then parent_kind in ('district', 'zone')
      when 'township' then parent_kind in ('district', 'zone')
      when 'village' then parent_kind = 'township'
      when 'school' then parent_kind in ('city', 'district', 'zone', 'centre')
    end is true),
  constraint unit_code_once exclude using gist (code with =, daterange(from_day, until_day) with &&)
);
create index unit_children on unit (parent_id, kind, code);
create index unit_path on unit using gin (path);

create function unit_before_write() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.parent_kind := null;
    new.path := array[new.unit_id];
    if new.parent_id is not null then
      select parent.kind, parent.path || new.unit_id into new.parent_kind, new.path
        from unit parent where parent.unit_id = new.parent_id;
    end if;
    return new;
  end if;
  -- A unit that moves is a new unit with a successor: ties, runs and figures of before keep the old one.
  if (new.unit_id, new.parent_id, new.kind, new.code, new.from_day, new.path)
     is distinct from (old.unit_id, old.parent_id, old.kind, old.code, old.from_day, old.path) then
    raise exception 'only name and last day of a unit may change' using errcode = 'check_violation', constraint = 'unit_moves_never';
  end if;
  return new;
end $$;
create trigger unit_before_write before insert or update on unit for each row execute function unit_before_write();

create table unit_successor (
  unit_id      int not null references unit (unit_id),
  successor_id int not null references unit (unit_id),
  primary key (unit_id, successor_id),
  constraint unit_successor_other check (unit_id <> successor_id)
);
create index unit_successor_back on unit_successor (successor_id);

-- What a unit answers for. A zone covers townships of other districts; the nearer cover wins over the district's own.
create table unit_division (
  unit_id     int not null,
  unit_kind   text not null,
  division_id int not null references division (division_id),
  from_day    date not null,
  until_day   date,
  note        text,
  primary key (unit_id, division_id, from_day),
  foreign key (unit_id, unit_kind) references unit (unit_id, kind),
  constraint unit_division_days check (until_day > from_day),
  -- Districts and zones divide the ground among themselves, so they count as one kind here.
  constraint unit_division_one_answers exclude using gist (
    division_id with =, (case unit_kind when 'zone' then 'district' else unit_kind end) with =,
    daterange(from_day, until_day) with &&)
);

create table school (
  unit_id          int primary key,
  unit_kind        text not null default 'school' check (unit_kind = 'school'),
  -- 学校标识码; a school that changes district is a new unit and keeps its code.
  school_code      text constraint school_code_shape check (school_code ~ '^[0-9]{10}$'),
  school_type      text not null check (school_type ~ '^[0-9]{3}$'),
  settlement_class text check (settlement_class ~ '^[0-9]{3}$'),
  founder          text,
  is_boarding      boolean not null,
  foreign key (unit_id, unit_kind) references unit (unit_id, kind)
);
create index school_by_code on school (school_code) where school_code is not null;

-- 3. Roles, staff, posts ----------------------------------------------------------------------------------------------

create table role (
  role_id     text primary key,
  label       text not null,
  note        text not null,
  unit_kinds  text[] not null,
  permissions text[] not null,
  may_assign  text[] not null,
  -- 三员分立; 'none' for everybody else.
  duty        text not null check (duty in ('none', 'system', 'security', 'audit')),
  position    int not null,
  constraint role_duty_of unique (role_id, duty)
);

create table staff (
  staff_id   bigint generated always as identity primary key,
  name       text not null,
  -- Null: holds a post and answers for children, but does not sign in.
  account_id bigint unique references account (account_id),
  units      int[] not null
);
create index staff_units on staff using gin (units);

create table post (
  post_id   int generated always as identity primary key,
  staff_id  bigint not null references staff (staff_id),
  unit_id   int not null references unit (unit_id),
  role_id   text not null,
  duty      text not null,
  from_day  date not null,
  until_day date,
  units     int[] not null,
  foreign key (role_id, duty) references role (role_id, duty) on update cascade,
  constraint post_days check (until_day >= from_day),
  constraint post_once exclude using gist (
    staff_id with =, unit_id with =, role_id with =, daterange(from_day, until_day) with &&),
  constraint post_duties_apart exclude using gist (
    staff_id with =, duty with <>, daterange(from_day, until_day) with &&) where (duty <> 'none')
);
create index post_of_staff on post (staff_id);
create index post_at_unit on post (unit_id);
create index post_units on post using gin (units);

-- 4. Who may see and write ----------------------------------------------------------------------------------------------

-- Reference data: whoever has a scope reads all of it. Written within the own branch of the tree.
do $$
declare listed text;
begin
  foreach listed in array array['division', 'division_successor', 'role'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update on %I to baoxue_system', listed);
    execute format($p$create policy seen_in_scope on %I for select to baoxue_unit, baoxue_city
      using ((select nullif(current_setting('app.unit', true), '')) is not null)$p$, listed);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
  foreach listed in array array['unit', 'unit_successor', 'unit_division', 'school'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select, insert on %I to baoxue_unit, baoxue_city, baoxue_system', listed);
    execute format($p$create policy seen_in_scope on %I for select to baoxue_unit, baoxue_city
      using ((select nullif(current_setting('app.unit', true), '')) is not null)$p$, listed);
    execute format($p$create policy added_by_city on %I for insert to baoxue_city
      with check ((select nullif(current_setting('app.unit', true), '')) is not null)$p$, listed);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
end $$;

grant update (name, until_day) on unit to baoxue_unit, baoxue_city, baoxue_system;
grant update (until_day) on unit_division to baoxue_unit, baoxue_city, baoxue_system;
grant update (school_code, school_type, settlement_class, founder, is_boarding) on school to baoxue_system;

create policy added_below_unit on unit for insert to baoxue_unit
  with check (path @> array[(select nullif(current_setting('app.unit', true), '')::int)]
    and unit_id <> (select nullif(current_setting('app.unit', true), '')::int));
create policy changed_below_unit on unit for update to baoxue_unit
  using (path @> array[(select nullif(current_setting('app.unit', true), '')::int)]
    and unit_id <> (select nullif(current_setting('app.unit', true), '')::int));
create policy changed_by_city on unit for update to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null);

create policy added_below_unit on school for insert to baoxue_unit
  with check (exists (select 1 from unit where unit.unit_id = school.unit_id
    and unit.path @> array[(select nullif(current_setting('app.unit', true), '')::int)]));
create policy changed_by_city on unit_division for update to baoxue_city
  using ((select nullif(current_setting('app.unit', true), '')) is not null);
create policy changed_below_unit on unit_division for update to baoxue_unit
  using (exists (select 1 from unit where unit.unit_id = unit_division.unit_id
    and unit.path @> array[(select nullif(current_setting('app.unit', true), '')::int)]
    and unit.unit_id <> (select nullif(current_setting('app.unit', true), '')::int)));

-- [REG-16] Persons: seen by the units of a live post and by all above them, and by the city.
do $$
declare listed text;
begin
  foreach listed in array array['staff', 'post'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select, insert on %I to baoxue_unit, baoxue_city, baoxue_system', listed);
    execute format($p$create policy seen_by_unit on %I for select to baoxue_unit
      using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)])$p$, listed);
    execute format($p$create policy changed_by_unit on %I for update to baoxue_unit
      using (units @> array[(select nullif(current_setting('app.unit', true), '')::int)])$p$, listed);
    execute format($p$create policy seen_by_city on %I for select to baoxue_city
      using ((select nullif(current_setting('app.unit', true), '')) is not null)$p$, listed);
    execute format($p$create policy changed_by_city on %I for update to baoxue_city
      using ((select nullif(current_setting('app.unit', true), '')) is not null)$p$, listed);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
end $$;

grant update (name) on staff to baoxue_unit, baoxue_city;
grant update (name, account_id, units) on staff to baoxue_system;
grant update (until_day) on post to baoxue_unit, baoxue_city, baoxue_system;

create policy added_by_unit on staff for insert to baoxue_unit
  with check (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]
    and exists (select 1 from unit where unit.path = staff.units)
    and (account_id is null or exists (select 1 from account where account.account_id = staff.account_id)));
create policy added_by_city on staff for insert to baoxue_city
  with check ((select nullif(current_setting('app.unit', true), '')) is not null
    and exists (select 1 from unit where unit.path = staff.units));

-- Foreign keys ignore row security: without the two `exists` a unit could hand posts to persons it cannot see,
-- or file a post at its own unit under a path that hides it from those above.
create policy added_by_unit on post for insert to baoxue_unit
  with check (units @> array[(select nullif(current_setting('app.unit', true), '')::int)]
    and exists (select 1 from unit where unit.unit_id = post.unit_id and unit.path = post.units)
    and exists (select 1 from staff where staff.staff_id = post.staff_id));
create policy added_by_city on post for insert to baoxue_city
  with check ((select nullif(current_setting('app.unit', true), '')) is not null
    and exists (select 1 from unit where unit.unit_id = post.unit_id and unit.path = post.units)
    and exists (select 1 from staff where staff.staff_id = post.staff_id));

-- The one place where `units` of staff and accounts is made: the paths of all posts that have not ended, or, when none is
-- left, of those that ended last. Runs as the system, because a unit does not see a person's posts elsewhere.
create function retie_staff(those bigint[], on_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with live as (
    select staff_id, units from (
      select p.staff_id, p.units, coalesce(p.until_day, 'infinity'::date) as last_day,
        max(coalesce(p.until_day, 'infinity'::date)) over (partition by p.staff_id) as latest
      from public.post p where p.staff_id = any (those)) dated
    where last_day > on_day or last_day = latest
  ), tied as (
    select staff_id, array_agg(distinct ancestor order by ancestor) as units
    from live, unnest(live.units) as ancestor group by staff_id
  ), retied as (
    update public.staff s set units = tied.units from tied
    where s.staff_id = tied.staff_id and s.units is distinct from tied.units
    returning 1
  )
  update public.account a set units = tied.units from tied join public.staff s using (staff_id)
  where a.account_id = s.account_id and a.units is distinct from tied.units;
end $$;
call own_by_system('retie_staff(bigint[], date)');
grant execute on function retie_staff(bigint[], date) to baoxue_unit, baoxue_city, baoxue_system;

-- Identity columns are drawn ahead by the bulk loader.
grant usage on sequence staff_staff_id_seq to baoxue_system;

-- 5. For the other slices -----------------------------------------------------------------------------------------------

create view published.unit with (security_invoker = true) as
  select unit_id, parent_id, kind, code, name, from_day, until_day, path from unit;
-- Who an account is, as far as the asking scope may see the person.
create view published.account_person with (security_invoker = true) as
  select account_id, name as person from staff where account_id is not null;
grant select on published.unit, published.account_person to baoxue_unit, baoxue_city, baoxue_system;
