/** The processes that are measured, and what the kernel says of them. */
package io.liiklus.bench.process;
