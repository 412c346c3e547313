export { writeFileWhole, writeFolderWhole } from './atomic.ts'
export { asProblem, type Duck, literal, openDuck, quoted } from './duck.ts'
export {
  type FormChoice,
  type FormColumn,
  type FormFinding,
  type FormReading,
  type FormRow,
  formSheet,
  oneBatch,
  printChoice,
} from './form.ts'
export { type FormFile, type FormServices, formArchive, formFile, readFormUpload } from './form-files.ts'
export { findFormRow, formRowId } from './form-row-id.ts'
export { chooseColumns, fieldsOfHeadings } from './heading.ts'
export { type IngestInput, type IngestResult, ingestToParquet } from './ingest.ts'
export { type InspectInput, inspectSheet } from './inspect.ts'
export { type MarkInput, type MarkResult, markWorkbook } from './mark-workbook.ts'
export type { Mark, MarkBatches, MarkWords, Severity } from './marks.ts'
export {
  type ColumnChoice,
  type LayoutColumn,
  SHEET_LIMITS,
  type SheetField,
  type SheetLayout,
  type SheetLimits,
  sheetRowOf,
} from './types.ts'
export { type OutCell, type OutColumn, type OutSheet, writeXlsx } from './xlsx-writer.ts'
