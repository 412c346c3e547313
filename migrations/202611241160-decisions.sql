-- Clerical review: pairs of records that a run could not decide, who said what of them, and the decisions that came of it.
-- Ids only; what somebody wrote beside an answer is sealed.

-- A decision is a fact about two children. Later rows of a person reach the same child, so it survives new extracts.
create table pair_decision (
  decision_id   bigint generated always as identity primary key,
  verdict       text not null check (verdict in ('same', 'different')),
  -- As they were when it was decided; who was merged later is found by following.
  one_child     bigint not null references child (child_id),
  other_child   bigint not null references child (child_id),
  -- What was looked at.
  one_record    bigint not null references source_record (record_id),
  other_record  bigint not null references source_record (record_id),
  run_id        uuid not null references reconcile_run (run_id),
  -- 'same': the merge it made, null where both were one child already. 'different': the merge of a run that it undid.
  merge_id      bigint references child_merge (merge_id),
  units         int[] not null,
  decided_by    bigint not null references account (account_id),
  decided_at    timestamptz not null,
  withdrawn_at  timestamptz,
  withdrawn_by  bigint references account (account_id),
  -- 'undone': whoever decided took it back. 'unmerged': an officer took the merged children apart.
  withdrawn_how text check (withdrawn_how in ('undone', 'unmerged')),
  constraint pair_decision_withdrawn check ((withdrawn_at is null) = (withdrawn_how is null)),
  constraint pair_decision_two check (verdict = 'same' or one_child <> other_child)
);
create index pair_decision_one on pair_decision (one_child) where withdrawn_at is null;
create index pair_decision_other on pair_decision (other_child) where withdrawn_at is null;
create index pair_decision_merge on pair_decision (merge_id) where merge_id is not null;
create index pair_decision_units on pair_decision using gin (units);

-- A pair that a run gives to a person.
create table review_pair (
  pair_id       bigint generated always as identity primary key,
  run_id        uuid not null references reconcile_run (run_id),
  -- 'review': the machine did not decide. 'sample': it did, and somebody looks whether rightly.
  kind          text not null check (kind in ('review', 'sample')),
  left_record   bigint not null references source_record (record_id),
  right_record  bigint not null references source_record (record_id),
  score         double precision not null check (score between 0 and 1),
  pattern       int not null,
  -- [{comparison, level, weight}]: what the linkage weighed.
  steps         jsonb not null,
  needs_second  boolean not null,
  state         text not null default 'open' check (state in ('open', 'second', 'dispute', 'same', 'different', 'unsure')),
  decision_id   bigint references pair_decision (decision_id),
  claimed_by    bigint references account (account_id),
  claimed_until timestamptz,
  units         int[] not null,
  unique (run_id, left_record, right_record),
  constraint review_pair_claim check ((claimed_by is null) = (claimed_until is null)),
  constraint review_pair_decided check (decision_id is null or state in ('same', 'different'))
);
create index review_pair_open on review_pair (run_id, state, score desc, pair_id);
create index review_pair_decision on review_pair (decision_id) where decision_id is not null;
create index review_pair_units on review_pair using gin (units);

create table review_answer (
  answer_id    bigint generated always as identity primary key,
  pair_id      bigint not null references review_pair (pair_id),
  account_id   bigint not null references account (account_id),
  -- 1 first, 2 second, 3 who settles what the two say differently.
  turn         smallint not null check (turn between 1 and 3),
  verdict      text not null check (verdict in ('same', 'different', 'unsure')),
  note_sealed  bytea,
  answered_at  timestamptz not null,
  withdrawn_at timestamptz,
  units        int[] not null
);
create unique index review_answer_once on review_answer (pair_id, turn) where withdrawn_at is null;
create unique index review_answer_person on review_answer (pair_id, account_id) where withdrawn_at is null;
create index review_answer_account on review_answer (account_id, answered_at desc);
create index review_answer_units on review_answer using gin (units);

-- Children that somebody holds to be two persons, as who they have become by now: decided, or taken apart again after a
-- merge. A merge that fell with the decision it came of says nothing.
create function children_apart() returns table (one bigint, other bigint, decision_id bigint, merge_id bigint)
language sql stable as $$
  with recursive told as (
    select d.one_child, d.other_child, d.decision_id, null::bigint as merge_id
    from pair_decision d where d.verdict = 'different' and d.withdrawn_at is null
    union all
    select k.from_child, k.into_child, null, k.merge_id from child_merge k
    where k.undone_at is not null
      and not exists (select from pair_decision d where d.merge_id = k.merge_id and (d.verdict = 'different' or d.withdrawn_how = 'undone'))
  ), way as (
    select child_id, child_id as at from (select one_child as child_id from told union select other_child from told) c
    union all
    select w.child_id, c.merged_into from way w join child c on c.child_id = w.at where c.merged_into is not null
  ), ends as (
    select w.child_id, w.at from way w join child c on c.child_id = w.at where c.merged_into is null
  )
  select a.at, b.at, t.decision_id, t.merge_id
  from told t join ends a on a.child_id = t.one_child join ends b on b.child_id = t.other_child
$$;
revoke all on function children_apart() from public;
grant execute on function children_apart() to baoxue_system;

-- Who was decided to be two is never merged, by whomever: a run, an officer, an import.
create function refuse_decided_apart() returns trigger language plpgsql as $$
begin
  if exists (select from made m join children_apart() a on a.decision_id is not null
      and (a.one, a.other) in ((m.from_child, m.into_child), (m.into_child, m.from_child))) then
    raise exception 'decided to be two children' using errcode = 'exclusion_violation', constraint = 'pair_decided_different', table = 'child_merge';
  end if;
  return null;
end $$;
create trigger refuse_decided_apart after insert on child_merge referencing new table as made
  for each statement execute function refuse_decided_apart();

-- An officer who takes a merged child apart takes the decision back that had merged it.
create function withdraw_unmerged() returns trigger language plpgsql as $$
begin
  with gone as (
    update pair_decision d set withdrawn_at = new.undone_at, withdrawn_by = new.undone_by, withdrawn_how = 'unmerged'
    where d.merge_id = new.merge_id and d.verdict = 'same' and d.withdrawn_at is null returning d.decision_id
  )
  update review_pair p set state = 'different', decision_id = null from gone where p.decision_id = gone.decision_id;
  return null;
end $$;
create trigger withdraw_unmerged after update of undone_at on child_merge
  for each row when (old.undone_at is null and new.undone_at is not null) execute function withdraw_unmerged();

do $$
declare
  listed text;
  scope text := $s$(select nullif(current_setting('app.unit', true), '')::int)$s$;
begin
  foreach listed in array array['pair_decision', 'review_pair', 'review_answer'] loop
    execute format('alter table %I enable row level security', listed);
    execute format('alter table %I force row level security', listed);
    execute format('grant select on %I to baoxue_unit, baoxue_city', listed);
    execute format('grant select, insert, update on %I to baoxue_system', listed);
    execute format('create policy seen_by_unit on %I for select to baoxue_unit using (units @> array[%s])', listed, scope);
    execute format('create policy seen_by_city on %I for select to baoxue_city using (%s is not null)', listed, scope);
    execute format('create policy all_to_system on %I to baoxue_system using (true) with check (true)', listed);
  end loop;
end $$;
