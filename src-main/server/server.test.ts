import { request, type IncomingHttpHeaders } from 'node:http'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Connection, type HostEvent } from '../contract/index.ts'
import { Host } from '../services/index.ts'
import { startServer, type RunningServer } from './server.ts'

const sample = resolve(import.meta.dirname, '../../resources/sample/images')
let host: Host
let server: RunningServer
let cookie: string
let firstImage: number

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'cribsheet-server-'))
  host = new Host(home)
  await host.handlers.project.openSample()
  firstImage = host.project.store.images.page({ limit: 1 })[0].id
  server = await startServer(host)
  const { headers } = await get(new URL(server.address).search ? `/${new URL(server.address).search}` : '/')
  cookie = String(headers['set-cookie']?.[0]).split(';')[0]
})
afterAll(async () => {
  await server.close()
  await host.shutDown()
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((answer, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        answer({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) })
      })
    })
    asked.on('error', reject).end()
  })
}

const known = (headers: Record<string, string> = {}) => ({ cookie, ...headers })

describe('refuses', () => {
  const wrongCookie = () => `cribsheet-${server.port}=${'x'.repeat(43)}`
  it.each<[string, () => Promise<Answer>, number]>([
    ['who has no token', () => get('/'), 401],
    ['who has a wrong one', () => get('/', { cookie: wrongCookie() }), 401],
    ['a wrong one in the address', () => get('/?token=guess'), 401],
    ['a picture to who has no token', () => get('/images/1'), 401],
    ['another host, as by DNS rebinding', () => get('/', known({ host: 'evil.example' })), 403],
    ['the right host on another port', () => get('/', known({ host: '127.0.0.1:1' })), 403],
    ['another page', () => get('/', known({ origin: 'https://evil.example' })), 403],
    ['a picture on another page', () => get('/images/1', known({ 'sec-fetch-site': 'cross-site' })), 403],
    ['a page of another port', () => get('/images/1', known({ 'sec-fetch-site': 'same-site' })), 403],
    ['to write', () => get('/', known(), 'POST'), 405],
    ['what is not the page’s', () => get('/../package.json', known()), 404],
    ['a file of the disk', () => get('/images/..%2f..%2fproject.db', known()), 404],
    ['an image that is not there', () => get('/images/999999', known()), 404],
  ])('%s', async (_, ask, status) => {
    expect((await ask()).status).toBe(status)
  })

  it.each<[string, string, Record<string, string>]>([
    ['without a token', '/contract', {}],
    ['without an origin', '/contract', { cookie: 'own' }],
    ['from another page', '/contract', { cookie: 'own', origin: 'https://evil.example' }],
    ['for another host', '/contract', { cookie: 'own', origin: 'own', host: 'evil.example' }],
    ['elsewhere', '/other', { cookie: 'own', origin: 'own' }],
  ])('a socket %s', async (_, path, wanted) => {
    const headers = {
      ...wanted,
      ...(wanted.cookie && { cookie }),
      ...(wanted.origin === 'own' && { origin: `http://127.0.0.1:${server.port}` }),
    }
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
    const outcome = await new Promise((settle) => {
      socket.on('open', () => settle('open')).on('error', ({ message }) => settle(message))
    })
    expect(outcome).toMatch(/Unexpected server response: 40/)
  })
})

describe('sends', () => {
  it('the page with its policy, and the token only as a cookie', async () => {
    const first = await get(`/?${new URL(server.address).searchParams.toString()}`)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/)
    const page = await get('/', known())
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/)
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe/)
    expect(page.body.toString()).toContain('<div id="app">')
  })

  it('an image as it is, by ranges, and not twice', async () => {
    const whole = await get(`/images/${firstImage}`, known())
    const [name] = readdirSync(sample).sort()
    expect(whole.body.equals(readFileSync(join(sample, name)))).toBe(true)
    expect(whole.headers['content-type']).toBe('image/jpeg')
    const part = await get(`/images/${firstImage}`, known({ range: 'bytes=10-19' }))
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${whole.body.length}`])
    expect(part.body.equals(whole.body.subarray(10, 20))).toBe(true)
    const past = await get(`/images/${firstImage}`, known({ range: `bytes=${whole.body.length}-` }))
    expect(past.status).toBe(416)
    const again = await get(`/images/${firstImage}`, known({ 'if-none-match': String(whole.headers.etag) }))
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  it('a thumbnail', async () => {
    const { status, headers, body } = await get(`/thumbnails/${firstImage}`, known())
    expect([status, headers['content-type']]).toEqual([200, 'image/jpeg'])
    expect(body.subarray(0, 3).toString('hex')).toBe('ffd8ff')
  })
})

it('answers calls and tells events over a socket; errors keep their code and advice', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/contract`, {
    headers: { cookie, origin: `http://127.0.0.1:${server.port}` },
  })
  await new Promise((open) => socket.on('open', open))
  const events: HostEvent[] = []
  const lost = Promise.withResolvers<undefined>()
  const { client } = new Connection(
    {
      send: (message) => socket.send(JSON.stringify(message)),
      onMessage: (listener) => socket.on('message', (data: Buffer) => listener(JSON.parse(data.toString()))),
      onClose: (listener) => socket.on('close', listener),
    },
    { onEvent: (event) => events.push(event), onLost: () => lost.resolve(undefined) },
  )
  const { total, images } = await client.images.page({ query: {}, offset: 20, limit: 10 })
  expect([total, images.length]).toEqual([24, 4])
  const added = await client.classes.add({ name: 'beetle' })
  expect(added.key).toBe('1')
  await expect(client.classes.add({ name: 'beetle' })).rejects.toMatchObject({
    code: 'argument-invalid',
    message: 'There is already a class called beetle.',
    advice: 'Choose another name.',
  })
  await expect(client.images.get({ id: -1 })).rejects.toMatchObject({ code: 'argument-invalid' })
  expect(events).toContainEqual({ type: 'classes-changed' })
  socket.close()
  await lost.promise
  await expect(client.images.get({ id: 1 })).rejects.toMatchObject({ code: 'connection-lost' })
})
