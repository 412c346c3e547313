import { defineWords } from '../../kernel/words.ts'

/** Wording of the slice that stands in answers and on the page of policy. */
export const casesWords = defineWords({
  'zh-CN': {
    policy: {
      area: '核查任务与个案',
      taskDays: '核查任务期限',
      taskNote: '从交到责任人之日起的工作日（周一至周五；法定节假日和校历尚未接入）',
      caseDays: '个案首次上门期限',
      caseNote: '从立案之日起的自然日',
      missingDays: '失踪儿童复查周期',
      missingNote: '公安立案的失踪儿童，每年再查一次',
      leastReason: '理由最少字数',
      leastReasonNote: '改期限、换责任人、合并或拆分时写明的理由',
      mostDelayDays: '期限一次最多延后',
      mostDelayNote: '一个季度：区县一季度一复核',
      longestPauseDays: '缓学、休学一次最长',
      longestPauseNote: '到期前要复核；仍不能入学的，重新申请（义务教育法第十一条）',
      design: '系统默认口径，未见文件规定；本地有规定的，以本地参数包为准',
    },
    where: {
      account: '去向',
      from: '起始日期',
      pauseUntil: '到期日',
      evidence: '凭据',
      unit: '单位',
      due: '期限',
      owner: '责任人',
    },
    advice: {
      pauseNeedsEnd: '缓学、休学、病休、待报到、转学在途都要写到期日，且晚于起始日期',
      pauseTooLong: (days: number) => `一次最长 ${days} 天，到期复核后再延`,
      noPauseEnd: '这个去向没有到期日，请留空',
      evidenceNeeded: '终止义务要有凭据：请选证明、学籍回函或现场核实',
      fromFuture: '不能晚于今天',
      fromTooEarly: (day: string) => `这个孩子从 ${day} 起才需要说明，请改成这一天或以后`,
      isRegistered: '有本市户籍的孩子不记在“册上另记”这一类，请选其他去向',
      wrongDistrict: '“在本地就读”要选户籍地（没有户籍的按居住地）区县的学校；别的区县的，请选“在市内别处就读”',
      sameChild: '这是同一份档案',
      merged: '其中一份已经并入别的档案，请从合并后的那份办理',
      schoolNeeded: '请选在读学校',
      schoolOnly: '只能是学校',
      dueTooEarly: '不能早于今天',
      dueTooLate: (days: number) => `最多往后延 ${days} 天`,
      notHolder: '这个人不在该单位担任可以负责的岗位',
    },
  },
})
