import { defineWords } from '../kernel/words.ts'

/** What the program says in the terminal. */
export const appWords = defineWords({
  'zh-CN': {
    ready: (address: string) => `保学已启动：${address}`,
    reader: (address: string) => `接口说明：${address}`,
    stop: '按 Ctrl-C 停止',
    stopping: '正在停止…',
    demoHead: (scale: number) => `演示城市（规模 ${scale}，人名校名均为虚构）。演示账号，密码都是：`,
    firstHead: '首批账号（密码只显示这一次，登录后须改）：',
    account: (login: string, role: string, unit: string) => `  ${login.padEnd(16)}${role}　${unit}`,
    accountWithPassword: (login: string, password: string, role: string) => `  ${login.padEnd(16)}${password}　${role}`,
    loading: '正在准备演示城市…',
    portTaken: (port: number) => `端口 ${port} 已被占用。停掉占用它的程序，或用 PORT 换一个`,
    cannotListen: (host: string) => `不能在 ${host} 上监听。请检查 HOST`,
    cannotStart: '启动没有成功：',
    title: { city: '市级管理员', system: '系统管理员', security: '安全管理员', audit: '审计管理员' },
  },
})
