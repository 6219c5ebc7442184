/** Cases to measure, a class for each kind. */
package io.liiklus.bench.cases;
