import type { CheckReport } from './contract.ts'
import { words } from './page-words.web.ts'
import { checksWords } from './words.ts'

/** What was said of a task, in one line. */
export function saidOf(report: CheckReport): string {
  const said = report.words
  const parts = [
    `${report.checkedDay} ${checksWords.methods[report.method]}`,
    said?.checker,
    report.province,
    report.school ?? said?.place,
    said?.papers,
    report.pauseUntil,
    said?.remark,
    said?.returned === undefined || said.returned === '' ? undefined : words.task.returned(said.returned),
  ]
  return parts.filter((part) => part != null && part !== '').join('　')
}
