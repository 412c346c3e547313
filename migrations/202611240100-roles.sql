-- Roles and the rights on the database itself are made before the first migration (src/platform/db/roles.ts):
-- they belong to the cluster. This file holds what belongs to the database. It runs as baoxue_owner, like all that follow.

-- The views of a slice that others may read. Every one of them is made `with (security_invoker = true)`.
create schema published;
grant usage on schema published to baoxue_unit, baoxue_city, baoxue_system;

-- Exclusion constraints over an id and a range ("one whereabouts a day").
create extension btree_gist;

-- [ROW-7] Foreign keys look past row security: a policy's `with check` says itself that the row referred to is visible:
--   with check (exists (select 1 from parent p where p.parent_id = child.parent_id))
-- [ROW-8] A deferred check runs in the scope of its transaction and sees no more than that.
-- [ROW-5] A function that has to see every row (a deferred check, a count behind a limit) is SECURITY DEFINER, fixes its
-- search_path and belongs to baoxue_system, whose policies say `using (true)`: the owner of the tables sees nothing under
-- FORCE. Nobody may call it until a grant says so.
--   call own_by_system('check_gap()');
--   grant execute on function check_gap() to baoxue_unit;
create procedure own_by_system(target regprocedure) language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  home text := (select quote_ident(n.nspname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = target);
begin
  execute format('revoke all on function %s from public', target);
  execute format('grant create on schema %s to baoxue_system', home);
  execute format('alter function %s owner to baoxue_system', target);
  execute format('revoke create on schema %s from baoxue_system', home);
  -- The migration goes on as baoxue_owner, whose later grants would otherwise be ignored with a warning.
  perform set_config('role', 'baoxue_system', true);
  execute format('grant execute on function %s to baoxue_owner with grant option', target);
  perform set_config('role', 'baoxue_owner', true);
end $$;
revoke all on procedure own_by_system(regprocedure) from public;
