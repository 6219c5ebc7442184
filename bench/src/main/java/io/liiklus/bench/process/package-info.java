/** Processes that are measured, and the kernel's figures about them. */
package io.liiklus.bench.process;
