/**
 * Requests, parsed in the transport's memory where they can be, and checked field by field.
 *
 * <pre>
 *   RequestMarshaller --+--&gt; Request          a request, as it came
 *                       +--&gt; RequestScan      its bytes, before protobuf parses them
 *                       +--&gt; PublishParser    publishes, which are parsed without protobuf
 *                                  |
 *                             WireReader
 *
 *   PublishDecoder --+--&gt; FieldBytes          the record to store of a publish
 *                    +--&gt; RequestNames        names and numbers of all requests
 * </pre>
 */
package io.liiklus.server.grpc.codec.request;
