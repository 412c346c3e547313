-- Models of the linkage that were estimated anew from what people decided, by unit: what each got right of the pairs that
-- were held back, and which one runs are made with. A unit without one learns its model from the sheets of each run.

create table linkage_model (
  unit_id      int not null references unit (unit_id),
  version      int not null check (version > 0),
  -- id@version of the linkage it fits.
  definition   text not null,
  model        jsonb not null,
  sha256       text not null,
  -- The run whose model it began with.
  from_run     uuid not null references reconcile_run (run_id),
  labels       int not null check (labels > 0),
  held_pairs   int not null check (held_pairs between 0 and labels),
  right_before int not null check (right_before between 0 and held_pairs),
  right_after  int not null check (right_after between 0 and held_pairs),
  units        int[] not null,
  made_by      bigint not null references account (account_id),
  made_at      timestamptz not null,
  on_at        timestamptz,
  on_by        bigint references account (account_id),
  off_at       timestamptz,
  off_by       bigint references account (account_id),
  primary key (unit_id, version),
  constraint linkage_model_switched check ((on_at is null) = (on_by is null) and (off_at is null) = (off_by is null) and (off_at is null or on_at is not null))
);
create unique index linkage_model_one_on on linkage_model (unit_id) where on_at is not null and off_at is null;
create index linkage_model_units on linkage_model using gin (units);

do $$
declare
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  own text := format('unit_id = %s and units = (select path from unit where unit.unit_id = %s)', scope, scope);
begin
  alter table linkage_model enable row level security;
  alter table linkage_model force row level security;
  grant select, insert on linkage_model to baoxue_unit, baoxue_city, baoxue_system;
  grant update (on_at, on_by, off_at, off_by) on linkage_model to baoxue_unit, baoxue_city, baoxue_system;
  execute format('create policy seen_by_unit on linkage_model for select to baoxue_unit using (units @> array[%s])', scope);
  execute format('create policy seen_by_city on linkage_model for select to baoxue_city using (%s is not null)', scope);
  execute format('create policy made_by_own_unit on linkage_model for insert to baoxue_unit, baoxue_city with check (%s and exists (select 1 from reconcile_run r where r.run_id = linkage_model.from_run))', own);
  execute format('create policy moved_by_own_unit on linkage_model for update to baoxue_unit, baoxue_city using (%s) with check (%s)', own, own);
  create policy all_to_system on linkage_model to baoxue_system using (true) with check (true);
end $$;
