import type { Generated } from 'kysely'
import type { PlainDate } from '../../kernel/plain-date.ts'
import type { Method, ResultCode } from './results.ts'
import type { ReportState } from './rules.ts'
import type { SheetCounts } from './sheet-contract.ts'

export type CheckTables = {
  check_report: {
    report_id: Generated<number>
    case_id: number
    child_id: number
    result: ResultCode | null
    method: Method
    checked_day: PlainDate
    school_id: number | null
    province: string | null
    pause_until: PlainDate | null
    has_papers: boolean
    has_place: boolean
    content_key: Buffer
    via: 'page' | 'sheet'
    unit_id: number
    given_by: number
    given_at: Date
    state: ReportState
    decided_by: number | null
    decided_at: Date | null
    posting_id: number | null
  }
  check_text: { report_id: number; child_id: number; sealed: Buffer; returned_sealed: Buffer | null }
  check_sheet: {
    sheet_id: string
    unit_id: number
    units: number[]
    created_by: number
    created_at: Date
    rows_file_id: string | null
    committed_at: Date | null
    counts: SheetCounts | null
  }
}
