import type { SealedColumn } from '../platform/reseal.ts'

/** [SEC-18] Every column of sealed values but file names, which the files part seals anew itself. A test holds it against the catalogue. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { ...of('reconcile_sheet', 'sheet_id', 'name_sealed'), context: 'reconcile_sheet.name' },
  of('import_sheet', 'sheet_id', 'name_sealed'),
  of('import_sheet', 'sheet_id', 'layout_sealed'),
  of('column_memory', 'headings_key', 'headings_sealed'),
  of('person_identity', 'record_id', 'sealed'),
  of('person_contact', 'record_id', 'sealed'),
  of('person_tag', 'tag_id', 'sealed'),
  of('case_note', 'note_id', 'sealed'),
  of('review_answer', 'answer_id', 'note_sealed'),
  of('check_text', 'report_id', 'sealed'),
  of('check_text', 'report_id', 'returned_sealed'),
  of('repair', 'repair_id', 'roll_sealed'),
  of('repair', 'repair_id', 'register_sealed'),
  of('repair', 'repair_id', 'right_sealed'),
  of('repair', 'repair_id', 'evidence_sealed'),
  of('person_outside', 'line_id', 'sealed'),
  of('outside_home', 'line_id', 'sealed'),
]

function of(table: string, key: string, column: string): SealedColumn {
  return { table, key, column, context: `${table}.${column}` }
}
