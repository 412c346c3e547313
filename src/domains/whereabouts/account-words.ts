import { defineWords } from '../../kernel/words.ts'
import { whereaboutsWords } from './words.ts'

const more = defineWords({
  'zh-CN': {
    baseNotes: { R: '户口在这里的孩子', P: '住在这里的孩子，不论户口', S: '学籍在这里的孩子' },
    groupNotes: { 1: '有在学的凭证', 2: '均有到期日', 3: '本学年', 4: '均有责任人', 5: '另列' },
    ordinals: { 1: '一', 2: '二', 3: '三', 4: '四', 5: '五' },
    ages: { recent: '30 天内', term: '本学期', older: '更早', none: '从未或已过期' },
  },
})

/** What accounts, groups, bases and kinds of evidence are called on pages. */
export const accountWords = {
  ...more,
  bases: whereaboutsWords.base,
  groups: whereaboutsWords.group,
  accounts: whereaboutsWords.account,
  evidence: whereaboutsWords.evidence,
  sources: whereaboutsWords.source,
}
