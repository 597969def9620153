// asc -O3 --noAssert --enable simd,threads,relaxed-simd --runtime stub --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536

// The same with multiplication and addition in one instruction, where the engine has it.
export * from './inverse.as';
