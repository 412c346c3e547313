import { defineWords } from '../kernel/words.ts'

/** Wording of the shell and the UI kit. Words of the trade stand in the slices. */
export const words = defineWords({
  'zh-CN': {
    product: '保学',
    skipToContent: '跳到正文',
    mainNavigation: '主导航',
    today: (day: string, weekday: string) => `${day} 周${weekday}`,
    weekdays: '日一二三四五六',
    businessDay: '业务日',
    demoLines: '演示数据 人名校名 均为虚构',
    demoShort: '演示数据，人名校名均为虚构',
    me: {
      open: (person: string, role: string) => `${person}，${role}：账号与岗位`,
      account: '我的账号',
      switchTo: (unit: string, role: string) => `换到 ${unit} · ${role}`,
      signOut: '退出',
    },
    state: {
      loading: '正在读取',
      stale: '连不上服务器，下面是上次读到的内容，正在重试',
      notFoundTitle: '没有找到',
      notFound: '没有找到，或不在您的工作范围内',
      notAllowedTitle: '这一页不在您的岗位内',
      notAllowed: '您的岗位没有这一页的权限。如确需办理，请联系本单位管理员',
      faultTitle: '这一页没有读出来',
      home: '回到首页',
      retry: '再试一次',
    },
    client: {
      offline: '连不上服务器。请检查网络后再试，页面上填的内容还在',
      unreadable: '服务器的回答读不懂，可能刚升级过。请刷新页面后再试',
      stopped: '已停止',
    },
    table: {
      empty: '没有记录',
      range: (from: string, until: string, total: string) => `第 ${from}–${until}，共 ${total}`,
    },
    keys: { search: '搜索' },
    dialog: { cancel: '取消', done: '好', close: '关闭', copy: '复制', copied: '已复制' },
    reason: { hint: (least: number) => `不少于 ${least} 个字，会留痕` },
    progress: {
      label: '进度',
      rest: (text: string) => `约余 ${text}`,
      seconds: (n: number) => `${n} 秒`,
      minutes: (n: number) => `${n} 分钟`,
      hours: (h: number, m: number) => (m === 0 ? `${h} 小时` : `${h} 小时 ${m} 分钟`),
    },
    drop: { or: '把文件拖到这里，或', choose: '选文件', over: '松手就放进来' },
    span: {
      from: (day: string) => `${day} 起`,
      until: (from: string, until: string) => `${from} 至 ${until}`,
    },
    day: { shape: '年-月-日', pick: '在日历上选' },
    clear: '清除',
    all: '全部',
  },
})
