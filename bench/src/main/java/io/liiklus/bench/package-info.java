/**
 * Measures the gateway beside bare Kafka clients that do the same work in the same run.
 *
 * <pre>
 * Bench -> Case -> Lab -> broker, Redis, gateway   processes, one after the other
 *                     +-> worker                   the client: bare, or the gateway's
 * </pre>
 */
package io.liiklus.bench;
