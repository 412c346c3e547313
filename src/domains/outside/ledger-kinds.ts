/** Ledgers of last term that are carried over (上期台账结转). */
export const LEDGER_KINDS = ['outside', 'deferred', 'suspended', 'home-teaching', 'closed', 'open'] as const
export type LedgerKind = (typeof LEDGER_KINDS)[number]

export const LEDGER_COLUMNS = [
  'name',
  'citizenId',
  'birthDay',
  'sex',
  'guardian',
  'phone',
  'township',
  'village',
  'province',
  'city',
  'county',
  'school',
  'grade',
  'what',
  'proof',
  'proofDay',
  'until',
  'since',
  'aid',
  'reason',
  'measures',
] as const
export type LedgerColumn = (typeof LEDGER_COLUMNS)[number]

const WHO = ['name', 'citizenId', 'birthDay', 'sex', 'guardian', 'phone', 'township', 'village'] as const

/** What a ledger of a kind tells, in the order of its template. */
export const COLUMNS_OF: Readonly<Record<LedgerKind, readonly LedgerColumn[]>> = {
  outside: [
    ...WHO,
    'province',
    'city',
    'county',
    'school',
    'grade',
    'since',
    'proof',
    'proofDay',
    'until',
    'aid',
    'reason',
  ],
  deferred: [...WHO, 'reason', 'proof', 'proofDay', 'until'],
  suspended: [...WHO, 'school', 'grade', 'reason', 'proof', 'proofDay', 'until'],
  'home-teaching': [...WHO, 'school', 'grade', 'proofDay'],
  closed: [...WHO, 'what', 'proof', 'proofDay'],
  open: [...WHO, 'school', 'grade', 'what', 'proofDay', 'reason', 'measures'],
}

/** A sheet without one of these is no such ledger. */
export const NEEDED_OF: Readonly<Record<LedgerKind, readonly LedgerColumn[]>> = {
  outside: ['name', 'school', 'proofDay'],
  deferred: ['name', 'proofDay', 'until'],
  suspended: ['name', 'proofDay', 'until'],
  'home-teaching': ['name', 'proofDay'],
  closed: ['name', 'what', 'proofDay'],
  open: ['name', 'what', 'proofDay'],
}

/** Columns that only the side of the child's home reads again: why, and what was done. */
export const DAY_COLUMNS: ReadonlySet<LedgerColumn> = new Set(['birthDay', 'proofDay', 'until', 'since'])
