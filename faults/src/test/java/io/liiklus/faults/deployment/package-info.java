/**
 * Targets of the faults: gateways as processes of their own, started by the start script with the
 * jar that was built, in front of three brokers and a Redis behind a relay, or of a PostgreSQL.
 *
 * <pre>
 *   Deployment ---- KafkaCluster, RedisServer, TcpRelay   (module testing)
 *       |           or PostgresPair: a primary and its standby
 *       |
 *       +---------- Gateway, of which there are two
 *                      GatewayLog      what it says; nothing that a fault does not excuse
 *                      Footprint       its threads, connections and buffers
 * </pre>
 */
package io.liiklus.faults.deployment;
