import { Option, type Command } from 'commander'
import { splitSchema, type Split } from '../contract/index.ts'
import { exportAnnotations, exportSplits } from '../workflow/index.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'
import type { Terminal } from './terminal.ts'

interface ExportCommandOptions extends ProjectOptions {
  format: 'coco'
  proposals?: true
  allImages?: true
  masks: 'auto' | 'rle' | 'polygons'
  split?: Split | 'val' | 'each'
}

export function exportCommand(): Command {
  return newProjectCommand('export', 'write the accepted annotations to a file')
    .argument('<file>', 'the file to write')
    .addOption(new Option('--format <format>', 'what to write').choices(['coco']).default('coco'))
    .option('--proposals', 'drafts too, with their score among their attributes')
    .option('--all-images', 'images without annotations too')
    .addOption(
      new Option('--split <split>', 'only images of this split; each: a file for each, FILE-train and so on').choices([
        ...splitSchema.options,
        ...['val', 'each'],
      ]),
    )
    .addOption(
      new Option('--masks <mode>', 'auto: polygons where they say the mask exactly, else run lengths')
        .choices(['auto', 'rle', 'polygons'])
        .default('auto'),
    )
    .action(
      (
        folder: string,
        target: string,
        { format, proposals, allImages, masks, split, ...options }: ExportCommandOptions,
      ) =>
        performOnProject(folder, options, async ({ terminal, operation, project }) => {
          const wanted = {
            ...{ target, format, mode: masks, ...operation },
            ...(proposals && { proposals }),
            ...(allImages && { allImages }),
          }
          if (split === 'each') {
            const files = await exportSplits(project, wanted)
            for (const written of files) printWritten(terminal, written)
            return { result: { files } }
          }
          const only = split === 'val' ? 'validation' : split
          const written = {
            file: target,
            ...(await exportAnnotations(project, { ...wanted, ...(only && { split: only }) })),
          }
          printWritten(terminal, written)
          return { result: written }
        }),
    )
}

type Written = Awaited<ReturnType<typeof exportAnnotations>> & { file: string }

function printWritten(terminal: Terminal, { file, checked, ...written }: Written): void {
  terminal.print(
    `${file}: ${written.annotations} annotations (${written.polygons} as polygons, ${written.runLengths} as run lengths) of ${written.classes} classes on ${written.images} images`,
  )
  const { bytes, ids, polygons, runLengths } = checked
  terminal.print(
    `  checked: ${bytes} bytes read back, ${ids} ids, ${polygons + runLengths} masks with their area and box`,
  )
  for (const warning of written.warnings) terminal.print(`  note: ${warning}`)
}
