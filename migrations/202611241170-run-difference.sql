-- What a books run found otherwise than the run before it: per child, what stood after that one, what stands after this one,
-- and why. Ids only.

create table run_difference (
  run_id       uuid not null references reconcile_run (run_id),
  child_id     bigint not null references child (child_id),
  -- 'new' unexplained; 'resolved'; 'changed' from account to account; 'entered' the books explained; 'left' them.
  kind         text not null check (kind in ('new', 'resolved', 'changed', 'entered', 'left')),
  from_account smallint references book_account (account_id),
  to_account   smallint references book_account (account_id),
  why          text not null check (why in ('decision', 'officer', 'close', 'undone', 'term', 'input', 'model', 'others')),
  units        int[] not null,
  primary key (run_id, child_id),
  constraint run_difference_differs check (from_account is distinct from to_account)
);
create index run_difference_units on run_difference using gin (units);
create index run_difference_kind on run_difference (run_id, kind, why, child_id);

do $$
declare
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
begin
  alter table run_difference enable row level security;
  alter table run_difference force row level security;
  grant select on run_difference to baoxue_unit, baoxue_city;
  grant select, insert, update, delete on run_difference to baoxue_system;
  execute format('create policy seen_by_unit on run_difference for select to baoxue_unit using (units @> array[%s])', scope);
  execute format('create policy seen_by_city on run_difference for select to baoxue_city using (%s is not null)', scope);
  create policy all_to_system on run_difference to baoxue_system using (true) with check (true);
end $$;
