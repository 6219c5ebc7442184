/** What is measured, a class for each kind. */
package io.liiklus.bench.cases;
