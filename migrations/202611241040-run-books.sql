-- A run over committed batches that posts to the books, and what it is compared with.

alter table reconcile_run
  alter column population_sheet_id drop not null,
  alter column roll_sheet_id drop not null,
  alter column population_columns drop not null,
  alter column roll_columns drop not null,
  -- 'trial': two sheets given for it, nothing is posted. 'books': committed batches, the differences are posted.
  add column purpose text not null default 'trial' check (purpose in ('trial', 'books')),
  -- Newest day its extracts speak of; the postings hold from then on.
  add column as_of_day date,
  -- [{batchId, kind, contentKey, rows}] : what it read, for "the same inputs as run 37".
  add column inputs jsonb,
  add column posting jsonb,
  add constraint reconcile_run_inputs check (
    case purpose when 'trial' then population_sheet_id is not null and roll_sheet_id is not null
         else inputs is not null and as_of_day is not null end);
grant update (posting) on reconcile_run to baoxue_unit, baoxue_city, baoxue_system;

-- A run over batches names sheets no more; its batches are asked for instead.
do $$
declare
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
begin
  drop policy made_by_own_unit on reconcile_run;
  execute format($p$create policy made_by_own_unit on reconcile_run for insert to baoxue_unit, baoxue_city with check (
    unit_id = %1$s and units = (select path from unit where unit.unit_id = %1$s)
    and case purpose
      when 'trial' then exists (select 1 from reconcile_sheet s where s.sheet_id = population_sheet_id)
        and exists (select 1 from reconcile_sheet s where s.sheet_id = roll_sheet_id)
      else not exists (select 1 from jsonb_array_elements(inputs) i
        where not exists (select 1 from source_batch b where b.batch_id = (i ->> 'batchId')::bigint)) end)$p$, scope);
end $$;

-- Keys rotate: the sealed name is sealed anew.
grant update (name_sealed) on reconcile_sheet to baoxue_system;
