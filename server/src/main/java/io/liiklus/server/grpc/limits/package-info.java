/**
 * Bounds on the work of clients beyond those that gRPC has itself.
 *
 * <pre>
 *   InboundMemoryLimiter --&gt; ConnectionRequests, one a connection --&gt; InboundRequest, one a call
 *   ReadLimiter              reads of positions and end offsets that wait for a storage
 * </pre>
 */
package io.liiklus.server.grpc.limits;
