export { mountChildren } from './routes.ts'
