/**
 * Positions in Apache Cassandra.
 *
 * <pre>
 *   CassandraPositionsStorage    the port: a bound on calls, failures in the port's words
 *     CassandraConnector         connects in the background, until it has a session
 *       SessionFactory           the driver's session, by the settings
 *       KeyspaceTables           finds or makes keyspace and tables
 *     PositionUpdate             the requests of one write; the next ones of a group collect
 *       WriteClock               write times that rise, whatever the clocks say
 *     PositionReader             reads pages
 *     CassandraCoordinationStore rows changed by lightweight transactions
 * </pre>
 *
 * <p>Cassandra keeps the value with the highest write time, which the writer brings. A gateway
 * whose clock is ahead would make later writes of all others vanish, answered with OK. So a write
 * reads the times of what it replaces first and brings a higher one.
 */
package io.liiklus.positions.cassandra;
