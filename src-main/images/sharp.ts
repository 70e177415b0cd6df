import sharp from 'sharp'

// One thread an image: several images are decoded at once (libuv's pool), and TensorFlow wants the other cores.
sharp.concurrency(1)
// Every image is decoded once and handed on; libvips' cache of operations would only hold memory.
sharp.cache(false)

export { sharp }
