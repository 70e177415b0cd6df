/** A Python wheel, pinned: `platforms` are pip's tags, `megabytes` is its size to download. */
export interface Wheel {
  project: string
  version: string
  sha256: string
  megabytes: number
  platforms: string[]
}

interface Libtensorflow {
  wheel: Wheel
  /** Disk space of the unpacked libraries. */
  megabytes: number
}

const linux = (architecture: string) =>
  ['manylinux_2_27', 'manylinux_2_25', 'manylinux2014'].map((tag) => `${tag}_${architecture}`)

/** Google's wheels, which carry the whole C library; by `process.platform-process.arch`. */
export const libtensorflowWheels: Partial<Record<string, Libtensorflow>> = {
  'linux-x64': {
    wheel: {
      project: 'tensorflow-cpu',
      version: '2.21.0',
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      megabytes: 274,
      platforms: linux('x86_64'),
    },
    megabytes: 860,
  },
  'linux-arm64': {
    wheel: {
      project: 'tensorflow',
      version: '2.21.0',
      sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
      megabytes: 270,
      platforms: linux('aarch64'),
    },
    megabytes: 860,
  },
}

/** The same library with CUDA; its METADATA names the parts of CUDA that lie beside it. */
export const cudaLibtensorflow: Libtensorflow = {
  wheel: {
    project: 'tensorflow',
    version: '2.21.0',
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    megabytes: 573,
    platforms: linux('x86_64'),
  },
  megabytes: 1300,
}

const cudaPart = (project: string, version: string, megabytes: number, sha256: string): [string, Wheel] => [
  project,
  { project, version, sha256, megabytes, platforms: [...linux('x86_64'), 'manylinux2010_x86_64'] },
]

/** NVIDIA's wheels, newest in the ranges that TensorFlow 2.21.0 asks for. */
export const cudaParts = new Map([
  cudaPart('nvidia-cublas-cu12', '12.9.3.13', 582, 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
  cudaPart('nvidia-cuda-cupti-cu12', '12.9.79', 11, '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f'),
  cudaPart('nvidia-cuda-nvcc-cu12', '12.9.86', 41, '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'),
  cudaPart('nvidia-cuda-nvrtc-cu12', '12.9.86', 90, '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
  cudaPart(
    'nvidia-cuda-runtime-cu12',
    '12.9.79',
    4,
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  ),
  cudaPart('nvidia-cudnn-cu12', '9.28.0.42', 717, '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
  cudaPart('nvidia-cufft-cu12', '11.4.1.4', 201, 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
  cudaPart('nvidia-curand-cu12', '10.3.10.19', 69, '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
  cudaPart(
    'nvidia-cusolver-cu12',
    '11.7.5.82',
    339,
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  ),
  cudaPart(
    'nvidia-cusparse-cu12',
    '12.5.10.65',
    367,
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  ),
  cudaPart('nvidia-nccl-cu12', '2.32.3', 352, 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
  cudaPart('nvidia-nvjitlink-cu12', '12.9.86', 40, 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
])

/** Zig's C++ compiler, for machines without one of their own; by `process.platform-process.arch`. */
export const compilerWheels: Partial<Record<string, Wheel>> = {
  'linux-x64': {
    project: 'ziglang',
    version: '0.14.1',
    sha256: '6eb9d4d759b292c83810dbee2e9e8e3fbfbf01d864e6e9811bae711fd74e1c2f',
    megabytes: 84,
    platforms: ['manylinux2010_x86_64', 'manylinux_2_12_x86_64'],
  },
  'linux-arm64': {
    project: 'ziglang',
    version: '0.14.1',
    sha256: '7994b27f3cbfcedea43f9b7552e38b45857bdf0e9a45065474092dd74e7048cf',
    megabytes: 80,
    platforms: ['manylinux2014_aarch64', 'manylinux_2_17_aarch64'],
  },
}
