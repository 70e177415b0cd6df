import { CribsheetError, errorToMessage } from '../../contract/index.ts'
import { FeatureExtractor, readBasis, writeFeatures } from '../../retrieval/index.ts'
import type { embedJob } from '../embed-job.ts'
import type { Performer } from '../job.ts'
import { ProgressMeter } from '../progress-meter.ts'
import { keptTokens } from './basis.ts'
import { networkOf } from './network.ts'

export const performEmbed: Performer<typeof embedJob> = async ({ weights, basisFile, images }, context) => {
  const basis = readBasis(basisFile)
  if (!basis) throw basisMissing(basisFile)
  const begun = performance.now()
  const meter = new ProgressMeter('Computing tokens and objects', images.length, context.onProgress)
  const extractor = new FeatureExtractor(networkOf(weights), basis)
  try {
    const options = { signal: context.signal, kept: keptTokens(basis) }
    for await (const { image, features, objects, problem } of extractor.extract(images, options)) {
      const { imageId } = image
      if (problem) await context.result({ imageId, objects: [], problem: errorToMessage(problem) })
      else {
        writeFeatures(image.featuresFile, basis.fingerprint, features)
        await context.result({ imageId, objects, problem: null })
      }
      meter.advance()
      await context.breathe()
    }
  } finally {
    extractor.dispose()
  }
  return { seconds: (performance.now() - begun) / 1000 }
}

function basisMissing(file: string): CribsheetError {
  return new CribsheetError('not-embedded', "The basis of the folder's features is missing or damaged.", {
    file,
    advice: 'Run it again: the basis is then computed anew.',
  })
}
