/**
 * Connections of clients, below the calls on them: TLS by files that may change, HTTP/2's
 * flow-control window and errors of each connection, counts of connections and of ended calls.
 *
 * <pre>
 *   TransportNegotiator --&gt; ConnectionWindow, ConnectionErrors
 *   TlsReload --&gt; TlsFiles --&gt; TlsContents --&gt; ReloadingSslContext
 * </pre>
 */
package io.liiklus.server.grpc.transport;
