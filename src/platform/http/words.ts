import { defineWords } from '../../kernel/words.ts'

export const httpWords = defineWords({
  'zh-CN': {
    apiTitle: '保学 接口',
    apiNote: '写操作须带 x-baoxue-csrf（登录后由 GET /session 给出）。所有错误都是 code、message、words 三项。',
    referencePage: '保学 接口说明',
    address: '地址',
    query: '查询条件',
    body: '提交内容',
    file: '文件',
    wholeRequest: '请求',
    fileField: '要上传的一个文件',
    badCharacter: '含有不能用的控制字符，请删去',
    missing: '没有填，请填写',
    wrongShape: '格式不对，请核对',
    wrongKind: '填的内容种类不对，请核对',
    notJson: '请用 JSON 提交',
    oneFile: '一次只传一个文件，不带其他内容',
    noFile: '请选一个文件上传',
    answered: '成功',
    refused: '未办成，原因见 code 与 message',
    cookieNote: '登录后由服务器设置',
  },
})
