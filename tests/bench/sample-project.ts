import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse, resolve } from 'node:path'
import { encode } from 'fast-png'
import { readIndexMask } from '../../src-main/formats/index.ts'
import { Engine, type Weights } from '../../src-main/jobs/index.ts'
import type { Project } from '../../src-main/project/index.ts'
import { chooseWeights, embed, importAnnotations, openProject } from '../../src-main/workflow/index.ts'

const sample = resolve(import.meta.dirname, '../../resources/sample')
const sampleClasses = 4

/** A project in a temporary folder whose images are those of the sample folder, over and over. */
export interface SampleProject {
  project: Project
  engine: Engine
  /** Ends the engine and removes the folder. */
  close(): Promise<void>
}

export async function openSampleProject(images: number, weights: Weights): Promise<SampleProject> {
  const folder = await mkdtemp(join(tmpdir(), 'cribsheet-bench-'))
  const files = (await readdir(join(sample, 'images'))).toSorted()
  for (let i = 0; i < images; i++) {
    const round = join(folder, String(Math.floor(i / files.length)))
    await mkdir(round, { recursive: true })
    await cp(join(sample, 'images', files[i % files.length]), join(round, files[i % files.length]))
  }
  const engine = new Engine()
  const { project } = await openProject(folder, { create: true })
  await chooseWeights(project, engine, weights)
  return {
    project,
    engine,
    close: async () => {
      await engine.close()
      project.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Labels the first so many images of the project with their true masks.
 *
 * @param variants each class is divided into so many, a round of the sample's images showing one of them: 4 times as many classes
 */
export async function labelFirst(project: Project, count: number, variants = 1): Promise<void> {
  const only = [...project.store.images.each({ usable: true })].slice(0, count).map(({ path }) => path)
  const source = await mkdtemp(join(tmpdir(), 'cribsheet-bench-masks-'))
  try {
    // Images of one name lie in several folders, so their masks must too.
    for (const path of only) await writeMask(path, source, variants)
    const classesFile = join(source, 'classes.txt')
    await writeFile(classesFile, await classNames(variants))
    await importAnnotations(project, { source, format: 'masks', classesFile, only })
  } finally {
    await rm(source, { recursive: true, force: true })
  }
}

async function classNames(variants: number): Promise<string> {
  const [background, ...named] = (await readFile(join(sample, 'masks', 'classes.txt'), 'utf8')).trim().split('\n')
  const lines = Array.from({ length: variants }, (_, variant) =>
    named.map((line) => {
      const [id, name] = line.split(' ')
      return `${Number(id) + variant * sampleClasses} ${name}${variant === 0 ? '' : ` ${variant}`}`
    }),
  )
  return [background, ...lines.flat()].join('\n')
}

async function writeMask(path: string, source: string, variants: number): Promise<void> {
  const { dir, name } = parse(path)
  await mkdir(join(source, dir), { recursive: true })
  const { width, height, indices } = await readIndexMask(join(sample, 'masks', `${name}.png`))
  const shift = (Number(dir) % variants) * sampleClasses
  const data = Uint8Array.from(indices, (index) => (index === 0 ? 0 : index + shift))
  await writeFile(join(source, dir, `${name}.png`), encode({ width, height, data, channels: 1, depth: 8 }))
}

/** Images of one content share their tokens; their objects are computed for the first and copied. */
export async function embedOnce({ project, engine }: SampleProject): Promise<void> {
  const { store } = project
  const byContent = Map.groupBy(store.images.each({ usable: true }), ({ hash }) => hash)
  await embed(project, engine, { imageIds: new Set([...byContent.values()].map(([{ id }]) => id)) })
  const [model] = store.models.all()
  for (const [original, ...copies] of byContent.values()) {
    const objects = store.objects.ofImage(original.id, model.id)
    for (const { id } of copies) store.objects.replace(id, model.id, objects)
  }
}
