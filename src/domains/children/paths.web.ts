export const CHILDREN = '/children'

export function childPath(childId: number): string {
  return `/children/${childId}`
}

export function casePath(caseId: number): string {
  return `/cases/${caseId}`
}
