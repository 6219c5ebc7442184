/**
 * Requests, parsed in the transport's memory where they can be, and checked field by field.
 *
 * <pre>
 *   RequestMarshaller --&gt; PublishParser --&gt; WireReader
 *         |                                              PublishDecoder --&gt; FieldBytes
 *         +--&gt; Request                                         |
 *                                                         RequestNames
 * </pre>
 */
package io.liiklus.server.grpc.codec.request;
