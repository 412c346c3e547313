export const UNITS = '/units'
export const ACCOUNTS = '/accounts'
export const ROLES = '/accounts/roles'
export const AUDIT = '/audit'
export const ME = '/me'

export function unitPath(id: number): string {
  return `/units/${id}`
}

export const ACCOUNT_SHEETS = '/accounts/sheet'

export function accountSheetPath(id: string): string {
  return `${ACCOUNT_SHEETS}/${id}`
}
