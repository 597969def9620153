import { readFileSync } from 'node:fs';
import * as tfjs from '@tensorflow/tfjs';
import { mendKernels } from './kernels.ts';
import type { Tf } from './network.ts';

export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

/** A training needs more than any backend of this machine can do. */
export class NoBackend extends Error {}

/**
 * TensorFlow.js on the fastest backend that there is: the native library where it came with the
 * installation, else WebAssembly with our kernels.
 *
 * @param only one backend and no other; `cpu` is far too slow for anything but to compare with.
 * @throws NoBackend where none loads.
 */
export async function loadBackend(only?: BackendName): Promise<{ tf: Tf; name: BackendName }> {
  if (only === undefined || only === 'tensorflow') {
    const native = await loadNative();
    if (native) return { tf: native, name: 'tensorflow' };
  }
  if (only === 'cpu') {
    await tfjs.setBackend('cpu');
    return { tf: tfjs, name: 'cpu' };
  }
  try {
    await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tfjs.setBackend('wasm'))) throw new Error('The wasm backend of TensorFlow.js does not start');
  } catch (cause) {
    throw new NoBackend('TensorFlow.js finds no backend to train with: neither its native library nor WebAssembly', {
      cause,
    });
  }
  mendKernels(tfjs, new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url))));
  return { tf: tfjs, name: 'wasm' };
}

/** An optional dependency, whose addon is fetched at installation and may be absent or broken: any error means no. */
async function loadNative(): Promise<Tf | undefined> {
  try {
    // Its types are those of `tfjs`; naming it here would make it a hard dependency of the type check.
    const name = '@tensorflow/tfjs-node';
    const native = (await import(name)) as Tf & { default?: Tf };
    const tf = native.default ?? native;
    return (await tf.setBackend('tensorflow')) ? tf : undefined;
  } catch {
    return undefined;
  }
}
