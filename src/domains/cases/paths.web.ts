export const CASES = '/cases'

export function casePath(caseId: number): string {
  return `/cases/${caseId}`
}

/** The child's own page stands in another slice. */
export function childPath(childId: number): string {
  return `/children/${childId}`
}

export function entryPath(childId: number): string {
  return `/children/${childId}/entry`
}

/** Where what was found of a task is reported; stands in another slice. */
export function checkPath(caseId: number): string {
  return `/checks/task/${caseId}`
}
