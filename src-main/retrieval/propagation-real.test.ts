import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { FrozenVit } from '../cribo/index.ts'
import { readIndexMask } from '../formats/index.ts'
import { decodeImage, readImageHeader } from '../images/index.ts'
import { encodeRunLengths, intersectionOverUnion } from '../masks/index.ts'
import {
  defaultFeatureSettings,
  FeatureExtractor,
  fitBasis,
  Propagation,
  QualityMeasure,
  type ImageFeatures,
  type SourceImage,
} from './index.ts'

const weights = '../shared/weights/vit_tiny_patch16_224.safetensors'
const cows = '../shared/data/msrc-cow'
const names = ['5_10_s', '5_11_s', '5_12_s']
const missing = [weights, cows].filter((path) => !existsSync(path))

describe.skipIf(missing.length > 0)(
  `photographs of cows (skipped where ${missing.join(' and ') || weights} is missing)`,
  () => {
    const features = new Map<string, ImageFeatures>()
    const photograph = (name: string) => join(cows, 'images', `${name}.png`)
    const truth = (name: string) => readIndexMask(join(cows, 'masks', `${name}.png`))
    const cowOf = ({ width, height, indices }: Awaited<ReturnType<typeof truth>>) =>
      encodeRunLengths({ width, height, data: Uint8Array.from(indices) })

    beforeAll(async () => {
      const vit = FrozenVit.load(weights)
      const images: (SourceImage & { name: string })[] = []
      for (const name of names)
        images.push({ name, file: photograph(name), ...(await readImageHeader(photograph(name))) })
      const { basis, kept } = await fitBasis(vit, defaultFeatureSettings(12), images)
      const extractor = new FeatureExtractor(vit, basis)
      for await (const result of extractor.extract(images, { kept })) {
        if (result.features) features.set(result.image.name, result.features)
      }
      extractor.dispose()
      vit.dispose()
    })

    const featuresOf = (name: string): ImageFeatures => {
      const found = features.get(name)
      if (!found) throw new Error(`${name} has no features`)
      return found
    }

    test('one labelled photograph masks the cows of two others', async () => {
      const [first, ...others] = names
      const region = { annotationId: 1, classId: 1, mask: cowOf(await truth(first)) }
      const { width, height } = featuresOf(first)
      const labels = { imageId: 1, width, height, regions: [region], ignored: null }
      const propagation = new Propagation([{ ...labels, readFeatures: () => featuresOf(first) }])
      const quality = new QualityMeasure([false, true])
      const queue = others.map((name, i) => ({
        imageId: i,
        load: async () => ({ features: featuresOf(name), pixels: await decodeImage(photograph(name)) }),
      }))
      for await (const { imageId, image } of propagation.propagateAll(queue)) {
        if (!image) throw new Error(`${others[imageId]} was not propagated to`)
        const actual = await truth(others[imageId])
        quality.add(image.classMap, actual)
        const best = Math.max(...image.proposals.map(({ mask }) => intersectionOverUnion(mask, cowOf(actual))))
        expect(best).toBeGreaterThan(0.5)
      }
      propagation.dispose()
      expect(quality.result().meanIou).toBeGreaterThan(0.8)
    })
  },
)
