/** A sheet as its columns were recognised. */
interface Recognised {
  readonly columns: readonly { readonly index: number; readonly field: string | null }[]
  readonly fields: readonly FieldChoice[]
}

interface FieldChoice {
  readonly field: string
  readonly label: string
  readonly isRequired: boolean
}

/** Field → 0-based column. */
export type ColumnMap = Readonly<Record<string, number>>

/** [WEB-3] What the headings say by themselves. */
export function recognisedColumns({ columns }: Pick<Recognised, 'columns'>): ColumnMap {
  return Object.fromEntries(columns.flatMap(({ field, index }) => (field === null ? [] : [[field, index]])))
}

/** [WEB-3] Required fields without a column: the next step stays shut until there are none. */
export function missingFields(
  { fields }: Pick<Recognised, 'fields'>,
  columns: ColumnMap,
): { field: string; label: string }[] {
  return fields
    .filter(({ field, isRequired }) => isRequired && columns[field] === undefined)
    .map(({ field, label }) => ({ field, label }))
}

/** [WEB-3] Columns that two fields claim at once; one of them has to give way. */
export function doubledColumns(columns: ColumnMap): ReadonlySet<number> {
  const seen = new Set<number>()
  const doubled = new Set<number>()
  for (const column of Object.values(columns)) {
    if (seen.has(column)) doubled.add(column)
    seen.add(column)
  }
  return doubled
}

/** As a spreadsheet names its columns: 0 is A, 26 is AA. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : `${letterOf(Math.floor(index / 26) - 1)}${last}`
}
