import type { Handlers, Procedures } from '../../contract/index.ts'
import { bestObjectsPerImage, embeddedImages, objectsPerImage, setObjectsPerImage } from '../../workflow/index.ts'
import type { Host } from '../host.ts'

export function settingsHandlers(host: Host): Handlers<Procedures>['settings'] {
  return {
    get: () => ({
      objectsPerImage: objectsPerImage(host.project),
      bestObjectsPerImage,
      liveProposals: host.live.on,
      dailyBackup: host.project.backsUpDaily,
      embeddedImages: embeddedImages(host.project),
      dataFolder: host.project.dataFolder,
    }),
    set: (changes) => {
      if (changes.liveProposals !== undefined && changes.liveProposals !== host.live.on)
        host.live.on = changes.liveProposals
      if (changes.dailyBackup !== undefined) host.project.backsUpDaily = changes.dailyBackup
      const { objectsPerImage: wanted } = changes
      if (wanted === undefined || wanted === objectsPerImage(host.project)) return
      setObjectsPerImage(host.project, wanted)
      host.embedInBackground()
    },
  }
}
