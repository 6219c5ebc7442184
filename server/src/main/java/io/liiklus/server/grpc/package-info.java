/**
 * The port that clients see: the server, and the training calls for a class archive.
 *
 * <pre>
 *   package     has                                                       sees
 *   (this)      the port, and what sees every call on it                  all but codec
 *   calls       calls, from their binding to their end                    all below but transport
 *   quota       quotas of the principals of a connection                  auth, codec
 *   auth        credentials of calls, and their caller                    codec
 *   publish     lanes to the records storage, answers to publishes        codec, transport
 *   consume     consuming in one call: its partitions and their acks      pump, codec
 *   pump        records of a partition, as fast as they are taken         codec
 *   limits      bytes of unfinished requests, reads that wait             codec, transport
 *   codec       requests, replies, events, statuses                       none
 *   transport   connections: HTTP/2 windows, errors, counts               none
 * </pre>
 */
package io.liiklus.server.grpc;
