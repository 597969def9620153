import type { KernelConfig, KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from './network.ts';

/**
 * Kernels of the WebAssembly backend of tfjs 4.22 that are missing or slow when gradients are asked
 * for, made anew over its memory. They rest on its internals: where these look different from what
 * is expected, or an answer to a small question is wrong, the stock kernels stay.
 */
export function mendKernels(tf: Tf, module: WebAssembly.Module): void {
  const backend = tf.backend() as unknown as WasmBackend;
  if (installed.has(backend)) return;
  installed.add(backend);
  if (!looksFamiliar(backend)) return;
  const { exports } = new WebAssembly.Instance(module, { env: { memory: backend.wasm.asm.memory } });
  const native = exports as unknown as NativeKernels;
  const stocks: KernelConfig[] = [];
  for (const [name, make] of Object.entries(kernels)) {
    const stock = tf.getKernel(name, 'wasm') as ReturnType<Tf['getKernel']> | undefined;
    const kernelFunc = make(native, stock?.kernelFunc) as unknown as KernelFunc;
    if (stock) {
      tf.unregisterKernel(name, 'wasm');
      stocks.push(stock);
    }
    tf.registerKernel({ ...stock, kernelName: name, backendName: 'wasm', kernelFunc });
  }
  if (answersRight(tf)) return;
  for (const stock of stocks) {
    tf.unregisterKernel(stock.kernelName, 'wasm');
    tf.registerKernel(stock);
  }
}

/** Small questions with known answers, one for each kernel that has a stock one to fall back on. */
function answersRight(tf: Tf): boolean {
  try {
    return tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      const answers = [
        tf.matMul(x, x, true),
        tf.transpose(x.reshape([1, 2, 3, 1]), [0, 2, 1, 3]),
        tf.unstack(x, 1)[1]!,
        tf.slice(x, [0, 1], [2, 2]),
        tf.clone(x),
      ].map((tensor) => tensor.dataSync().join());
      return answers.join('|') === '17,22,27,22,29,36,27,36,45|1,4,2,5,3,6|2,5|2,3,5,6|1,2,3,4,5,6';
    });
  } catch {
    return false;
  }
}

const installed = new WeakSet<object>();

/**
 * Likelihoods of labels under a soft-max over states · tableᵀ + bias, and the gradients of the sum of its
 * cross-entropies by states, table and bias; registered for `wasm` alone.
 */
export const CROSS_ENTROPY = 'CoursebellCrossEntropy';

/** Of `BackendWasm`, what is used here. */
interface WasmBackend {
  wasm: { asm: { memory: WebAssembly.Memory } };
  dataIdMap: { get(id: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  disposeData(id: object): boolean;
  incRef(id: object): void;
}

interface NativeKernels {
  scratchOf(m: number, n: number, k: number): number;
  multiply(
    batch: number,
    a: number,
    b: number,
    c: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposeB: number,
    strideA: number,
    strideB: number,
    scratch: number,
  ): void;
  tiedScratchOf(n: number, d: number): number;
  tiedCrossEntropy(
    states: number,
    table: number,
    bias: number,
    labels: number,
    likelihoods: number,
    byStates: number,
    byTable: number,
    byBias: number,
    rows: number,
    n: number,
    d: number,
    scratch: number,
  ): void;
}

interface Call {
  inputs: NamedTensorInfoMap;
  attrs: Record<string, unknown>;
  backend: WasmBackend;
}
type Kernel = (call: Call) => TensorInfo | TensorInfo[];

function looksFamiliar(backend: WasmBackend): boolean {
  return (
    (backend as Partial<WasmBackend>).wasm?.asm.memory instanceof WebAssembly.Memory &&
    typeof backend.makeOutput === 'function' &&
    typeof backend.typedArrayFromHeap === 'function' &&
    typeof backend.dataIdMap.get === 'function'
  );
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const offsetOf = (backend: WasmBackend, { dataId }: TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;

const kernels: Record<string, (native: NativeKernels, stock: KernelFunc | undefined) => Kernel> = {
  UnsortedSegmentSum:
    () =>
    ({ inputs, backend, attrs }) => {
      const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
      const rows = attrs['numSegments'] as number;
      const width = sizeOf(x.shape.slice(1));
      // Memory that grows leaves earlier views behind: all of it is allocated before any is looked at.
      const out = backend.makeOutput([rows, ...x.shape.slice(1)], x.dtype);
      const [from, to, ids] = [x, out, segmentIds].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      to.fill(0);
      for (let i = 0; i < ids.length; i++) {
        const row = ids[i]!;
        if (row < 0 || row >= rows) continue;
        for (let j = 0; j < width; j++) to[row * width + j]! += from[i * width + j]!;
      }
      return out;
    },

  BatchMatMul:
    (native, stock) =>
    (call): TensorInfo | TensorInfo[] => {
      const { inputs, attrs, backend } = call;
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
      const [batchA, batchB] = [sizeOf(outerA), sizeOf(outerB)];
      const alike = batchA === 1 || batchB === 1 || outerA.join() === outerB.join();
      if (a.dtype !== 'float32' || b.dtype !== 'float32' || !alike) return stock!(call as never);
      const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
      const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
      const m = transposeA ? columnsA : rowsA;
      const k = transposeA ? rowsA : columnsA;
      const n = transposeB ? rowsB : columnsB;
      const out = backend.makeOutput([...(batchA >= batchB ? outerA : outerB), m, n], 'float32');
      const scratch = backend.makeOutput([native.scratchOf(m, n, k)], 'float32');
      native.multiply(
        Math.max(batchA, batchB),
        offsetOf(backend, a),
        offsetOf(backend, b),
        offsetOf(backend, out),
        m,
        n,
        k,
        transposeA ? 1 : 0,
        transposeB ? 1 : 0,
        batchA === 1 ? 0 : m * k,
        batchB === 1 ? 0 : k * n,
        offsetOf(backend, scratch),
      );
      backend.disposeData(scratch.dataId);
      return out;
    },

  /** By reference: the stock kernel copies. */
  Identity:
    (_, stock) =>
    (call): TensorInfo | TensorInfo[] => {
      const { x } = call.inputs as { x: TensorInfo };
      if (x.dtype === 'string') return stock!(call as never);
      call.backend.incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },

  [CROSS_ENTROPY]:
    (native) =>
    ({ inputs, backend }) => {
      const { states, table, bias, labels } = inputs as Record<'states' | 'table' | 'bias' | 'labels', TensorInfo>;
      const [rows, d] = states.shape as [number, number];
      const n = table.shape[0]!;
      const likelihoods = backend.makeOutput([rows], 'float32');
      const gradients = [states, table, bias].map(({ shape }) => backend.makeOutput(shape, 'float32'));
      const scratch = backend.makeOutput([native.tiedScratchOf(n, d)], 'float32');
      const at = (tensor: TensorInfo) => offsetOf(backend, tensor);
      const [byStates, byTable, byBias] = gradients.map(at) as [number, number, number];
      native.tiedCrossEntropy(
        at(states),
        at(table),
        at(bias),
        at(labels),
        at(likelihoods),
        byStates,
        byTable,
        byBias,
        rows,
        n,
        d,
        at(scratch),
      );
      backend.disposeData(scratch.dataId);
      return [likelihoods, ...gradients];
    },

  Unpack:
    (_, stock) =>
    (call): TensorInfo | TensorInfo[] => {
      const { value } = call.inputs as { value: TensorInfo };
      if (value.dtype === 'string') return stock!(call as never);
      const axis = ((call.attrs['axis'] as number) + value.shape.length) % value.shape.length;
      const parts = value.shape[axis]!;
      const shape = [...value.shape.slice(0, axis), ...value.shape.slice(axis + 1)];
      const outer = sizeOf(value.shape.slice(0, axis));
      const inner = sizeOf(value.shape.slice(axis + 1));
      const out = Array.from({ length: parts }, () => call.backend.makeOutput(shape, value.dtype));
      const from = call.backend.typedArrayFromHeap(value);
      out.forEach((part, at) => {
        const to = call.backend.typedArrayFromHeap(part);
        for (let line = 0; line < outer; line++) {
          const start = (line * parts + at) * inner;
          to.set(from.subarray(start, start + inner), line * inner);
        }
      });
      return out;
    },

  /** Of two dimensions: by whole lines. */
  Slice:
    (_, stock) =>
    (call): TensorInfo | TensorInfo[] => {
      const { x } = call.inputs as { x: TensorInfo };
      const { begin, size } = call.attrs as { begin: number | number[]; size: number | number[] };
      if (x.dtype === 'string' || x.shape.length !== 2 || !Array.isArray(begin) || !Array.isArray(size)) {
        return stock!(call as never);
      }
      const [row, column] = [begin[0] ?? 0, begin[1] ?? 0];
      const [height, width] = x.shape as [number, number];
      const rows = (size[0] ?? -1) < 0 ? height - row : size[0]!;
      const columns = (size[1] ?? -1) < 0 ? width - column : size[1]!;
      const out = call.backend.makeOutput([rows, columns], x.dtype);
      const [from, to] = [call.backend.typedArrayFromHeap(x), call.backend.typedArrayFromHeap(out)];
      for (let line = 0; line < rows; line++) {
        const start = (row + line) * width + column;
        to.set(from.subarray(start, start + columns), line * columns);
      }
      return out;
    },

  /** Of the two middle dimensions of four, as heads of attention need it. */
  Transpose:
    (_, stock) =>
    (call): TensorInfo | TensorInfo[] => {
      const { x } = call.inputs as { x: TensorInfo };
      if (x.dtype === 'string' || (call.attrs['perm'] as number[]).join() !== '0,2,1,3') return stock!(call as never);
      const [batch, rows, columns, inner] = x.shape as [number, number, number, number];
      const out = call.backend.makeOutput([batch, columns, rows, inner], x.dtype);
      const [from, to] = [call.backend.typedArrayFromHeap(x), call.backend.typedArrayFromHeap(out)];
      let at = 0;
      for (let b = 0; b < batch; b++) {
        for (let column = 0; column < columns; column++) {
          for (let row = 0; row < rows; row++) {
            const start = ((b * rows + row) * columns + column) * inner;
            for (let i = 0; i < inner; i++) to[at++] = from[start + i]!;
          }
        }
      }
      return out;
    },
};
