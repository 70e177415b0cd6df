import { join } from 'node:path'
import { CribsheetError, preferencesSchema, type Handlers, type Procedures } from '../../contract/index.ts'
import { UserFile } from '../user-file.ts'

export function preferenceHandlers(userFolder: string): Handlers<Procedures>['preferences'] {
  const path = join(userFolder, 'preferences.json')
  const file = new UserFile(path, preferencesSchema, preferencesSchema.parse({}))
  return {
    get: () => file.read(),
    set: async ({ keys, look }) => {
      try {
        await file.update((kept) => ({ keys: keys ?? kept.keys, look: look ?? kept.look }))
      } catch (cause) {
        throw new CribsheetError('folder-unwritable', 'What you chose could not be kept.', {
          file: path,
          advice: 'Check the permissions of the folder and the room on the disk.',
          cause,
        })
      }
    },
  }
}
