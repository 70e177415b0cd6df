import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse, resolve } from 'node:path'
import { Engine, type Weights } from '../../src-main/jobs/index.ts'
import type { Project } from '../../src-main/project/index.ts'
import { chooseWeights, importAnnotations, openProject } from '../../src-main/workflow/index.ts'

const sample = resolve(import.meta.dirname, '../../resources/sample')

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

/** Labels the first so many images of the project with their true masks. */
export async function labelFirst(project: Project, count: number): Promise<void> {
  const only = [...project.store.images.each({ usable: true })].slice(0, count).map(({ path }) => path)
  const source = await mkdtemp(join(tmpdir(), 'cribsheet-bench-masks-'))
  try {
    // Images of one name lie in several folders, so their masks must too.
    for (const path of only) await copyMask(path, source)
    await importAnnotations(project, {
      source,
      format: 'masks',
      classesFile: join(sample, 'masks', 'classes.txt'),
      only,
    })
  } finally {
    await rm(source, { recursive: true, force: true })
  }
}

async function copyMask(path: string, source: string): Promise<void> {
  const { dir, name } = parse(path)
  await mkdir(join(source, dir), { recursive: true })
  await cp(join(sample, 'masks', `${name}.png`), join(source, dir, `${name}.png`))
}
