-- What a run was made of, by whom, with which rules and what came out, signed by the installation. No person stands in it.

create table run_manifest (
  run_id     uuid primary key references reconcile_run (run_id),
  -- The very text that was signed.
  manifest   text not null,
  signature  bytea not null check (octet_length(signature) = 64),
  public_key bytea not null,
  units      int[] not null
);
create index run_manifest_units on run_manifest using gin (units);

do $$
declare
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
  own text := format('units = (select path from unit where unit.unit_id = %s)', scope);
begin
  alter table run_manifest enable row level security;
  alter table run_manifest force row level security;
  grant select, insert on run_manifest to baoxue_unit, baoxue_city, baoxue_system;
  execute format('create policy seen_by_unit on run_manifest for select to baoxue_unit using (units @> array[%s])', scope);
  execute format('create policy seen_by_city on run_manifest for select to baoxue_city using (%s is not null)', scope);
  execute format('create policy made_by_own_unit on run_manifest for insert to baoxue_unit, baoxue_city with check (%s and exists (select 1 from reconcile_run r where r.run_id = run_manifest.run_id))', own);
  create policy all_to_system on run_manifest to baoxue_system using (true) with check (true);
end $$;
