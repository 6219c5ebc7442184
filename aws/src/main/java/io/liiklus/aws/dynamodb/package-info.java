/**
 * Positions in DynamoDB, in the table of the original liiklus.
 *
 * <pre>
 *   positionsTable   hash "topic" S, range "groupId" S: &lt;name&gt;, or &lt;name&gt;-v&lt;version&gt;
 *                    "positions" M: partition -> offset N, both as decimal text
 *   groupsTable      hash "key" S; "v" N version, "d" B value: a row of the coordination store
 * </pre>
 *
 * <pre>
 *   DynamoPositionsStorage   the port
 *   PositionUpdate           the requests of one write; the next ones of an item wait and collect
 *   PositionsReader          items as positions of group versions
 *   DynamoCoordinationStore  rows that gateways share, for records storages that know no groups
 *   DynamoCalls              bounds the calls of a table, and maps their failures
 *   DynamoTable              a table, created where that is asked for
 *   DynamoAccess             region, credentials and the SDK's client, found on a thread of its own
 * </pre>
 *
 * The SDK finds region and credentials by calls that block, for seconds where a machine's metadata
 * are asked; so it does that on the thread of {@code DynamoAccess} alone, and its client gets
 * credentials that are there.
 */
package io.liiklus.aws.dynamodb;
