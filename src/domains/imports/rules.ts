/** A sheet of 3.3 million rows is about 850 MB as CSV. */
export const MAX_SHEET_BYTES = 2 * 1024 ** 3

/** Columns of a sheet that are read; a roll has 80. */
export const MOST_COLUMNS = 1_000
