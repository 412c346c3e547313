export { mountRosters } from './routes.ts'
