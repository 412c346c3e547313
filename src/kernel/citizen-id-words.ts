import type { CitizenIdFault } from './citizen-id.ts'
import { defineWords } from './words.ts'

/** What is wrong with an ID number, for an officer who has the sheet open. */
export const citizenIdWords: Readonly<Record<CitizenIdFault, string>> = defineWords({
  'zh-CN': {
    empty: '身份证件号是空的',
    precision: '身份证件号被 Excel 当成数字，末几位已丢失；请以文本格式重新导出',
    masked: '身份证件号被 * 或 × 遮盖，请用完整的号码',
    length: '身份证件号不是 18 位（也不是旧的 15 位）',
    characters: '身份证件号里有不该有的字符',
    province: '身份证件号的前两位不是省级代码',
    birth: '身份证件号里的出生日期不存在',
    future: '身份证件号里的出生日期在今天之后',
    check: '身份证件号的校验码不对，多半抄错了一位',
  } satisfies Record<CitizenIdFault, string>,
})
