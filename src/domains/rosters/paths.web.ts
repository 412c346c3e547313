export const ROSTERS = '/rosters'
export const FAMILIES = '/families'
export const TERM = '/before-term'
export const CHILDREN = '/children'
export const IMPORTS = '/imports'

export function foundPath(runId: string): string {
  return `/rosters/found/${runId}`
}

export function familyPath(childId: number): string {
  return `/families/${childId}`
}

export function childPath(childId: number): string {
  return `/children/${childId}`
}

export function casePath(caseId: number): string {
  return `/cases/${caseId}`
}
