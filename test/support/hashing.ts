/** The hashing that tests of the core are given; `node:crypto` is there on both runtimes. */
export { nodeHashing as hashing } from '../../src/node/hashing.ts'
