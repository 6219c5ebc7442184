/** Micro-benchmarks of the gateway's codec: {@code bench/run jmh}. */
package io.liiklus.bench.jmh;
