/**
 * The process.
 *
 * <pre>
 *   LiiklusServer      builds every part, once, and takes them down in reverse
 *     settings         where every value comes from, and what is refused
 *     plugins          finds the storages by their type
 *     session          subscriptions, assignments and acks, in terms of the storage ports
 *     grpc             the port that clients see; codec: its messages in the ports' terms
 *     ops              /health and /prometheus
 *     runtime          event loops, the rate limit of warnings
 * </pre>
 */
package io.liiklus.server;
