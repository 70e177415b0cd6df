export { downloadWeights } from './download.ts'
