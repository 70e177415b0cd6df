export { Host } from './host.ts'
export { locatePicture, parsePicturePath } from './pictures.ts'
export { serveChannel } from './serve-channel.ts'
export { ShellConnection, type ShellPort } from './shell-connection.ts'
