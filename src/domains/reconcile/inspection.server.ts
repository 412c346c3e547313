import type { StagedFile } from '../../platform/files.ts'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import { FIELDS_OF, maskCell } from '../imports/index.ts'
import type { SheetInspection, SheetRole } from './contract.ts'

interface Inspected {
  readonly sheetId: string
  readonly role: SheetRole
  readonly fileName: string
  readonly staged: StagedFile
  readonly layout: SheetLayout
}

/** What the officer sees of a sheet: where things stand, and masked samples to recognise a column by. */
export function inspectionOf({ sheetId, role, fileName, staged, layout }: Inspected): SheetInspection {
  return {
    sheetId,
    role,
    fileName,
    bytes: staged.bytes,
    format: layout.format,
    encoding: layout.encoding,
    worksheet: layout.worksheet,
    headerRow: layout.headerRow,
    rows: layout.rows ?? 0,
    columns: layout.columns.map(({ index, heading, field, samples }) => ({
      index,
      heading,
      field,
      samples: samples.map((sample) => maskCell(field, sample)),
    })),
    missing: [...layout.missing],
    fields: FIELDS_OF[role].map(({ id, label, isRequired }) => ({ field: id, label, isRequired })),
    fingerprint: staged.fingerprint,
  }
}
