/** Results: figures by name, their comparison, and their presentation. */
package io.liiklus.bench.report;
