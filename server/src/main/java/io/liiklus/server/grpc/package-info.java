/**
 * The port that clients see: the server, and the training calls for a class archive.
 *
 * <pre>
 *   GrpcServer ---&gt; transport    connections: HTTP/2 windows, errors, counts
 *        |                ^
 *        +--------&gt; limits        bytes of unfinished requests, reads that wait
 *        |            ^   |
 *        +--------&gt; auth          credentials of calls, and who their caller is
 *        |            ^
 *        +--------&gt; calls -----&gt; publish     lanes to the records storage, answers to publishes
 *        |            |              |
 *        +--------&gt; codec &lt;----------+       requests, replies, events, statuses
 * </pre>
 *
 * auth, limits and publish see codec, the last two transport too; transport and codec see none of
 * the others.
 */
package io.liiklus.server.grpc;
