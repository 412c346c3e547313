export const REPAIRS = '/repairs'
export const CHANGE_LISTS = '/repairs/lists'

export function childPath(childId: number): string {
  return `/children/${childId}`
}
