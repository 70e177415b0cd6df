/**
 * A process that ends itself in the midst of a restore, as a power cut would:
 *
 *     node restore-child-for-tests.ts DATA-FOLDER BACKUP STEPS-DONE
 */
import { restoreBackup } from './index.ts'

const [, , dataFolder, backup, steps] = process.argv
restoreBackup(dataFolder, backup, ({ done }) => {
  if (done === Number(steps)) process.kill(process.pid, 'SIGKILL')
})
