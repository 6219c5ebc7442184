/**
 * Bounds on the work of clients beyond those that gRPC has itself.
 *
 * <pre>
 *   InboundMemoryLimiter &lt;--&gt; ConnectionRequests, one a connection &lt;--&gt; InboundRequest, one a call
 *   ReadLimiter               reads of positions and end offsets that wait for a storage
 *   RequestSizes              settings of the sizes of requests
 * </pre>
 */
package io.liiklus.server.grpc.limits;
