/** What was measured: figures by name, their comparison, and how they are told. */
package io.liiklus.bench.report;
