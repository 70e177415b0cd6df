import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'

const commands =
  'demo open weights embed import propagate runs export finetune matches evaluate parity serve doctor'.split(' ')

describe('help', () => {
  test.each(commands)('%s --help says what it does and takes, on standard output', async (command) => {
    const { code, stdout } = await runCommand([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`cribsheet ${command}`)
    expect(stdout).toContain('--json <file>')
  })

  test('of the whole names every command', async () => {
    const { code, stdout } = await runCommand(['--help'])
    expect(code).toBe(0)
    for (const command of commands) expect(stdout).toContain(`  ${command} `)
  })
})

describe('wrong arguments end with 2 and say which', () => {
  test.each([
    [[], /Usage/],
    [['fly'], /unknown command 'fly'/],
    [['open'], /missing required argument 'folder'/],
    [['open', 'a', 'b'], /too many arguments/],
    [['open', '.', '--speed'], /unknown option '--speed'/],
    [['import', '.', '.', '--format', 'psd'], /coco, masks/],
    [['import', '.', '.'], /--format/],
    [['propagate', '.', '--accept-above', '1.5'], /0 to 1/],
    [['embed', '.', '--objects', 'many'], /whole number/],
    [['runs', '.', '--undo', '0'], /whole number/],
    [['evaluate', '--images', '.'], /--masks/],
    [['evaluate', ...'--images . --masks . --classes c --weights w'.split(' ')], /--shots/],
    [['evaluate', ...'--images . --masks . --classes c --weights w --shots 1,x'.split(' ')], /whole number/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCommand(args)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('failures end with 1, and say what, where and what to do', () => {
  test('a folder that is not there', async () => {
    const folder = join(temporaryFolder(), 'nowhere')
    const { code, stderr, stdout } = await runCommand(['open', folder])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/There is no such folder\. \(folder-missing\)\n {2}file: .*nowhere\n {2}what to do: \S/)
  })

  test('a project that is not there', async () => {
    const { images } = await paintFolder(1)
    const { code, stderr } = await runCommand(['embed', images])
    expect([code, stderr]).toEqual([1, expect.stringContaining('cribsheet open FOLDER')])
  })

  test('a run that is not there', async () => {
    const { images } = await paintFolder(1)
    await runCommand(['open', images])
    const { code, stderr } = await runCommand(['runs', images, '--undo', '7'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('run-missing')])
  })

  test('no weights chosen, nothing labelled, no such class, no such image', async () => {
    const { images, masks, names } = await paintFolder(2)
    await runCommand(['open', images])
    const messageOf = async (args: string[]) => {
      const { code, stderr } = await runCommand(args)
      expect(code).toBe(1)
      return stderr
    }
    expect(await messageOf(['embed', images])).toMatch(/weights-not-chosen/)
    expect(await messageOf(['propagate', images])).toMatch(/nothing-labelled/)
    const importArgs = ['import', images, masks, '--format', 'masks', '--only']
    expect(await messageOf([...importArgs, 'other.png'])).toMatch(/other\.png.*image-missing/)
    expect((await runCommand([...importArgs, names[0]])).code).toBe(0)
    expect(await messageOf(['propagate', images, '--classes', 'cow'])).toMatch(
      /no class called cow.*class-unknown[^]*disc, square/,
    )
    expect(await messageOf(['propagate', images, '--images', 'other.png'])).toMatch(/image-missing/)
  })

  test('a result that cannot be written', async () => {
    const { images } = await paintFolder(1)
    const json = join(temporaryFolder(), 'no', 'such', 'folder.json')
    const { code, stderr } = await runCommand(['open', images, '--json', json])
    expect([code, stderr]).toEqual([1, expect.stringContaining(json)])
  })
})

test('--json replaces the file as a whole, and a failure leaves it as it was', async () => {
  const { images } = await paintFolder(1)
  const json = join(temporaryFolder(), 'result.json')
  writeFileSync(json, 'before')
  await runCommand(['open', join(images, 'nowhere'), '--json', json])
  expect(readFileSync(json, 'utf8')).toBe('before')
  await runCommand(['open', images, '--json', json])
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ images: 1 })
})

test("the project's data can be kept elsewhere", async () => {
  const { images } = await paintFolder(1)
  const data = join(temporaryFolder(), 'data')
  expect((await runCommand(['open', images, '--data', data])).code).toBe(0)
  expect(existsSync(join(data, 'project.db'))).toBe(true)
  expect(existsSync(join(images, '.cribsheet'))).toBe(false)
  expect((await runCommand(['runs', images, '--data', data])).code).toBe(0)
})
