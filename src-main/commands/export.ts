import { Option, type Command } from 'commander'
import { exportAnnotations } from '../workflow/index.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'

interface ExportCommandOptions extends ProjectOptions {
  format: 'coco'
  proposals?: true
  allImages?: true
  masks: 'auto' | 'rle' | 'polygons'
}

export function exportCommand(): Command {
  return newProjectCommand('export', 'write the accepted annotations to a file')
    .argument('<file>', 'the file to write')
    .addOption(new Option('--format <format>', 'what to write').choices(['coco']).default('coco'))
    .option('--proposals', 'drafts too, with their score among their attributes')
    .option('--all-images', 'images without annotations too')
    .addOption(
      new Option('--masks <mode>', 'auto: polygons where they say the mask exactly, else run lengths')
        .choices(['auto', 'rle', 'polygons'])
        .default('auto'),
    )
    .action(
      (folder: string, target: string, { format, proposals, allImages, masks, ...options }: ExportCommandOptions) =>
        performOnProject(folder, options, async ({ terminal, operation, project }) => {
          const written = await exportAnnotations(project, {
            ...{ target, format, mode: masks, ...operation },
            ...(proposals && { proposals }),
            ...(allImages && { allImages }),
          })
          terminal.print(
            `${target}: ${written.annotations} annotations (${written.polygons} as polygons, ${written.runLengths} as run lengths) of ${written.classes} classes on ${written.images} images`,
          )
          const { bytes, ids, polygons, runLengths } = written.checked
          terminal.print(
            `  checked: ${bytes} bytes read back, ${ids} ids, ${polygons + runLengths} masks with their area and box`,
          )
          for (const warning of written.warnings) terminal.print(`  note: ${warning}`)
          return { result: { file: target, ...written } }
        }),
    )
}
