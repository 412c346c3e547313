import { defineWords } from '../../kernel/words.ts'

/** Wording of the signed record of a run. */
export const words = defineWords({
  'zh-CN': {
    title: '签名存证',
    what: '这次比对读了什么、按什么规则、得出什么，写成一份清单并签名。清单里没有个人信息；改动一个字节就会被查出来。',
    signed: '签署',
    fingerprint: '清单指纹',
    inputs: '输入',
    batches: (n: string) => `${n} 批，按内容记指纹`,
    decisions: '用到的人工决定',
    count: (n: string) => `${n} 条`,
    model: '模型',
    learnt: '由这次的数据学得',
    kept: (version: string) => `第 ${version} 版`,
    repeat: '能否重做',
    repeatable: '原始批次都还在，照同样输入重做，名单逐字节相同',
    residue: '原始批次已到期或撤销；凭清单和留存的名单仍可验证',
    download: '下载存证',
    fileName: (n: number) => `第${n}次比对-签名存证.json`,
    verify: '现在验证',
    allRight: (n: string) => `${n} 项都相符，没有被改过`,
    wrong: '不相符：',
    checks: {
      signature: '签名与清单',
      installation: '由本系统签署',
      summary: '页面上的数与清单',
      list: (name: string) => `名单“${name}”`,
    },
    unsigned: '这次比对在启用签名存证之前完成，没有存证。',
    and: '、',
  },
})
