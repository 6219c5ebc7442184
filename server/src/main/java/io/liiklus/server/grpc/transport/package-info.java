/**
 * Connections of clients, below the calls on them: HTTP/2's flow-control window and errors of each
 * connection, counts of connections and of ended calls.
 *
 * <pre>
 *   TransportNegotiator --&gt; Connections, ConnectionErrors
 *          ^    |
 *          |    v
 *     ConnectionWindow     of one connection
 *
 *   CallCounter, TransportLogFilter     apart
 * </pre>
 */
package io.liiklus.server.grpc.transport;
