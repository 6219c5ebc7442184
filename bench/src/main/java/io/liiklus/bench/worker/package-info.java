/**
 * Clients that are measured, each in a process of its own: {@code Worker} does one work order and
 * prints its figures as one line of JSON.
 */
package io.liiklus.bench.worker;
