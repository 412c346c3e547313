export const CHECKS = '/checks'
export const PROGRESS = '/checks/progress'
export const ACCEPT = '/checks/accept'
export const FORMS = '/checks/forms'
export const REPORTS = '/checks/reports'

export function checkPath(caseId: number): string {
  return `/checks/task/${caseId}`
}

export function sheetPath(sheetId: string): string {
  return `/checks/forms/${sheetId}`
}

export function printPath(unitId: number): string {
  return `/checks/print/${unitId}`
}

/** The child's own page and the case stand in other slices. */
export function childPath(childId: number): string {
  return `/children/${childId}`
}

export function casePath(caseId: number): string {
  return `/cases/${caseId}`
}
