/**
 * What operators see, over HTTP: {@code /health}, {@code /health/live} and {@code /prometheus}. On
 * a thread of its own, away from the event loops.
 */
package io.liiklus.server.ops;
