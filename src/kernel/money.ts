/** An amount in fen (分). Whole, so that sums of a million grants are exact; may be negative (a recovery). */
export type Fen = number & { readonly __brand: 'Fen' }

const YUAN = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/

/** [MONEY-1] Refuses fractions of a fen. */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole amount in fen: ${amount}`)
  return (amount === 0 ? 0 : amount) as Fen
}

/** [MONEY-2] `1,250.5` yuan as 125050 fen; undefined for anything that is no amount or finer than a fen. */
export function findFen(yuan: string): Fen | undefined {
  const parts = YUAN.exec(yuan.replaceAll(',', '').trim())
  if (parts === null) return undefined
  const amount = Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'))
  return fen(parts[1] === '-' ? -amount : amount)
}

/** [MONEY-3] Two decimals, thousands apart: `1,250.50`. */
export function formatYuan(amount: Fen): string {
  const whole = Math.abs(amount)
  const yuan = String(Math.floor(whole / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${amount < 0 ? '-' : ''}${yuan}.${String(whole % 100).padStart(2, '0')}`
}
