/**
 * One SQL database, an embedded file or a server, and the threads that read and write it.
 *
 * <pre>
 *   SqlDatabase          shared by all storages of the process that have its URL
 *    |- Writer           a transaction for all changes that wait; a thread each
 *    |- LockedLogWriter  the same for logs that others have locked, out of the others' way
 *    |- ReadCalls        queries, on threads of their own or on the caller's
 *    |- Connections      SqliteConnections over a locked SqliteFile; PgConnections, a pool
 *    |- LogEnds          ends of logs, and the readers that wait there
 *    +- WriteFaults      what an operator has to mend
 * </pre>
 *
 * <p>An answer comes after the commit, never before. A change that was not begun, or whose
 * transaction was surely not committed, fails as not stored; any other failure leaves open whether
 * it was.
 */
package io.liiklus.storage.sql.database;
