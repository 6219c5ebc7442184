/**
 * Replies as the bytes that protocol buffers would write, without an object for each record.
 *
 * <pre>
 *   ReplyFormat --&gt; ReplyEncoder --&gt; HeaderFields, EventFields, TimestampField --+
 *                        |                                                      v
 *                        +-----&gt; EncodedBatch, for all readers of a batch   EncodedReply
 *   BatchReplyEncoder, of a PublishBatch ---------------------------------------^
 *   ReplyMarshaller hands an EncodedReply to the transport.
 * </pre>
 */
package io.liiklus.server.grpc.codec.reply;
