import { maskAddress, maskCitizenId, maskName, maskPhone, maskStudentNumber } from '../../kernel/mask.ts'
import type { StagedFile } from '../../platform/files.ts'
import type { SheetLayout } from '../../platform/sheets/index.ts'
import type { SheetInspection, SheetRole } from './contract.ts'
import { FIELDS_OF } from './fields.ts'

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
      samples: samples.map((sample) => masked(field, sample)),
    })),
    missing: [...layout.missing],
    fields: FIELDS_OF[role].map(({ id, label, isRequired }) => ({ field: id, label, isRequired })),
    fingerprint: staged.fingerprint,
  }
}

/** Longer than a 学校标识码: in the wrong column, but an ID or a phone all the same. */
const LONG_NUMBER = /\d{11}/
/** Values that tell nothing of a single person. */
const PLAIN =
  /^(sex|ethnicity|relationToHead|idType|schoolCode|schoolName|grade|className|enrolledOn|status|boarding|township|village|policeStation|cancelled|cancelReason)$/

/** [RUN-6] An unrecognised column may hold anything, so it is masked like a number. */
function masked(field: string | null, sample: string): string {
  if (field !== null && PLAIN.test(field) && !LONG_NUMBER.test(sample)) return sample
  if (field !== null && /Name$|^name$/.test(field)) return maskName(sample)
  if (field === 'birthDay') return sample.slice(0, 4).padEnd(sample.length, '*')
  if (field === 'address' || field === 'registeredDivision') return maskAddress(sample)
  if (field === 'studentNo') return maskStudentNumber(sample)
  if (field !== null && /[pP]hone$/.test(field)) return maskPhone(sample)
  return maskCitizenId(sample)
}
