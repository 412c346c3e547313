export { sendBackSilent } from './commands.ts'
